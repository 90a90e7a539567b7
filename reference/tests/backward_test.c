/* Backward passes against values computed by hand, with the terms and sums of each gradient.
 * gradient_test.c checks that the values are the derivatives of the forward pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>

#include "reference/tests/hand.h"

/* The statistics of x, with an epsilon of 3, are a mean of 0 and an inverse_std of 1/2, so that x^
 * is -1/2 and 1/2. So sum(dy) is 6, and sum(dy x^) is -2, with absolute values 3. */
static const float x[2] = {-1, 1};
static const float dy[2] = {5, 1};
static float zero[3] = {0, 0, 0}, half[3] = {0.5f, 0.5f, 0.5f};

/* With a mean of 0 and an inverse_std of 1/2 as constants, x^ is -1 and 2. So sum(dy x^) is -3,
 * with absolute values 7. */
static const float fixed[2] = {-2, 4};

#define EXPECT_GRADIENT(gradient, value_, terms_, sums_)                                           \
    do {                                                                                           \
        EXPECT((gradient).value, value_);                                                          \
        EXPECT((gradient).terms, terms_);                                                          \
        EXPECT((gradient).sums, sums_);                                                            \
    } while (0)

Test(backward, instance_norm) {
    hand_run("in:1x1x2:pass=bwd,eps=3",
             (struct norma_args){
                 .x = x, .dy = dy, .gamma = (float[]){2}, .mean = zero, .inverse_std = half});
    EXPECT(hand.dx.value, 5 - 3 - 0.5, 1 - 3 + 0.5);
    EXPECT(hand.dx.terms, 5 + 3 + 0.5, 1 + 3 + 0.5);
    EXPECT(hand.dx.sums, 3 + 0.75, 3 + 0.75);
    EXPECT(hand.dx.scatter, (sqrt(26) + 0.5 * sqrt(6.5)) / 2, (sqrt(26) + 0.5 * sqrt(6.5)) / 2);
    EXPECT(hand.dx.rounded, 5 + 3 + 3 * 0.5, 1 + 3 + 3 * 0.5);
    EXPECT(hand.dx.lost, 0, 0);
    EXPECT_GRADIENT(hand.dbeta, 6, 6, 6);
    EXPECT_GRADIENT(hand.dgamma, -2, 2, 3);
    EXPECT(hand.dbeta.rounded, 0);
    EXPECT(hand.dgamma.rounded, 2);
    EXPECT(hand.dgamma.scatter, sqrt(6.5));
    EXPECT_CONDITION(hand.conditions[0][0], 0.5, 0, 2, 2);
}

Test(backward, batch_norm) {
    hand_run("bn:2x1x1:pass=bwd,eps=3",
             (struct norma_args){
                 .x = x, .dy = dy, .gamma = (float[]){2}, .mean = zero, .inverse_std = half});
    EXPECT(hand.dx.value, 1.5, -1.5);
    EXPECT(hand.dx.terms, 8.5, 4.5);
    EXPECT(hand.dx.sums, 3.75, 3.75);
    EXPECT_GRADIENT(hand.dbeta, 6, 6, 6);
    EXPECT_GRADIENT(hand.dgamma, -2, 2, 3);
}

/* x has a mean of 1 and, with an epsilon of 3, an inverse_std of 1/2; x^ is as above. The mean is
 * half a deviation, so that a part e of it moves x^ by e/2, and sum(dy x^) by 3 e. */
Test(backward, of_a_mean_that_is_rounded) {
    hand_run(
        "in:1x1x2:pass=bwd,eps=3",
        (struct norma_args){.x = (float[]){0, 2}, .dy = dy, .mean = half, .inverse_std = half});
    EXPECT(hand.dx.value, 0.75, -0.75);
    EXPECT(hand.dgamma.rounded, 2 + 3);
    EXPECT(hand.dx.rounded, 0.5 * (5 + 3 + 2 * 0.5 + 0.5 + 0.5 * 2.5),
           0.5 * (1 + 3 + 2 * 0.5 + 0.5 + 0.5 * 2.5));
    EXPECT(hand.dx.lost, 0, 0);
}

/* A mean of 16 deviations counts as lost, and what remains of it as rounded. */
Test(backward, of_a_mean_that_is_large) {
    const double rest = REFERENCE_RECOVERED;
    hand_run(
        "in:1x1x2:pass=bwd,eps=3",
        (struct norma_args){.x = (float[]){31, 33}, .dy = dy, .mean = half, .inverse_std = half});
    EXPECT(hand.dx.value, 0.75, -0.75);
    EXPECT(hand.dgamma.rounded, 2 + 6 * rest);
    EXPECT(hand.dgamma.lost, 16 * 6);
    EXPECT(hand.dgamma.shared, 3);
    EXPECT(hand.dbeta.shared, 0);
    EXPECT(hand.dx.lost, 0.5 * (16 * 1.5 + 0.5 * 16 * 3), 0.5 * (16 * 1.5 + 0.5 * 16 * 3));
    EXPECT_CONDITION(hand.conditions[0][0], 0.25, 32, 2, 2);
}

/* ---- values computed with 60 digits ------------------------------------------------------- */

static void expect_all(const double *got, const double *expected, int count, double tolerance) {
    for (int i = 0; i < count; i++) {
        cr_expect(fabs(got[i] - expected[i]) <= tolerance * fabs(expected[i]),
                  "[%d] is %.17g, should be %.17g", i, got[i], expected[i]);
    }
}

#define EXPECT_WITHIN(tolerance, values, ...) expect_all(values, HAND_LIST(__VA_ARGS__), tolerance)

static const float four_dy[4] = {1, -2, 0.5f, 3};

Test(backward, of_a_mean_of_ten_thousand_deviations) {
    hand_run("in:1x1x4:pass=bwd",
             (struct norma_args){.x = (float[]){10000.1f, 10000.5f, 10001, 10003.3f},
                                 .dy = four_dy,
                                 .mean = (float[]){10001.225f},
                                 .inverse_std = (float[]){0.806634691f}});
    EXPECT_WITHIN(1e-11, hand.dx.value, 1.2528597623120217, -1.5052108702772444,
                  0.089080054996296662, 0.16327105296892611);
    EXPECT_WITHIN(1e-11, hand.dgamma.value, 5.1922184915552076);
}

Test(backward, of_a_mean_of_two_million_deviations) {
    hand_run("in:1x1x5:pass=bwd",
             (struct norma_args){
                 .x = (float[]){1e6f, 1e6f + 0.25f, 1e6f + 0.5f, 1e6f + 1.5f, 1e6f + 0.125f},
                 .dy = (float[]){1, -2, 0.5f, 3, -1},
                 .mean = (float[]){1e6f + 0.475f},
                 .inverse_std = (float[]){1.85692137f}});
    EXPECT_WITHIN(1e-9, hand.dx.value, 3.3756033625478672, -3.2876651602691402, 0.26213383079874397,
                  0.53441954886361009, -0.88449158194108113);
    EXPECT_WITHIN(1e-9, hand.dgamma.value, 6.3367441620240355);
}

Test(backward, of_huge_data) {
    hand_run("in:1x1x4:pass=bwd", (struct norma_args){.x = (float[]){1e22f, -2e22f, 3e22f, 0.5e22f},
                                                      .dy = four_dy,
                                                      .mean = (float[]){6.25e21f},
                                                      .inverse_std = (float[]){5.6148994e-23f}});
    EXPECT_WITHIN(1e-13, hand.dx.value, 1.0372351062726562e-23, -7.2606457439085929e-23,
                  -7.4680927651631249e-23, 1.3691503402799062e-22);
    EXPECT_WITHIN(1e-13, hand.dgamma.value, 3.6145913926695217);
}

/* A subnormal mean, here half of the largest one, is off by as much as the largest. */
Test(backward, of_a_mean_that_is_subnormal) {
    hand_run("in:1x1x2:pass=bwd,eps=0.25",
             (struct norma_args){
                 .x = (float[]){0, 0x1p-126f}, .dy = dy, .mean = half, .inverse_std = half});
    EXPECT_WITHIN(1e-14, hand.dgamma.value, 2 * -0x1p-125);
    EXPECT_WITHIN(1e-14, hand.dgamma.rounded, 2 * 0x1p-125 + 6 * 0x1p-125);
}

/* A statistic that is no number reaches what depends on it. */
Test(backward, of_statistics_that_are_no_numbers) {
    float none[1] = {NAN};
    hand_run("in:1x1x2:pass=bwd,eps=3",
             (struct norma_args){.x = x, .dy = dy, .mean = none, .inverse_std = half});
    EXPECT(hand.dx.value, NAN, NAN);
    EXPECT(hand.dgamma.value, NAN);
    EXPECT(hand.dbeta.value, 6);
}

/* ---- the other operators ------------------------------------------------------------------ */

Test(backward, batch_norm_inference) {
    hand_run("bn:2x1x1:pass=inf_bwd,eps=1", (struct norma_args){.x = fixed,
                                                                .dy = dy,
                                                                .gamma = (float[]){-2},
                                                                .running_mean = zero,
                                                                .running_variance = (float[]){3}});
    EXPECT(hand.dx.value, -5, -1);
    EXPECT(hand.dx.terms, 5, 1);
    EXPECT(hand.dx.sums, 0, 0);
    EXPECT(hand.dx.rounded, 0, 0);
    EXPECT_GRADIENT(hand.dgamma, -3, 3, 7);
}

Test(backward, conditional_instance_norm) {
    hand_run("cin:2x1x2:styles=3,pass=bwd,eps=3",
             (struct norma_args){.x = (float[]){-1, 1, -1, 1},
                                 .dy = (float[]){5, 1, 1, 0},
                                 .gamma = (float[]){9, 2, 9},
                                 .style_index = (int32_t[]){1, 1},
                                 .mean = zero,
                                 .inverse_std = half});
    EXPECT(hand.dx.value, 1.5, -1.5);
    EXPECT(hand.dbeta.value, 0, 7, 0);
    EXPECT(hand.dgamma.value, 0, -2.5, 0);
    EXPECT(hand.dgamma.sums, 0, 3.5, 0);
}

Test(backward, layer_and_group_norm) {
    static const char *const problems[] = {"ln:1x2x1:pass=bwd,eps=3",
                                           "gn:1x2x1:g=1,pass=bwd,eps=3"};
    for (int i = 0; i < 2; i++) {
        hand_run(
            problems[i],
            (struct norma_args){
                .x = x, .dy = dy, .gamma = (float[]){2, 4}, .mean = zero, .inverse_std = half});
        /* h is 10 and 4, so that sum(h) is 14 and sum(h x^) is -3, with absolute values 7. */
        EXPECT(hand.dx.value, 0.5 * (10 - 7 - 0.75), 0.5 * (4 - 7 + 0.75));
        EXPECT(hand.dx.terms, 0.5 * (10 + 7 + 0.75), 0.5 * (4 + 7 + 0.75));
        EXPECT(hand.dx.sums, 0.5 * (7 + 1.75), 0.5 * (7 + 1.75));
        EXPECT(hand.dbeta.value, 5, 1);
        EXPECT(hand.dgamma.value, -2.5, 0.5);
    }
}

Test(backward, root_mean_square_norm) {
    hand_run("rms:1x2x1:pass=bwd,eps=3",
             (struct norma_args){.x = x, .dy = dy, .gamma = (float[]){2, 4}, .inverse_std = half});
    EXPECT(hand.dx.value, 0.5 * (10 - 0.75), 0.5 * (4 + 0.75));
    EXPECT(hand.dx.terms, 0.5 * (10 + 0.75), 0.5 * (4 + 0.75));
    EXPECT(hand.dx.sums, 0.5 * 1.75, 0.5 * 1.75);
    /* r is in x^ and outside of it, and in the sums of both planes, -5/2 and 1/2 of dy x^ times
     * gamma. */
    EXPECT(hand.dx.rounded, 0.5 * (10 + 2 * 0.75 + 1.75), 0.5 * (4 + 2 * 0.75 + 1.75));
    EXPECT(hand.dgamma.value, -2.5, 0.5);
    EXPECT(hand.dbeta.value, NAN);
}

/* With an epsilon of 8, the batch's inverse_std is 1/5, and those of the instances are 1/3. So x^B
 * is -1, -0.6, 0.6, 1, and x^I is -1/3 and 1/3 in each. */
Test(backward, batch_instance_norm) {
    hand_run("bin:2x1x2:pass=bwd,eps=8", (struct norma_args){.x = (float[]){-5, -3, 3, 5},
                                                             .dy = (float[]){5, 1, 2, 4},
                                                             .rho = (float[]){0.25f},
                                                             .gamma = (float[]){-2},
                                                             .mean = zero,
                                                             .inverse_std = half,
                                                             .instance_mean = zero,
                                                             .instance_inverse_std = half});
    /* sum(dy x^B) is -0.4, with absolute values 10.8, and sum(dy x^I) is -4/3 and 2/3, with
     * absolute values 2 and 2. The mean of dy is 3 in the batch and in both instances. */
    EXPECT(hand.dx.value, -0.1 * (2 - 0.1) - 0.5 * (2 - 2.0 / 9),
           -0.1 * (-2 - 0.06) - 0.5 * (-2 + 2.0 / 9), -0.1 * (-1 + 0.06) - 0.5 * (-1 + 1.0 / 9),
           -0.1 * (1 + 0.1) - 0.5 * (1 - 1.0 / 9));
    EXPECT(hand.dx.terms, 0.1 * 8.1 + 0.5 * (8 + 2.0 / 9), 0.1 * 4.06 + 0.5 * (4 + 2.0 / 9),
           0.1 * 5.06 + 0.5 * (5 + 1.0 / 9), 0.1 * 7.1 + 0.5 * (7 + 1.0 / 9));
    EXPECT(hand.dx.sums, 0.1 * (3 + 2.7) + 0.5 * (3 + 1.0 / 3),
           0.1 * (3 + 1.62) + 0.5 * (3 + 1.0 / 3), 0.1 * (3 + 1.62) + 0.5 * (3 + 1.0 / 3),
           0.1 * (3 + 2.7) + 0.5 * (3 + 1.0 / 3));
    EXPECT_GRADIENT(hand.dgamma, -0.1 - 0.5, 0.1 + 0.5, 2.7 + 3);
    EXPECT_GRADIENT(hand.dbeta, 12, 12, 12);
    EXPECT_GRADIENT(hand.drho, -2 * (-0.4 + 2.0 / 3), 2 * (0.4 + 2.0 / 3), 2 * (10.8 + 4));
    EXPECT_CONDITION(hand.conditions[0][0], 0.5 * 0.1 / 25, 0, 5, 4);
    EXPECT_CONDITION(hand.conditions[1][1], 1.5 / 9 / 3, 4, 3, 2);
}

Test(backward, adaptive_instance_norm) {
    hand_run("adain:1x1x2:alpha=0.5,style=stats,pass=bwd,eps=3",
             (struct norma_args){.x = x,
                                 .dy = dy,
                                 .mean = zero,
                                 .inverse_std = half,
                                 .style_mean = (float[]){3},
                                 .style_std = (float[]){2}});
    EXPECT(hand.dx.value, 2.5 + 0.75, 0.5 - 0.75);
    EXPECT(hand.dx.terms, 2.5 + 4.25, 0.5 + 2.25);
    EXPECT(hand.dx.sums, 1.875, 1.875);
    EXPECT_GRADIENT(hand.dstyle_mean, 3, 3, 3);
    EXPECT_GRADIENT(hand.dstyle_std, -1, 1, 1.5);
}

Test(backward, adaptive_instance_norm_of_mixed_styles) {
    hand_run("adain:1x1x2:styles=2,style=stats,pass=bwd,eps=3",
             (struct norma_args){.x = x,
                                 .dy = dy,
                                 .mean = zero,
                                 .inverse_std = half,
                                 .style_mean = (float[]){3, 4},
                                 .style_std = (float[]){2, 4},
                                 .style_weights = (float[]){2, -1}});
    /* The two scales, 2 * 2 and -1 * 4, cancel, but not as terms. */
    EXPECT(hand.dx.value, 0, 0);
    EXPECT(hand.dx.terms, 4 * 8.5, 4 * 4.5);
    EXPECT(hand.dx.sums, 4 * 3.75, 4 * 3.75);
    EXPECT(hand.dstyle_mean.value, 12, -6);
    EXPECT(hand.dstyle_std.value, -4, 2);
}

static void run_style(const char *text, const float style[2]) {
    hand_run(text, (struct norma_args){.x = x,
                                       .dy = dy,
                                       .mean = zero,
                                       .inverse_std = half,
                                       .style = style,
                                       .style_mean = zero,
                                       .style_std = half});
}

/* The style's mean is 3, and its deviation 2, or the root of 2 if unbiased. */
Test(backward, of_a_style_tensor) {
    const float style[2] = {2, 4}, constant[2] = {3, 3};
    run_style("adain:1x1x2:alpha=0.5,pass=bwd,eps=3", style);
    EXPECT(hand.dstyle.value, 1.5 + 0.25, 1.5 - 0.25);
    EXPECT(hand.dstyle.terms, 1.5 + 0.25, 1.5 + 0.25);
    EXPECT(hand.dstyle.sums, 1.5 + 0.375, 1.5 + 0.375);
    /* The mean is 3/2 deviations, and x^ of the style is -1/2 and 1/2. */
    EXPECT(hand.dstyle.rounded, 0.5 * (0.5 + 1.5 + 0.5), 0.5 * (0.5 + 1.5 + 0.5));
    run_style("adain:1x1x2:alpha=0.5,std=unbiased,pass=bwd,eps=3", style);
    EXPECT(hand.dstyle.value, 1.5 + sqrt(0.5), 1.5 - sqrt(0.5));
    run_style("adain:1x1x2:alpha=0.5,std=unbiased,pass=bwd,eps=3", constant);
    EXPECT(hand.dstyle.value, 1.5, 1.5);
    EXPECT(hand.dstyle.terms, 1.5, 1.5);
}

Test(backward, of_a_region_without_a_position_is_zero) {
    const struct norma_args args = {.x = x,
                                    .dy = dy,
                                    .labels = (uint8_t[]){1, 1},
                                    .mean = zero,
                                    .inverse_std = half,
                                    .style = (float[]){1, 2, 2, 4},
                                    .style_mean = (float[]){1, 3},
                                    .style_std = (float[]){1, 2}};
    hand_run("adain:1x1x2:regions=2,style=2,pass=bwd,eps=3", args);
    EXPECT(hand.dx.value, 1.5, -1.5);
    EXPECT(hand.dstyle.value, 0, 0, 3 + 0.5, 3 - 0.5);
    EXPECT_CONDITION(hand.conditions[0][0], 0, 0, 0, 0);
    hand_run("adain:1x1x2:regions=2,style=stats,pass=bwd,eps=3", args);
    EXPECT(hand.dx.value, 1.5, -1.5);
    EXPECT(hand.dstyle_mean.value, 0, 6);
    EXPECT(hand.dstyle_std.value, 0, -2);
}

Test(backward, of_a_swapped_style) {
    /* Sample 2 alone has a gradient. Its style is sample 0, which gets 3/2 - (x - 3) / 4. */
    hand_run("adain:3x1x2:style=swap,alpha=0.5,pass=bwd,eps=3",
             (struct norma_args){.x = (float[]){2, 4, 7, 8, -1, 1},
                                 .dy = (float[]){0, 0, 0, 0, 5, 1},
                                 .permutation = (int32_t[]){1, 2, 0},
                                 .mean = zero,
                                 .inverse_std = half,
                                 .style_mean = zero,
                                 .style_std = half});
    EXPECT(hand.dx.value, 1.5 + 0.25, 1.5 - 0.25, 0, 0, 3.25, -0.25);
    EXPECT(hand.dx.sums, 1.5 + 0.375, 1.5 + 0.375, 0, 0, 1.875, 1.875);
}

Test(backward, unitization_in_practice) {
    hand_run("unit:1x1x2:alpha=0.5,pass=bwd,eps=2",
             (struct norma_args){.x = x, .dy = dy, .inverse_std = half});
    /* T is -2, with absolute values 3; r^3 is 1/8. */
    EXPECT(hand.dx.value, 0.75 * 5 - 0.25, 0.75 + 0.25);
    EXPECT(hand.dx.terms, 0.75 * 5 + 0.25, 0.75 + 0.25);
    EXPECT(hand.dx.sums, 0.375, 0.375);
    EXPECT(hand.dx.rounded, 0.25 * 5 + 3 * 0.25, 0.25 + 3 * 0.25);
    EXPECT_GRADIENT(hand.dalpha, -2 + 4, 2 + 4, 3 + 6);
    EXPECT(hand.dalpha.rounded, 2);
    EXPECT(hand.dalpha.scatter, 0.5 * sqrt(26) + sqrt(26));
    EXPECT(hand.dalpha.shared, 0);
    hand_run(
        "unit:1x2x1:pass=bwd,eps=2",
        (struct norma_args){.x = x, .dy = dy, .inverse_std = half, .alpha = (float[]){0.5f, 3}});
    EXPECT(hand.dalpha.value, 2.5, -0.5);
    EXPECT(hand.dx.terms, 0.75 * 5 + 0.0625, 1.5 + 2 + 0.0625); /* T = -2.5 + 3 */
}

Test(backward, unitization_by_division) {
    const struct norma_args args = {.x = (float[]){3, 4}, .dy = dy, .inverse_std = half};
    hand_run("unit:1x1x2:form=scalar,alpha=1,pass=bwd", args);
    /* q = 5 and w = 1/5, so that T is 19/25. A part e of q moves w by -e/5, and T by -2 e T. */
    EXPECT(hand.dx.value, 1 - 0.456, 0.2 - 0.608);
    EXPECT(hand.dx.terms, 1 + 0.456, 0.2 + 0.608);
    EXPECT(hand.dx.sums, 0.456, 0.608);
    EXPECT(hand.dx.rounded, 1 + 3 * 0.456, 0.2 + 3 * 0.608);
    EXPECT_GRADIENT(hand.dalpha, 0.76 - 3.8, 0.76 + 3.8, 0.76 + 3.8);
    EXPECT(hand.dalpha.rounded, 0.76 * 3);
    hand_run("unit:1x1x2:form=vanilla,pass=bwd", args);
    EXPECT(hand.dx.value, 1 - 0.456, 0.2 - 0.608);
}

Test(backward, unitization_of_zero) {
    static const float zeros[2] = {0, 0};
    float infinite[1] = {INFINITY};
    const struct norma_args args = {
        .x = zeros, .dy = dy, .inverse_std = infinite, .alpha = (float[]){0.5f, 1}};
    hand_run("unit:1x2x1:form=vanilla,pass=bwd", args);
    EXPECT(hand.dx.value, 0, 0);
    hand_run("unit:1x2x1:form=scalar,alpha=0.75,pass=bwd", args);
    EXPECT(hand.dx.value, 20, 4);
    EXPECT_GRADIENT(hand.dalpha, 0, 0, 0);
    hand_run("unit:1x2x1:form=vector,pass=bwd", args);
    EXPECT(hand.dx.value, 10, 0);
    EXPECT(hand.dalpha.value, 0, 0);
}

Test(backward, unitization_as_a_layer) {
    hand_run("unit:1x1x1:form=layer,alpha=0.5,k=0.3333333333333333,eps=1,pass=inf_bwd",
             (struct norma_args){.x = (float[]){2},
                                 .dy = (float[]){4},
                                 .gamma = (float[]){2},
                                 .running_mean = zero,
                                 .running_variance = (float[]){3}});
    /* z = 1, q = 3, u = 1/2, H = 4, v = 3/2. u is off by u^3 q / 2 = 3/16 of q's error, v by
     * 3 (u^3 + 3 u^2 3/16) H. */
    EXPECT_GRADIENT(hand.dx, 0.5 * (2 + 4 - 1.5), 0.5 * (2 + 4 + 1.5), 0.5 * (0.75 + 3.1875));
    EXPECT_GRADIENT(hand.dbeta, 4, 4, 4);
    EXPECT_GRADIENT(hand.dgamma, 0.5 * 2 + 0.5 * 4, 3, 0.5 * 2.75 + 0.5 * 4);
    EXPECT_GRADIENT(hand.dalpha, 2 * 2 - 2 * 4, 2 * 2 + 2 * 4, 2 * 2.75 + 2 * 4);
    hand_run("unit:1x1x2:form=layer,alpha=0.5,k=0.25,eps=3,pass=bwd",
             (struct norma_args){
                 .x = x, .dy = dy, .gamma = (float[]){2}, .mean = zero, .inverse_std = half});
    /* z is x^, q = 1, u = 1/2, H = -2, v = -1/2, and dz is 7.25 and 1.75, with terms 7.75 and 1.75.
     * Their mean is 4.5, and that of dz z is -1.375. */
    EXPECT(hand.dx.value, 0.5 * (7.25 - 4.5 - 0.6875), 0.5 * (1.75 - 4.5 + 0.6875));
    EXPECT(hand.dx.terms, 0.5 * (7.75 + 4.5 + 0.6875), 0.5 * (1.75 + 4.5 + 0.6875));
    EXPECT(hand.dalpha.value, 2 * (-1 + 2));
}

Test(backward, epilogues) {
    static float saved[6] = {-1, 0, -0.0f, 1e-40f, 2, NAN};
    static const float six[6] = {1, 2, 3, 4, 5, 6};
    const struct norma_args args = {
        .x = six, .dy = six, .y = saved, .running_mean = zero, .running_variance = (float[]){3}};
    hand_run("bn:1x1x6:epilogue=add_relu,eps=1,pass=inf_bwd", args);
    EXPECT(hand.dresidual, 0, 0, 0, 4, 5, 6);
    EXPECT(hand.dx.value, 0, 0, 0, 2, 2.5, 3);
    EXPECT(hand.dbeta.value, 15);
    hand_run("bn:1x1x6:epilogue=relu,eps=1,pass=inf_bwd", args);
    EXPECT(hand.dx.value, 0, 0, 0, 2, 2.5, 3);
    hand_run("bn:1x1x6:eps=1,pass=inf_bwd", args);
    EXPECT(hand.dbeta.value, 21);
}

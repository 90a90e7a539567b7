/* Backward passes against values computed by hand, with the terms and sums of each gradient.
 * gradient_test.c checks that the values are the derivatives of the forward pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>

#include "reference/tests/hand.h"

/* With mean 0 and inverse_std 1/2, which are given, x^ is -1 and 2. So sum(dy) is 6, and sum(dy x^)
 * is -3, with absolute values 7. */
static const float x[2] = {-2, 4};
static const float dy[2] = {5, 1};
static float zero[2] = {0, 0}, half[2] = {0.5f, 0.5f};

#define EXPECT_GRADIENT(gradient, value_, terms_, sums_)                                           \
    do {                                                                                           \
        EXPECT((gradient).value, value_);                                                          \
        EXPECT((gradient).terms, terms_);                                                   \
        EXPECT((gradient).sums, sums_);                                                     \
    } while (0)

Test(backward, instance_norm) {
    hand_run("in:1x1x2:pass=bwd",
             (struct norma_args){
                 .x = x, .dy = dy, .gamma = (float[]){2}, .mean = zero, .inverse_std = half});
    EXPECT(hand.dx.value, 5 - 3 - 1.5, 1 - 3 + 3);
    EXPECT(hand.dx.terms, 5 + 3 + 1.5, 1 + 3 + 3);
    EXPECT(hand.dx.sums, 3 + 3.5, 3 + 2 * 3.5);
    EXPECT_GRADIENT(hand.dbeta, 6, 6, 6);
    EXPECT_GRADIENT(hand.dgamma, -3, 3, 7);
}

Test(backward, batch_norm) {
    hand_run("bn:2x1x1:pass=bwd",
             (struct norma_args){
                 .x = x, .dy = dy, .gamma = (float[]){2}, .mean = zero, .inverse_std = half});
    EXPECT(hand.dx.value, 0.5, 1);
    EXPECT(hand.dx.terms, 9.5, 7);
    EXPECT(hand.dx.sums, 6.5, 10);
    EXPECT_GRADIENT(hand.dbeta, 6, 6, 6);
    EXPECT_GRADIENT(hand.dgamma, -3, 3, 7);
}

Test(backward, batch_norm_inference) {
    hand_run("bn:2x1x1:pass=inf_bwd,eps=1", (struct norma_args){.x = x,
                                                                .dy = dy,
                                                                .gamma = (float[]){-2},
                                                                .running_mean = zero,
                                                                .running_variance = (float[]){3}});
    EXPECT(hand.dx.value, -5, -1);
    EXPECT(hand.dx.terms, 5, 1);
    EXPECT(hand.dx.sums, 0, 0);
    EXPECT_GRADIENT(hand.dgamma, -3, 3, 7);
}

Test(backward, conditional_instance_norm) {
    hand_run("cin:2x1x2:styles=3,pass=bwd", (struct norma_args){.x = (float[]){-2, 4, -2, 4},
                                                                .dy = (float[]){5, 1, 1, 0},
                                                                .gamma = (float[]){9, 2, 9},
                                                                .style_index = (int32_t[]){1, 1},
                                                                .mean = zero,
                                                                .inverse_std = half});
    EXPECT(hand.dx.value, 0.5, 1);
    EXPECT(hand.dbeta.value, 0, 7, 0);
    EXPECT(hand.dgamma.value, 0, -4, 0);
    EXPECT(hand.dgamma.sums, 0, 8, 0);
}

Test(backward, layer_and_group_norm) {
    static const char *const problems[] = {"ln:1x2x1:pass=bwd", "gn:1x2x1:g=1,pass=bwd"};
    for (int i = 0; i < 2; i++) {
        hand_run(
            problems[i],
            (struct norma_args){
                .x = x, .dy = dy, .gamma = (float[]){2, 4}, .mean = zero, .inverse_std = half});
        /* h is 10 and 4, so that sum(h) is 14 and sum(h x^) is -2, with absolute values 18. */
        EXPECT(hand.dx.value, 0.5 * (10 - 7 - 1), 0.5 * (4 - 7 + 2));
        EXPECT(hand.dx.terms, 0.5 * (10 + 7 + 1), 0.5 * (4 + 7 + 2));
        EXPECT(hand.dx.sums, 0.5 * (7 + 9), 0.5 * (7 + 18));
        EXPECT(hand.dbeta.value, 5, 1);
        EXPECT(hand.dgamma.value, -5, 2);
    }
}

Test(backward, root_mean_square_norm) {
    hand_run("rms:1x2x1:pass=bwd",
             (struct norma_args){.x = x, .dy = dy, .gamma = (float[]){2, 4}, .inverse_std = half});
    EXPECT(hand.dx.value, 0.5 * (10 - 1), 0.5 * (4 + 2));
    EXPECT(hand.dx.terms, 0.5 * (10 + 1), 0.5 * (4 + 2));
    EXPECT(hand.dx.sums, 0.5 * 9, 0.5 * 18);
    EXPECT(hand.dgamma.value, -5, 2);
    EXPECT(hand.dbeta.value, NAN);
}

Test(backward, batch_instance_norm) {
    hand_run("bin:1x1x2:pass=bwd", (struct norma_args){.x = x,
                                                       .dy = dy,
                                                       .rho = (float[]){0.25f},
                                                       .gamma = (float[]){-2},
                                                       .mean = zero,
                                                       .inverse_std = half,
                                                       .instance_mean = (float[]){2},
                                                       .instance_inverse_std = (float[]){0.25f}});
    /* x^I is -1 and 1/2, so that sum(dy x^I) is -4.5, with absolute values 5.5. */
    EXPECT(hand.dx.value, -0.25 * 0.5 + 0.375 * 0.25, -0.25 * 1 + 0.375 * 0.875);
    EXPECT(hand.dx.terms, 0.25 * 9.5 + 0.375 * 10.25, 0.25 * 7 + 0.375 * 5.125);
    EXPECT(hand.dx.sums, 0.25 * 6.5 + 0.375 * 5.75, 0.25 * 10 + 0.375 * 4.375);
    EXPECT_GRADIENT(hand.dgamma, -0.75 - 3.375, 0.75 + 3.375, 1.75 + 4.125);
    EXPECT_GRADIENT(hand.dbeta, 6, 6, 6);
    EXPECT_GRADIENT(hand.drho, -2 * (-3 + 4.5), 2 * (3 + 4.5), 2 * (7 + 5.5));
}

Test(backward, adaptive_instance_norm) {
    hand_run("adain:1x1x2:alpha=0.5,style=stats,pass=bwd",
             (struct norma_args){.x = x,
                                 .dy = dy,
                                 .mean = zero,
                                 .inverse_std = half,
                                 .style_mean = (float[]){3},
                                 .style_std = (float[]){2}});
    EXPECT(hand.dx.value, 2.5 + 0.25, 0.5 + 0.5);
    EXPECT(hand.dx.terms, 2.5 + 4.75, 0.5 + 3.5);
    EXPECT(hand.dx.sums, 3.25, 5);
    EXPECT_GRADIENT(hand.dstyle_mean, 3, 3, 3);
    EXPECT_GRADIENT(hand.dstyle_std, -1.5, 1.5, 3.5);
}

Test(backward, adaptive_instance_norm_of_mixed_styles) {
    hand_run("adain:1x1x2:styles=2,style=stats,pass=bwd",
             (struct norma_args){.x = x,
                                 .dy = dy,
                                 .mean = zero,
                                 .inverse_std = half,
                                 .style_mean = (float[]){3, 4},
                                 .style_std = (float[]){2, 4},
                                 .style_weights = (float[]){2, -1}});
    /* The two scales, 2 * 2 and -1 * 4, cancel, but not as terms. */
    EXPECT(hand.dx.value, 0, 0);
    EXPECT(hand.dx.terms, 4 * 9.5, 4 * 7);
    EXPECT(hand.dx.sums, 4 * 6.5, 4 * 10);
    EXPECT(hand.dstyle_mean.value, 12, -6);
    EXPECT(hand.dstyle_std.value, -6, 3);
}

static void run_style(const char *text, float deviation) {
    hand_run(text, (struct norma_args){.x = x,
                                       .dy = dy,
                                       .mean = zero,
                                       .inverse_std = half,
                                       .style = (float[]){1, 5},
                                       .style_mean = (float[]){3},
                                       .style_std = &deviation});
}

Test(backward, of_a_style_tensor) {
    run_style("adain:1x1x2:alpha=0.5,pass=bwd", 2);
    EXPECT(hand.dstyle.value, 1.5 + 0.75, 1.5 - 0.75);
    EXPECT(hand.dstyle.terms, 1.5 + 0.75, 1.5 + 0.75);
    EXPECT(hand.dstyle.sums, 1.5 + 1.75, 1.5 + 1.75);
    run_style("adain:1x1x2:alpha=0.5,std=unbiased,pass=bwd", 2);
    EXPECT(hand.dstyle.value, 1.5 + 1.5, 1.5 - 1.5);
    run_style("adain:1x1x2:alpha=0.5,std=unbiased,pass=bwd", 0);
    EXPECT(hand.dstyle.value, 1.5, 1.5);
    EXPECT(hand.dstyle.terms, 1.5, 1.5);
}

Test(backward, of_a_region_without_a_position_is_zero) {
    const struct norma_args args = {.x = x,
                                    .dy = dy,
                                    .labels = (uint8_t[]){1, 1},
                                    .mean = (float[]){0, 0},
                                    .inverse_std = (float[]){0, 0.5f},
                                    .style = (float[]){1, 2, 1, 5},
                                    .style_mean = (float[]){1, 3},
                                    .style_std = (float[]){1, 2}};
    hand_run("adain:1x1x2:regions=2,style=2,pass=bwd", args);
    EXPECT(hand.dx.value, 0.5, 1);
    EXPECT(hand.dstyle.value, 0, 0, 3 + 1.5, 3 - 1.5);
    hand_run("adain:1x1x2:regions=2,style=stats,pass=bwd", args);
    EXPECT(hand.dx.value, 0.5, 1);
    EXPECT(hand.dstyle_mean.value, 0, 6);
    EXPECT(hand.dstyle_std.value, 0, -3);
}

Test(backward, of_a_swapped_style) {
    /* Sample 2 alone has a gradient. Its style is sample 0, which gets 3 + (-1.5) x / 2. */
    hand_run("adain:3x1x2:style=swap,alpha=0.5,pass=bwd",
             (struct norma_args){.x = (float[]){1, 5, 7, 8, -2, 4},
                                 .dy = (float[]){0, 0, 0, 0, 5, 1},
                                 .permutation = (int32_t[]){1, 2, 0},
                                 .mean = (float[]){3, 7.5f, 0},
                                 .inverse_std = (float[]){0.5f, 2, 0.5f},
                                 .style_mean = (float[]){7.5f, 0, 3},
                                 .style_std = (float[]){0.5f, 3, 2}});
    EXPECT(hand.dx.value, 1.5 + 0.75, 1.5 - 0.75, 0, 0, 2.75, 1);
    EXPECT(hand.dx.sums, 1.5 + 1.75, 1.5 + 1.75, 0, 0, 3.25, 5);
}

Test(backward, unitization_in_practice) {
    hand_run("unit:1x1x2:alpha=0.5,pass=bwd",
             (struct norma_args){.x = x, .dy = dy, .inverse_std = half});
    /* T is -3, with absolute values 7; r^3 is 1/8. */
    EXPECT(hand.dx.value, 0.75 * 5 - 0.75, 0.75 + 1.5);
    EXPECT(hand.dx.terms, 0.75 * 5 + 0.75, 0.75 + 1.5);
    EXPECT(hand.dx.sums, 1.75, 3.5);
    EXPECT_GRADIENT(hand.dalpha, -3 + 6, 3 + 6, 7 + 14);
    hand_run(
        "unit:1x2x1:pass=bwd",
        (struct norma_args){.x = x, .dy = dy, .inverse_std = half, .alpha = (float[]){0.5f, 3}});
    EXPECT(hand.dalpha.value, 5, -2);
    EXPECT(hand.dx.terms, 0.75 * 5 + 1.75, 1.5 + 2 + 3.5); /* T = -5 + 12 */
}

Test(backward, unitization_by_division) {
    float quarter[1] = {0.25f};
    hand_run("unit:1x1x2:form=scalar,alpha=1,pass=bwd",
             (struct norma_args){.x = x, .dy = dy, .inverse_std = quarter});
    /* q = 4 and w = 1/4, so that T is -6/16, with absolute values 14/16. */
    EXPECT(hand.dx.value, 1.25 - 0.1875, 0.25 + 0.375);
    EXPECT(hand.dx.terms, 1.25 + 0.1875, 0.25 + 0.375);
    EXPECT(hand.dx.sums, 0.4375, 0.875);
    EXPECT_GRADIENT(hand.dalpha, 1.5 - 0.375, 1.5 + 0.375, 3.5 + 0.875);
    hand_run("unit:1x1x2:form=vanilla,pass=bwd",
             (struct norma_args){.x = x, .dy = dy, .inverse_std = quarter});
    EXPECT(hand.dx.value, 1.25 - 0.1875, 0.25 + 0.375);
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
    hand_run("unit:1x1x1:form=layer,alpha=0.5,k=0.3333333333333333,eps=1,pass=bwd",
             (struct norma_args){.x = (float[]){2},
                                 .dy = (float[]){4},
                                 .gamma = (float[]){2},
                                 .mean = zero,
                                 .inverse_std = half});
    /* dz = 4.5, with terms 7.5 and sums 3.9375, and so are its mean and, as z = 1, the mean of dz
     * z. */
    EXPECT_GRADIENT(hand.dx, 0.5 * (4.5 - 4.5 - 4.5), 0.5 * (7.5 + 4.5 + 4.5),
                    0.5 * (3.9375 + 2 * (7.5 + 3.9375)));
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

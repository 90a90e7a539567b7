/* The reference as an implementation: its rounding, its refusals, and the memory that it must not
 * write.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/reference.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* Creates, executes and destroys the reference for a problem. */
static norma_status execute(const char *text, struct norma_args args) {
    const struct reference_implementation *reference = &reference_implementation_reference;
    struct norma_problem problem;
    void *state = NULL;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK, "%s", text);
    cr_assert(reference->create(reference, &state, &problem, 1) == NORMA_STATUS_OK);
    const norma_status status = reference->execute(state, &args);
    reference->destroy(state);
    return status;
}

static float x[4] = {1, 3, 10, 14};
static float y[4], dx[4];

/* Fills the outputs with a value that no test expects. */
static void forget(void) {
    for (int i = 0; i < 4; i++) {
        y[i] = dx[i] = -99;
    }
}

static void expect_status(norma_status status, norma_status expected, const char *text) {
    cr_expect(status == expected, "%s: %s", text, norma_strerror(status));
    for (int i = 0; i < 4; i++) {
        cr_expect(y[i] == -99 && dx[i] == -99, "%s: something was written", text);
    }
}

static void expect(const float *values, const double *expected, int count) {
    for (int i = 0; i < count; i++) {
        const float rounded = (float)expected[i];
        cr_expect(memcmp(&values[i], &rounded, sizeof rounded) == 0, "[%d] is %.9g, should be %.9g",
                  i, (double)values[i], (double)rounded);
    }
}

#define EXPECT(values, ...)                                                                        \
    expect(values, (const double[]){__VA_ARGS__}, (int)(sizeof((double[]){__VA_ARGS__}) / 8))

Test(implementation, rounds_every_output_of_bin_once) {
    float mean[2], inverse_std[2], instance_mean[2], instance_inverse_std[2],
        running_mean[2] = {0}, running_variance[2] = {0};
    cr_assert(execute("bin:1x2x2:eps=1,rho=0.5,momentum=1",
                      (struct norma_args){.x = x,
                                          .y = y,
                                          .mean = mean,
                                          .inverse_std = inverse_std,
                                          .instance_mean = instance_mean,
                                          .instance_inverse_std = instance_inverse_std,
                                          .running_mean = running_mean,
                                          .running_variance = running_variance}) ==
              NORMA_STATUS_OK);
    EXPECT(y, -1 / sqrt(2), 1 / sqrt(2), -2 / sqrt(5), 2 / sqrt(5));
    EXPECT(mean, 2, 12);
    EXPECT(inverse_std, 1 / sqrt(2), 1 / sqrt(5));
    EXPECT(instance_mean, 2, 12);
    EXPECT(instance_inverse_std, 1 / sqrt(2), 1 / sqrt(5));
    EXPECT(running_mean, 2, 12);
    EXPECT(running_variance, 2, 8);
}

Test(implementation, yields_every_output_of_adain) {
    float mean[2], inverse_std[2], style_mean[2], style_std[2], loss[1];
    cr_assert(execute("adain:1x2x2:eps=0", (struct norma_args){.x = x,
                                                               .y = y,
                                                               .style = (float[]){-1, 1, 1, 7},
                                                               .mean = mean,
                                                               .inverse_std = inverse_std,
                                                               .style_mean = style_mean,
                                                               .style_std = style_std,
                                                               .style_loss = loss}) ==
              NORMA_STATUS_OK);
    EXPECT(y, -1, 1, 1, 7);
    EXPECT(mean, 2, 12);
    EXPECT(inverse_std, 1, 0.5);
    EXPECT(style_mean, 0, 4);
    EXPECT(style_std, 1, 3);
    EXPECT(loss, sqrt(68) + 1);
}

Test(implementation, leaves_given_style_statistics_alone) {
    static const float means[2] = {0, 4}, deviations[2] = {1, 3}; /* memory that is not writable */
    const struct norma_args args = {
        .x = x, .y = y, .style_mean = (float *)means, .style_std = (float *)deviations};
    cr_assert(execute("adain:1x2x2:eps=0,style=stats", args) == NORMA_STATUS_OK);
    EXPECT(y, -1, 1, 1, 7);
}

Test(implementation, yields_every_gradient) {
    static float zero[2], one[2] = {1, 1};
    float dgamma[2], dbeta[2], drho[2], dresidual[4];
    struct norma_args args = {.x = x,
                              .y = (float[]){1, 0, 1, 1},
                              .dy = x,
                              .dx = dx,
                              .dresidual = dresidual,
                              .dgamma = dgamma,
                              .dbeta = dbeta,
                              .drho = drho,
                              .rho = one,
                              .running_mean = zero,
                              .running_variance = one,
                              .instance_mean = zero,
                              .instance_inverse_std = zero};
    cr_assert(execute("bin:1x2x2:pass=inf_bwd,eps=0,epilogue=add_relu", args) == NORMA_STATUS_OK);
    EXPECT(dx, 1, 0, 10, 14);
    EXPECT(dresidual, 1, 0, 10, 14);
    EXPECT(dbeta, 1, 24);
    EXPECT(dgamma, 1, 296);
    EXPECT(drho, 1 + 1, 296 - 4); /* x^ of the instances is -1 and 1 */
}

Test(implementation, yields_the_gradients_of_tables_styles_and_alphas) {
    static float mean[2], inverse_std[2] = {1, 1}, deviation[2] = {1, 1};
    float dgamma[6], dbeta[6], dalpha[4], dstyle[2], dstyle_mean[2], dstyle_std[2];
    struct norma_args args = {.x = x,
                              .dy = (float[]){0, 1, 0, 1},
                              .dx = dx,
                              .style_index = (int32_t[]){2},
                              .dgamma = dgamma,
                              .dbeta = dbeta,
                              .mean = mean,
                              .inverse_std = inverse_std};
    cr_assert(execute("cin:1x2x2:styles=3,pass=bwd,eps=0", args) == NORMA_STATUS_OK);
    EXPECT(dgamma, 0, 0, 0, 0, 1, 1);
    EXPECT(dbeta, 0, 0, 0, 0, 1, 1);
    args.alpha = (float[]){0, 0, 0, 0};
    args.dalpha = dalpha;
    cr_assert(execute("unit:1x2x2:alpha=element,pass=bwd,eps=18", args) == NORMA_STATUS_OK);
    EXPECT(dalpha, 0, (float)(3.0 / 18 - 3), 0, (float)(14.0 / 18 - 14)); /* the norm is 18 */
    args.style = x;
    args.style_mean = mean;
    args.style_std = deviation;
    args.dstyle = dstyle;
    cr_assert(execute("adain:1x2x2:style=point,pass=bwd", args) == NORMA_STATUS_OK);
    EXPECT(dstyle, 1, 1);
    args.dstyle_mean = dstyle_mean;
    args.dstyle_std = dstyle_std;
    cr_assert(execute("adain:1x2x2:style=stats,pass=bwd,eps=0", args) == NORMA_STATUS_OK);
    EXPECT(dstyle_mean, 1, 1);
    EXPECT(dstyle_std, 1, 1);
}

Test(implementation, works_in_place) {
    float values[4] = {1, 3, 10, 14};
    cr_assert(execute("in:1x2x2:eps=0", (struct norma_args){.x = values, .y = values}) ==
              NORMA_STATUS_OK);
    EXPECT(values, -1, 1, -1, 1);
}

Test(implementation, refuses_gates_outside_of_0_to_1) {
    static const float wrong[] = {-0x1p-149f, 1.0000001f, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        forget();
        const struct norma_args args = {.x = x, .y = y, .rho = (float[]){0.5f, wrong[i]}};
        expect_status(execute("bin:1x2x2", args), NORMA_STATUS_BAD_GATE, "bin");
    }
    const struct norma_args ends = {.x = x, .y = y, .rho = (float[]){0, 1}};
    cr_expect(execute("bin:1x2x2", ends) == NORMA_STATUS_OK);
}

Test(implementation, refuses_styles_that_do_not_exist) {
    static const int32_t wrong[] = {-1, 3, INT32_MAX, INT32_MIN};
    for (int i = 0; i < 4; i++) {
        forget();
        const struct norma_args args = {.x = x, .y = y, .style_index = (int32_t[]){0, wrong[i]}};
        expect_status(execute("cin:2x1x2:styles=3", args), NORMA_STATUS_BAD_STYLE_INDEX, "cin");
    }
}

static norma_status mix(float first, float second) {
    float statistics[4] = {1, 1, 1, 1};
    forget();
    return execute("adain:2x1x2:styles=2,style=stats",
                   (struct norma_args){.x = x,
                                       .y = y,
                                       .style_mean = statistics,
                                       .style_std = statistics,
                                       .style_weights = (float[]){0.5f, 0.5f, first, second}});
}

Test(implementation, refuses_weights_that_do_not_sum_to_one) {
    expect_status(mix(0.5f, 0.25f), NORMA_STATUS_BAD_WEIGHTS, "too little");
    expect_status(mix(1, 0x1.8p-22f), NORMA_STATUS_BAD_WEIGHTS, "too much");
    expect_status(mix(NAN, 1), NORMA_STATUS_BAD_WEIGHTS, "NaN");
    expect_status(mix(INFINITY, 1), NORMA_STATUS_BAD_WEIGHTS, "infinite");
    expect_status(mix(INFINITY, -INFINITY), NORMA_STATUS_BAD_WEIGHTS, "infinite");
    cr_expect(mix(1, 0x1p-22f) == NORMA_STATUS_OK);
    cr_expect(mix(1, -0x1p-22f) == NORMA_STATUS_OK);
    cr_expect(mix(2, -1) == NORMA_STATUS_OK);
}

Test(implementation, refuses_labels_that_do_not_exist) {
    float statistics[4] = {1, 1, 1, 1};
    for (int label = 2; label < 256; label += 23) {
        forget();
        const struct norma_args args = {.x = x,
                                        .y = y,
                                        .style_mean = statistics,
                                        .style_std = statistics,
                                        .labels = (uint8_t[]){0, 1, 0, (uint8_t)label}};
        expect_status(execute("adain:2x1x2:regions=2,style=stats", args), NORMA_STATUS_BAD_LABEL,
                      "adain");
    }
}

Test(implementation, refuses_what_is_not_a_permutation) {
    static int32_t wrong[][4] = {{0, 1, 2, 2}, {1, 1, 2, 3}, {1, 2, 3, 4}, {-1, 1, 2, 3}};
    for (int i = 0; i < 4; i++) {
        forget();
        const struct norma_args args = {.x = x, .y = y, .permutation = wrong[i]};
        expect_status(execute("adain:4x1x1:style=swap", args), NORMA_STATUS_BAD_PERMUTATION,
                      "adain");
    }
}

Test(implementation, refuses_missing_inputs) {
    float one[4] = {1, 1, 1, 1};
    const struct {
        const char *text;
        struct norma_args args;
    } cases[] = {
        {"in:1x2x2", {.y = y}},
        {"in:1x2x2", {.x = x}},
        {"in:1x2x2:epilogue=add_relu", {.x = x, .y = y}},
        {"bin:1x2x2", {.x = x, .y = y}},
        {"cin:1x2x2", {.x = x, .y = y}},
        {"unit:1x2x2", {.x = x, .y = y}},
        {"adain:1x2x2", {.x = x, .y = y}},
        {"adain:1x2x2:style=swap", {.x = x, .y = y}},
        {"adain:1x2x2:style=stats", {.x = x, .y = y, .style_mean = one}},
        {"adain:1x2x2:style=stats", {.x = x, .y = y, .style_std = one}},
        {"adain:1x2x2:styles=2", {.x = x, .y = y, .style = x}},
        {"adain:1x2x2:regions=2", {.x = x, .y = y, .style = x}},
        {"bn:1x2x2:pass=inf", {.x = x, .y = y, .running_mean = one}},
        {"unit:1x2x2:alpha=0,form=layer,pass=inf", {.x = x, .y = y, .running_variance = one}},
        {"bn:1x2x2:pass=inf_bwd", {.x = x, .dx = dx, .dy = x, .running_mean = one}},
        {"in:1x2x2:pass=bwd", {.x = x, .dx = dx, .dy = x, .mean = one}},
        {"in:1x2x2:pass=bwd", {.x = x, .dx = dx, .dy = x, .inverse_std = one}},
        {"rms:1x2x2:pass=bwd", {.x = x, .dx = dx, .dy = x}},
        {"rms:1x2x2:pass=bwd", {.x = x, .dx = dx, .inverse_std = one}},
        {"rms:1x2x2:pass=bwd", {.x = x, .dy = x, .inverse_std = one}},
        {"rms:1x2x2:epilogue=relu,pass=bwd", {.x = x, .dx = dx, .dy = x, .inverse_std = one}},
        {"bin:1x2x2:rho=1,pass=bwd",
         {.x = x, .dx = dx, .dy = x, .mean = one, .inverse_std = one, .instance_mean = one}},
        {"adain:1x2x2:pass=bwd",
         {.x = x, .dx = dx, .dy = x, .style = x, .mean = one, .inverse_std = one}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        forget();
        expect_status(execute(cases[i].text, cases[i].args), NORMA_STATUS_NULL, cases[i].text);
    }
    cr_expect(execute("rms:1x2x2:pass=bwd",
                      (struct norma_args){.x = x, .dx = dx, .dy = x, .inverse_std = one}) ==
              NORMA_STATUS_OK);
}

Test(implementation, has_nothing_to_say_about_empty_tensors) {
    float mean[2], gradients[4] = {1, 2, 3, 4};
    cr_expect(execute("bn:0x2x2", (struct norma_args){0}) == NORMA_STATUS_OK);
    cr_expect(execute("bn:0x2x2", (struct norma_args){.mean = mean}) == NORMA_STATUS_EMPTY);
    cr_expect(execute("in:0x2x2", (struct norma_args){.mean = mean}) == NORMA_STATUS_OK);
    cr_expect(execute("bn:0x2x2:pass=inf", (struct norma_args){.running_mean = mean}) ==
              NORMA_STATUS_OK);
    cr_expect(execute("adain:2x1x0", (struct norma_args){.style_loss = mean}) ==
              NORMA_STATUS_EMPTY);
    cr_expect(execute("in:2x1x0:pass=bwd",
                      (struct norma_args){.dgamma = gradients, .dbeta = gradients + 2}) ==
              NORMA_STATUS_OK);
    EXPECT(gradients, 0, 2, 0, 4);
}

Test(implementation, refuses_a_problem_that_makes_no_sense) {
    struct norma_problem problem = norma_problem_default(NORMA_OPERATOR_GN);
    problem.n = 1;
    problem.c = 3;
    problem.groups = 2;
    void *state = NULL;
    cr_expect(reference_implementation_reference.create(&reference_implementation_reference, &state,
                                                        &problem, 1) == NORMA_STATUS_INVALID);
    cr_expect(state == NULL);
}

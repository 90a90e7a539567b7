/* Forward passes against values computed by hand from the definitions. adain is in style_test.c,
 * unit in unit_test.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>

#include "reference/tests/hand.h"

/* Two samples, two channels, two positions. */
static const float x[8] = {1, 3, /**/ 10, 14, /**/ 5, 7, /**/ 20, 28};

Test(reference, instance_norm) {
    hand_run("in:2x2x2:eps=0", (struct norma_args){.x = x});
    EXPECT(hand.y, -1, 1, -1, 1, -1, 1, -1, 1);
    EXPECT(hand.mean, 2, 12, 6, 24);
    EXPECT(hand.inverse_std, 1, 0.5, 1, 0.25);
    hand_run("in:2x2x2:eps=3",
             (struct norma_args){.x = x, .gamma = (float[]){4, 1}, .beta = (float[]){-1, 0}});
    EXPECT(hand.inverse_std, 0.5, 1 / sqrt(7), 0.5, 1 / sqrt(19));
    EXPECT(hand.y, -3, 1, -2 / sqrt(7), 2 / sqrt(7), -3, 1, -4 / sqrt(19), 4 / sqrt(19));
    EXPECT(hand.terms, 3, 3, 2 / sqrt(7), 2 / sqrt(7), 3, 3);
    EXPECT_CONDITION(hand.conditions[2][0], 2, 6, 2, 2);
}

Test(reference, conditional_instance_norm) {
    hand_run("cin:2x2x2:styles=3,eps=0",
             (struct norma_args){.x = x,
                                 .style_index = (int32_t[]){2, 0},
                                 .gamma = (float[]){1, 2, /**/ 9, 9, /**/ 3, -1},
                                 .beta = (float[]){0, 1, /**/ 9, 9, /**/ 5, 0}});
    EXPECT(hand.y, 2, 8, 1, -1, -1, 1, -1, 3);
    EXPECT(hand.terms, 8, 8, 1, 1, 1, 1, 3, 3);
    EXPECT(hand.mean, 2, 12, 6, 24);
    EXPECT(hand.inverse_std, 1, 0.5, 1, 0.25);
    EXPECT_CONDITION(hand.conditions[0][0], 3, 2, 1, 2);
    EXPECT_CONDITION(hand.conditions[3][0], 0.5, 24, 4, 2);
}

Test(reference, batch_norm) {
    float old_mean[2] = {1, 1}, old_variance[2] = {2, 2};
    hand_run(
        "bn:2x2x2:eps=0,momentum=0.25",
        (struct norma_args){.x = x, .running_mean = old_mean, .running_variance = old_variance});
    /* channel 0: 1 3 5 7, mean 4, variance 5; channel 1: 10 14 20 28, mean 18, variance 46 */
    EXPECT(hand.mean, 4, 18);
    EXPECT(hand.inverse_std, 1 / sqrt(5), 1 / sqrt(46));
    EXPECT(hand.y, -3 / sqrt(5), -1 / sqrt(5), -8 / sqrt(46), -4 / sqrt(46), 1 / sqrt(5),
           3 / sqrt(5), 2 / sqrt(46), 10 / sqrt(46));
    EXPECT(hand.running_mean, 0.75 + 1, 0.75 + 4.5);
    EXPECT(hand.running_variance, 1.5 + 0.25 * 20 / 3, 1.5 + 0.25 * 184 / 3);
    EXPECT_CONDITION(hand.conditions[2][0], 1 / sqrt(5), 4, sqrt(5), 4);
}

Test(reference, batch_norm_inference) {
    float given_mean[2] = {1, 10}, given_variance[2] = {3, 15};
    hand_run("bn:2x2x2:pass=inf,eps=1", (struct norma_args){.x = x,
                                                            .running_mean = given_mean,
                                                            .running_variance = given_variance,
                                                            .gamma = (float[]){2, 4},
                                                            .beta = (float[]){0, 1}});
    EXPECT(hand.y, 0, 2, 1, 5, 4, 6, 11, 19);
    EXPECT_CONDITION(hand.conditions[1][0], 1, 10, 4, 0);
}

Test(reference, batch_norm_takes_no_old_statistics_with_momentum_1) {
    float old[2] = {NAN, INFINITY};
    hand_run("bn:4x1:eps=0,momentum=1",
             (struct norma_args){.x = x, .running_mean = old, .running_variance = old + 1});
    /* 1 3 10 14: mean 7, squares of the deviations 36 + 16 + 9 + 49 */
    EXPECT(hand.running_mean, 7);
    EXPECT(hand.running_variance, 110.0 / 3);
}

Test(reference, batch_norm_keeps_old_statistics_with_momentum_0) {
    float old[2] = {2, 5};
    hand_run("bn:2x1:eps=0,momentum=0", (struct norma_args){.x = (float[]){INFINITY, 1},
                                                            .running_mean = old,
                                                            .running_variance = old + 1});
    EXPECT(hand.running_mean, 2);
    EXPECT(hand.running_variance, 5);
}

Test(reference, batch_norm_of_one_element_keeps_the_biased_variance) {
    float old[2] = {1, 1};
    hand_run("bn:1x1x1:eps=1,momentum=0.5",
             (struct norma_args){.x = x, .running_mean = old, .running_variance = old + 1});
    EXPECT(hand.y, 0);
    EXPECT(hand.running_mean, 1);
    EXPECT(hand.running_variance, 0.5);
}

Test(reference, batch_instance_norm) {
    hand_run("bin:2x2x2:eps=0", (struct norma_args){.x = x,
                                                    .rho = (float[]){0.25f, 1},
                                                    .gamma = (float[]){2, 1},
                                                    .beta = (float[]){1, 0}});
    const double b = 1 / sqrt(5);
    EXPECT(hand.y, 1 + 2 * (0.25 * -3 * b - 0.75), 1 + 2 * (0.25 * -b + 0.75), -8 / sqrt(46),
           -4 / sqrt(46), 1 + 2 * (0.25 * b - 0.75), 1 + 2 * (0.25 * 3 * b + 0.75), 2 / sqrt(46),
           10 / sqrt(46));
    EXPECT(hand.terms, 1 + 2 * (0.25 * 3 * b + 0.75));
    EXPECT(hand.mean, 4, 18);
    EXPECT(hand.inverse_std, b, 1 / sqrt(46));
    EXPECT(hand.instance_mean, 2, 12, 6, 24);
    EXPECT(hand.instance_inverse_std, 1, 0.5, 1, 0.25);
    EXPECT_CONDITION(hand.conditions[0][0], 0.5 * b, 4, sqrt(5), 4);
    EXPECT_CONDITION(hand.conditions[0][1], 1.5, 2, 1, 2);
}

Test(reference, batch_instance_norm_inference) {
    float given_mean[2] = {1, 10}, given_variance[2] = {4, 16};
    hand_run("bin:2x2x2:pass=inf,rho=0.5,eps=0",
             (struct norma_args){
                 .x = x, .running_mean = given_mean, .running_variance = given_variance});
    EXPECT(hand.y, -0.5, 1, -0.5, 1, 0.5, 2, 0.75, 2.75);
    EXPECT(hand.instance_mean, 2, 12, 6, 24);
    EXPECT(hand.instance_inverse_std, 1, 0.5, 1, 0.25);
    EXPECT(hand.mean, NAN, NAN);
}

Test(reference, group_norm) {
    hand_run("gn:2x2x2:g=1,eps=0", (struct norma_args){.x = x});
    /* sample 0: 1 3 10 14, mean 7, variance 27.5; sample 1: 5 7 20 28, mean 15, variance 89.5 */
    EXPECT(hand.mean, 7, 15);
    const double a = 1 / sqrt(27.5), b = 1 / sqrt(89.5);
    EXPECT(hand.y, -6 * a, -4 * a, 3 * a, 7 * a, -10 * b, -8 * b, 5 * b, 13 * b);
    hand_run("gn:1x4x2:g=2,eps=0", (struct norma_args){.x = x, .gamma = (float[]){1, 2, 3, 4}});
    EXPECT(hand.mean, 7, 15);
    EXPECT(hand.inverse_std, a, b);
    EXPECT(hand.y, -6 * a, -4 * a, 6 * a, 14 * a, -30 * b, -24 * b, 20 * b, 52 * b);
    EXPECT_CONDITION(hand.conditions[3][0], 4 * b, 15, sqrt(89.5), 4);
}

Test(reference, layer_norm) {
    hand_run("ln:2x2x2:eps=0.5",
             (struct norma_args){.x = x, .gamma = (float[]){2, 1}, .beta = (float[]){0, 3}});
    EXPECT(hand.mean, 7, 15);
    const double a = 1 / sqrt(28), b = 1 / sqrt(90);
    EXPECT(hand.inverse_std, a, b);
    EXPECT(hand.y, -12 * a, -8 * a, 3 * a + 3, 7 * a + 3, -20 * b, -16 * b, 5 * b + 3, 13 * b + 3);
    EXPECT_CONDITION(hand.conditions[2][0], 2 * b, 15, sqrt(90), 4);
}

Test(reference, root_mean_square_norm) {
    /* mean squares 306 / 4 = 76.5 and 1258 / 4 = 314.5 */
    hand_run("rms:2x2x2:eps=23.5", (struct norma_args){.x = x, .gamma = (float[]){-2, 1}});
    const double b = 1 / sqrt(338);
    EXPECT(hand.inverse_std, 0.1, b);
    EXPECT(hand.y, -0.2, -0.6, 1, 1.4, -10 * b, -14 * b, 20 * b, 28 * b);
    EXPECT(hand.terms, 0.2, 0.6, 1, 1.4);
    EXPECT_CONDITION(hand.conditions[0][0], 0, 0, 10, 4);
    EXPECT(hand.mean, NAN, NAN);
}

Test(reference, root_mean_square_norm_of_an_infinity_is_not_a_number) {
    hand_run("rms:2x2", (struct norma_args){.x = (float[]){INFINITY, 1, 3, 3}});
    EXPECT(hand.y, NAN, NAN, 3 / sqrt(9 + 1e-5));
    EXPECT(hand.inverse_std, NAN, 1 / sqrt(9 + 1e-5));
}

Test(reference, epilogues) {
    hand_run("in:2x2x2:eps=0,epilogue=relu", (struct norma_args){.x = x});
    EXPECT(hand.y, 0, 1, 0, 1, 0, 1, 0, 1);
    EXPECT(hand.terms, 1, 1, 1, 1, 1, 1, 1, 1);
    hand_run("in:1x1x2:eps=0,epilogue=relu",
             (struct norma_args){.x = x, .gamma = (float[]){0}, .beta = (float[]){-0.0f}});
    cr_expect(hand.y[0] == 0 && !signbit(hand.y[0])); /* 0 * -1 + -0 is -0 */
    hand_run("in:2x2x2:eps=0,epilogue=add_relu",
             (struct norma_args){.x = x, .residual = (float[]){3, -4, 1, -1, NAN, 0, -2, 5}});
    EXPECT(hand.y, 2, 0, 0, 0, NAN, 1, 0, 6);
    cr_expect(!signbit(hand.y[1]) && !signbit(hand.y[2]));
    EXPECT(hand.terms, 4, 5, 2, 2, NAN, 1, 3, 6);
}

Test(reference, yields_only_what_is_wanted) {
    struct norma_problem problem;
    double mean[4] = {0};
    cr_assert(norma_problem_parse("in:2x2x2", &problem, NULL) == NORMA_STATUS_OK);
    cr_expect(reference_run(&problem, &(struct norma_args){.x = x},
                            &(struct reference_result){.mean = mean}) == NORMA_STATUS_OK);
    EXPECT(mean, 2, 12, 6, 24);
}

Test(reference, gate_update_is_clipped) {
    cr_expect(reference_gate_update(0.5, 0.25, 0.1, 10.0) == 0.25);
    cr_expect(reference_gate_update(0.5, 0.75, 0.1, 10.0) == 0.0);
    cr_expect(reference_gate_update(0.5, -0.75, 0.1, 10.0) == 1.0);
    cr_expect(reference_gate_update(0.5, 0.25, 0.5, 1.0) == 0.375);
    cr_expect(isnan(reference_gate_update(0.5, NAN, 0.1, 10.0)));
}

/* The largest floats, whose squares and differences are beyond float's range. */
Test(reference, standardizes_the_largest_floats) {
    hand_run("in:1x1x4",
             (struct norma_args){.x = (float[]){3.4e38f, -3.4e38f, -3.4e38f, -3.4e38f}});
    EXPECT(hand.y, sqrt(3), -1 / sqrt(3), -1 / sqrt(3), -1 / sqrt(3));
}

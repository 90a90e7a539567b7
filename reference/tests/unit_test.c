/* Unitization forward, against values computed by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>

#include "reference/tests/hand.h"

/* |x|^2 of the samples: 1 + 9 + 100 + 196 = 306, 25 + 49 + 400 + 784 = 1258 */
static const float x[8] = {1, 3, /**/ 10, 14, /**/ 5, 7, /**/ 20, 28};

/* One sample of norm 5, one of norm 0. */
static const float with_zero[8] = {-3, 4, 0, 0, /**/ 0, 0, 0, 0};

Test(unit, practical) {
    hand_run("unit:2x2x2:alpha=1,eps=0", (struct norma_args){.x = x});
    const double a = 1 / sqrt(306), b = 1 / sqrt(1258);
    EXPECT(hand.y, 1 * a, 3 * a, 10 * a, 14 * a, 5 * b, 7 * b, 20 * b, 28 * b);
    EXPECT(hand.inverse_std, a, b);
    hand_run("unit:2x2x2:eps=19", (struct norma_args){.x = x, .alpha = (float[]){0.5f, 0}});
    const double c = 0.5 / sqrt(325) + 0.5, d = 0.5 / sqrt(1277) + 0.5;
    EXPECT(hand.y, 1 * c, 3 * c, 10, 14, 5 * d, 7 * d, 20, 28);
    EXPECT_CONDITION(hand.conditions[1][0], 0, 0, sqrt(325), 4);
    hand_run("unit:2x2x2:alpha=element,eps=0",
             (struct norma_args){.x = x, .alpha = (float[]){1, 0, 0, 2}});
    EXPECT(hand.y, a, 3, 10, 14 * (2 * a - 1), 5 * b, 7, 20, 28 * (2 * b - 1));
    EXPECT(hand.terms, a, 3, 10, 14 * (2 * a + 1));
}

Test(unit, practical_of_a_tiny_vector) {
    hand_run("unit:1x4x1:alpha=1,eps=0", (struct norma_args){.x = (float[]){1e-25f, 0, 0, 0}});
    EXPECT(hand.y, 1, 0, 0, 0);
}

Test(unit, vanilla) {
    hand_run("unit:2x2x2:form=vanilla", (struct norma_args){.x = with_zero});
    EXPECT(hand.y, -0.6, 0.8, 0, 0, 0.5, 0.5, 0.5, 0.5);
    EXPECT(hand.terms, 0.6, 0.8, 0, 0, 0.5, 0.5, 0.5, 0.5);
    EXPECT(hand.inverse_std, 0.2, INFINITY);
    EXPECT_CONDITION(hand.conditions[1][0], 0, 0, 5, 4);
    EXPECT_CONDITION(hand.conditions[2][0], 0, 0, 0, 0);
}

Test(unit, scalar) {
    hand_run("unit:2x2x2:form=scalar,alpha=0.5", (struct norma_args){.x = with_zero});
    EXPECT(hand.y, -1, 4.0 / 3, 0, 0, 0, 0, 0, 0);
    EXPECT(hand.terms, 1, 4.0 / 3, 0, 0, 0, 0, 0, 0);
    EXPECT(hand.inverse_std, 0.2, INFINITY);
    hand_run("unit:2x2x2:form=scalar,alpha=1", (struct norma_args){.x = with_zero});
    EXPECT(hand.y, -0.6, 0.8, 0, 0, 0.5, 0.5, 0.5, 0.5);
    hand_run("unit:2x2x2:form=scalar,alpha=0", (struct norma_args){.x = with_zero});
    EXPECT(hand.y, -3, 4, 0, 0, 0, 0, 0, 0);
}

Test(unit, vector) {
    hand_run("unit:2x2x2:form=vector",
             (struct norma_args){.x = with_zero, .alpha = (float[]){0.5f, 1}});
    EXPECT(hand.y, -1, 4.0 / 3, 0, 0, 0, 0, 0, 0);
    hand_run("unit:2x2x2:form=vector,alpha=element",
             (struct norma_args){.x = with_zero, .alpha = (float[]){1, 0.5f, 1, 1}});
    EXPECT(hand.y, -0.6, 4.0 / 3, 0, 0, 0, 0, 0, 0);
    /* Cancellation in the divisor counts: alpha q = 10, 1 - alpha = -1. */
    hand_run("unit:2x2x2:form=vector",
             (struct norma_args){.x = with_zero, .alpha = (float[]){2, 1}});
    EXPECT(hand.terms, 3 * 11.0 / 81, 4 * 11.0 / 81);
}

Test(unit, of_an_infinity_is_not_a_number) {
    static const float infinite[4] = {INFINITY, 1, /**/ 3, 4};
    static const char *const forms[] = {"unit:2x2:form=vanilla", "unit:2x2:form=scalar,alpha=1",
                                        "unit:2x2:alpha=1,eps=0"};
    for (int i = 0; i < 3; i++) {
        hand_run(forms[i], (struct norma_args){.x = infinite});
        EXPECT(hand.y, NAN, NAN, 0.6, 0.8);
        EXPECT(hand.inverse_std, NAN, 0.2);
    }
}

Test(unit, layer) {
    /* z is -1 and 1 with the batch's statistics, and q is 1/k. */
    float old_mean[1] = {1}, old_variance[1] = {2};
    hand_run("unit:2x1x1:form=layer,eps=0,k=4,momentum=0.25",
             (struct norma_args){.x = x,
                                 .alpha = (float[]){0.5f},
                                 .gamma = (float[]){3},
                                 .beta = (float[]){1},
                                 .running_mean = old_mean,
                                 .running_variance = old_variance});
    EXPECT(hand.y, 1 - 3 * 1.5, 1 + 3 * 1.5);
    EXPECT(hand.terms, 5.5, 5.5);
    EXPECT(hand.mean, 2);
    EXPECT(hand.inverse_std, 1);
    EXPECT(hand.running_mean, 1.25);
    EXPECT(hand.running_variance, 2);
    EXPECT_CONDITION(hand.conditions[1][0], 4.5, 2, 1, 2);
    EXPECT_CONDITION(hand.conditions[1][1], 0, 0, 0.5, 1);
}

Test(unit, layer_inference) {
    float given_mean[2] = {1, 10}, given_variance[2] = {3, 15};
    hand_run("unit:2x2x2:form=layer,pass=inf,eps=1",
             (struct norma_args){.x = x,
                                 .alpha = (float[]){0.5f, 2},
                                 .running_mean = given_mean,
                                 .running_variance = given_variance});
    /* z: 0 1 | 0 1 || 2 3 | 2.5 4.5; q: 1 and 19.75 */
    const double u = 1 / sqrt(2), v = 1 / sqrt(20.75);
    EXPECT(hand.y, 0, 0.5 * u + 0.5, 0, 2 * u - 1, v + 1, 1.5 * v + 1.5, 2.5 * (2 * v - 1),
           4.5 * (2 * v - 1));
    EXPECT(hand.terms, 0, 0.5 * u + 0.5, 0, 2 * u + 1);
    EXPECT_CONDITION(hand.conditions[3][0], (2 * v + 1) / 4, 10, 4, 0);
    EXPECT_CONDITION(hand.conditions[3][1], 0, 0, sqrt(20.75), 4);
    hand_run("unit:2x2x2:form=layer,pass=inf,eps=1,alpha=0.5",
             (struct norma_args){
                 .x = x, .running_mean = given_mean, .running_variance = given_variance});
    EXPECT(hand.y, 0, 0.5 * u + 0.5, 0, 0.5 * u + 0.5);
}

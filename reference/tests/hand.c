/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/tests/hand.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

struct hand hand;

#define HAND_GRADIENT(name)                                                                        \
    .name = {hand.name.value,  hand.name.terms,   hand.name.sums, hand.name.scatter,               \
             hand.name.shared, hand.name.rounded, hand.name.lost}

static struct reference_result all_results(void) {
    return (struct reference_result){
        .y = hand.y,
        .terms = hand.terms,
        .conditions = hand.conditions,
        .mean = hand.mean,
        .inverse_std = hand.inverse_std,
        .instance_mean = hand.instance_mean,
        .instance_inverse_std = hand.instance_inverse_std,
        .running_mean = hand.running_mean,
        .running_variance = hand.running_variance,
        .style_mean = hand.style_mean,
        .style_std = hand.style_std,
        .style_loss = hand.style_loss,
        .dresidual = hand.dresidual,
        HAND_GRADIENT(dx),
        HAND_GRADIENT(dgamma),
        HAND_GRADIENT(dbeta),
        HAND_GRADIENT(drho),
        HAND_GRADIENT(dalpha),
        HAND_GRADIENT(dstyle),
        HAND_GRADIENT(dstyle_mean),
        HAND_GRADIENT(dstyle_std),
    };
}

void hand_keep_outputs(const struct norma_problem *problem, struct reference_result *results) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_place place =
            reference_place_of(results, (enum reference_tensor_id)id);
        if (place.value && !reference_is_output(&tensors[id])) {
            *place.value = NULL;
        }
    }
}

void hand_run(const char *text, struct norma_args args) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK, "%s", text);
    struct reference_result results = all_results();
    hand_keep_outputs(&problem, &results);
    memset(&hand, 0xff, sizeof hand); /* NaNs */
    const norma_status status = reference_run(&problem, &args, &results);
    cr_assert(status == NORMA_STATUS_OK, "%s", norma_strerror(status));
}

/* Checks whether a value is the expected one but for roundoff; a NaN must be one, and an infinity
 * must have the expected sign. */
static bool is_near(double value, double expected, double roundoff) {
    if (isnan(expected)) {
        return isnan(value);
    }
    return value == expected || fabs(value - expected) <= roundoff * (1.0 + fabs(expected));
}

static void expect_one(const char *file, int line, int index, double value, double expected,
                       double roundoff) {
    cr_expect(is_near(value, expected, roundoff), "%s:%d: [%d] is %.17g, should be %.17g", file,
              line, index, value, expected);
}

void hand_expect(const char *file, int line, const double *values, const double *expected,
                 int count) {
    for (int i = 0; i < count; i++) {
        expect_one(file, line, i, values[i], expected[i], 1e-14);
    }
}

void hand_expect_condition(const char *file, int line, struct reference_condition condition,
                           struct reference_condition expected) {
    const double got[] = {condition.slope, condition.mean, condition.spread,
                          (double)condition.count};
    hand_expect(file, line, got,
                (double[]){expected.slope, expected.mean, expected.spread, (double)expected.count},
                4);
}

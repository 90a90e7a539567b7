/* Support for tests with values computed by hand: runs the reference into static arrays, and
 * compares them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_TESTS_HAND_H
#define REFERENCE_TESTS_HAND_H

#include "reference/reference.h"

enum { HAND_MOST = 16 }; /* elements of any tensor */

/* The results of the latest run; NaNs where it did not write. */
struct hand_gradient {
    double value[HAND_MOST], terms[HAND_MOST], sums[HAND_MOST], scatter[HAND_MOST],
        shared[HAND_MOST], rounded[HAND_MOST], lost[HAND_MOST];
};

struct hand {
    double y[HAND_MOST], terms[HAND_MOST];
    struct reference_condition conditions[HAND_MOST][REFERENCE_CONDITIONS];
    double mean[HAND_MOST], inverse_std[HAND_MOST];
    double instance_mean[HAND_MOST], instance_inverse_std[HAND_MOST];
    double running_mean[HAND_MOST], running_variance[HAND_MOST];
    double style_mean[HAND_MOST], style_std[HAND_MOST], style_loss[HAND_MOST];
    double dresidual[HAND_MOST];
    struct hand_gradient dx, dgamma, dbeta, drho, dalpha, dstyle, dstyle_mean, dstyle_std;
};

extern struct hand hand;

/* Leaves out the results that the problem does not have. */
void hand_keep_outputs(const struct norma_problem *problem, struct reference_result *results);

/* Runs the problem into `hand`. */
void hand_run(const char *text, struct norma_args args);

void hand_expect(const char *file, int line, const double *values, const double *expected,
                 int count);
void hand_expect_condition(const char *file, int line, struct reference_condition condition,
                           struct reference_condition expected);

#define HAND_LIST(...)                                                                             \
    (const double[]){__VA_ARGS__}, (int)(sizeof((double[]){__VA_ARGS__}) / sizeof(double))

#define EXPECT(values, ...) hand_expect(__FILE__, __LINE__, values, HAND_LIST(__VA_ARGS__))
#define EXPECT_CONDITION(condition, ...)                                                           \
    hand_expect_condition(__FILE__, __LINE__, condition, (struct reference_condition){__VA_ARGS__})

#endif

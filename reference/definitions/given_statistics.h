/* The statistics that a backward pass is given.
 *
 * A gradient is that of the function of x, whose statistics are those of x. What a forward pass
 * returns of them is rounded to float, and that is not enough: a mean of 10000 deviations has lost
 * four digits of x - mean. So they are computed again here, in double. What an implementation is
 * given is a hint, and the gradients' `rounded` and `lost` say how far it is off if it trusts it.
 * Constants (running statistics in inf_bwd, statistics of styles that the caller states) are taken
 * as they are given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_GIVEN_STATISTICS_H
#define REFERENCE_DEFINITIONS_GIVEN_STATISTICS_H

#include "reference/definitions/problem_view.h"

/* x^ = (x - mean) inverse_std. */
struct reference_given {
    double mean, inverse_std;
    /* How far an implementation is off that has been given these as floats, as multiples of the
     * unit roundoff: the relative error of inverse_std, and what a rounding of the mean moves x^
     * by. One of the last two is 0, or next to it. */
    double rounding, small, large;
};

/* Planes of x: set i consists of `count` planes from number first * i on, `stride` apart. */
struct reference_set_planes {
    int64_t sets, first, count, stride;
};

/* Finds the mean and the deviation of every set in x, and stores them in view->given. */
void reference_find_given(const struct reference_view *view, struct reference_set_planes planes);
/* Finds r = 1 / sqrt(sum of squares * factor + epsilon) of every sample, with a mean of 0. */
void reference_find_given_norms(const struct reference_view *view, double factor, double epsilon);
/* Finds those of bin's instances. */
void reference_find_given_instances(const struct reference_view *view);

/* Returns entry `set` of mean and inverse_std, and plane (n, c) of those of bin's instances. */
struct reference_given reference_given_set(const struct reference_view *view, int64_t set);
struct reference_given reference_given_instance(const struct reference_view *view, int64_t n,
                                                int64_t c);
/* Returns the statistics of channel c over the batch; in inf_bwd the running ones. */
struct reference_given reference_given_batch(const struct reference_view *view, int64_t c);

/* Returns the largest relative error of the value as a float, as a multiple of the unit roundoff:
 * 1, or more where it is subnormal. */
double reference_rounding_of(double value);

/* Returns the statistics `mean` and `inverse_std` of x, of which an implementation is given the
 * floats that follow. A float that is not finite is taken as it is, as it reaches all that depends
 * on it. */
struct reference_given reference_rounded_statistics(double mean, double inverse_std,
                                                    float given_mean, float given_inverse_std);

#endif

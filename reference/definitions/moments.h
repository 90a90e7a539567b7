/* Textbook moments: plain sums over a set of planes, the mean before the deviations from it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_MOMENTS_H
#define REFERENCE_DEFINITIONS_MOMENTS_H

#include "reference/interface/interface.h"

/* The set that statistics are computed over: `count` planes of a tensor with `length` elements
 * each, from number `first` on, `stride` apart. */
struct reference_planes {
    const void *data;
    norma_dtype dtype;
    int64_t first, count, stride, length;
};

struct reference_moments {
    double mean, variance; /* the variance is biased */
    int64_t count;
};

/* Returns the mean, and the mean of the squared deviations from it. */
struct reference_moments reference_moments_of(struct reference_planes planes);

/* Returns the sum of the squares; NaN where there is an infinity, as deviations from a mean would
 * give it. */
double reference_sum_of_squares(struct reference_planes planes);

#endif

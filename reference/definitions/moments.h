/* Textbook moments: plain sums over a set of planes, the mean before the deviations from it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_MOMENTS_H
#define REFERENCE_DEFINITIONS_MOMENTS_H

#include <stdint.h>

/* Planes first, first + stride, ... (count of them) of a tensor with planes of `length` elements:
 * the set that statistics are taken over. */
struct reference_planes {
    const float *data;
    int64_t first, count, stride, length;
};

struct reference_moments {
    double mean, variance; /* biased */
    int64_t count;
};

/* Mean, then mean squared deviation. */
struct reference_moments reference_moments(struct reference_planes planes);

/* NaN where there is an infinity, as deviations from a mean would be. */
double reference_sum_of_squares(struct reference_planes planes);

#endif

/* Textbook moments: plain sums over a set of planes, the mean before the deviations from it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_REFERENCE_MOMENTS_H
#define NORMA_REFERENCE_MOMENTS_H

#include <stdint.h>

/* Planes first, first + stride, ... (count of them) of a tensor with planes of `length` elements:
 * the set that statistics are taken over. */
struct norma_planes {
    const float *data;
    int64_t first, count, stride, length;
};

struct norma_moments {
    double mean, variance; /* biased */
    int64_t count;
};

/* Mean, then mean squared deviation. */
struct norma_moments norma_moments(struct norma_planes planes);

/* NaN where there is an infinity, as deviations from a mean would be. */
double norma_sum_of_squares(struct norma_planes planes);

#endif

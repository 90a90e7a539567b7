/* The median of a few samples, the ratio of two, and how sure they are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_STATISTICS_H
#define NORMA_BENCH_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

struct norma_estimate {
    double median;
    double low, high; /* 95% bootstrap interval (percentile method) of the median */
};

/* count > 0. The mean of the middle two where count is even. */
double norma_median(const double *samples, size_t count);

/* count > 0. The same seed gives the same interval. */
struct norma_estimate norma_estimate_median(const double *samples, size_t count, uint64_t seed);

/* The samples of two that were measured against each other. */
struct norma_pair {
    const double *samples, *base;
    size_t count, base_count; /* both > 0 */
};

/* What a resample draws: only what is independent of each other may be drawn by itself. */
enum norma_drawing {
    NORMA_DRAW_SAMPLES, /* samples */
    NORMA_DRAW_ROUNDS   /* rounds: the i-th samples of all pairs together, and those of the bases */
};

/* The geometric mean over the pairs of the ratio of the medians of samples and base. count > 0. */
struct norma_estimate norma_estimate_ratio(const struct norma_pair *pairs, size_t count,
                                           enum norma_drawing drawing, uint64_t seed);

/* Half the width of the interval relative to the median. */
double norma_relative_error(const struct norma_estimate *estimate);

#endif

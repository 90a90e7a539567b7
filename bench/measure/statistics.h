/* The median of a few samples, the ratio of two, and how sure they are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_STATISTICS_H
#define BENCH_MEASURE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

struct bench_estimate {
    double median;
    double low, high; /* 95% bootstrap interval (percentile method) of the median */
};

/* count > 0. The mean of the middle two where count is even. */
double bench_median(const double *samples, size_t count);

/* count > 0. The same seed gives the same interval. */
struct bench_estimate bench_estimate_median(const double *samples, size_t count, uint64_t seed);

/* The samples of two that were measured against each other. */
struct bench_pair {
    const double *samples, *base;
    size_t count, base_count; /* both > 0 */
};

/* What a resample draws: only what is independent of each other may be drawn by itself. */
enum bench_drawing {
    BENCH_DRAW_SAMPLES, /* samples */
    BENCH_DRAW_ROUNDS   /* rounds: the i-th samples of all pairs together, and those of the bases */
};

/* The geometric mean over the pairs of the ratio of the medians of samples and base. count > 0. */
struct bench_estimate bench_estimate_ratio(const struct bench_pair *pairs, size_t count,
                                           enum bench_drawing drawing, uint64_t seed);

/* Half the width of the interval relative to the median. */
double bench_relative_error(const struct bench_estimate *estimate);

#endif

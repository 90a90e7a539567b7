/* Medians of samples, ratios of medians, and their confidence intervals.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_STATISTICS_H
#define BENCH_MEASURE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

struct bench_estimate {
    double median;
    double low, high; /* the 95% bootstrap interval (percentile method) of the median */
};

/* Returns the median, the mean of the middle two where count is even; count must be above 0. */
double bench_median(const double *samples, size_t count);

/* Returns the median with its interval; count must be above 0. The same seed gives the same
 * interval. */
struct bench_estimate bench_estimate_median(const double *samples, size_t count, uint64_t seed);

/* The samples of two implementations that were measured against each other. */
struct bench_pair {
    const double *samples, *base;
    size_t count, base_count; /* both above 0 */
};

/* The unit that a resample draws; only units that are independent of each other may be drawn. */
enum bench_drawing {
    BENCH_DRAW_SAMPLES, /* single samples */
    BENCH_DRAW_ROUNDS   /* rounds: the i-th samples of all pairs together, and those of the bases */
};

/* Returns the geometric mean, over the pairs, of the ratio of the medians of samples and base;
 * count must be above 0. */
struct bench_estimate bench_estimate_ratio(const struct bench_pair *pairs, size_t count,
                                           enum bench_drawing drawing, uint64_t seed);

/* Returns half the width of the interval relative to the median. */
double bench_relative_error(const struct bench_estimate *estimate);

/* Compares two doubles for qsort, which then sorts them from small to large. */
int bench_compare_doubles(const void *a, const void *b);

#endif

/* Rank tests of whether one sample is larger than another. They assume nothing about how times are
 * distributed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_RANKS_H
#define BENCH_MEASURE_RANKS_H

#include <stddef.h>

struct bench_rank_test {
    double superiority; /* the fraction of comparisons in which a is larger; ties count half */
    double p;           /* the two-sided probability of such a difference or more by chance */
};

/* Compares a and b, which must be independent of each other, by Mann and Whitney's test. It is
 * exact where there are no ties and at most 20 samples on either side; else it is the normal
 * approximation with corrections for ties and continuity. Both counts must be above 0. */
struct bench_rank_test bench_compare_ranks(const double *a, size_t a_count, const double *b,
                                           size_t b_count);

/* Compares pairs a[i], b[i] by Wilcoxon's test of signed ranks on the logarithms of their ratios.
 * No rank counts more than the middle one: on a busy machine one in ten short runs is disturbed,
 * and such runs differ the most. The test is exact where there are no ties and at most 50 pairs,
 * else the normal approximation. All values must be above 0. */
struct bench_rank_test bench_rank_test_of_pairs(const double *a, const double *b, size_t count);

/* Returns the smallest p that bench_rank_test can have: with few values no difference can be
 * significant. */
double bench_least_p(size_t a_count, size_t b_count);
/* Returns the smallest p that bench_rank_test_of_pairs can have. */
double bench_least_p_of_pairs(size_t count);

/* Replaces each of many p-values by the lowest rate of false discoveries at which it counts as a
 * discovery (Benjamini and Hochberg). */
void bench_adjust_for_many(double *p, size_t count);

#endif

/* Are these larger than those? Tests by rank, which ask nothing of how times are distributed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_RANKS_H
#define BENCH_MEASURE_RANKS_H

#include <stddef.h>

struct bench_rank_test {
    double superiority; /* how often a is larger than b, from 0 to 1; ties count half */
    double p;           /* of at least such a difference if there is none, two-sided */
};

/* For a and b that have nothing to do with each other: Mann and Whitney's test, exact where
 * there are no ties and at most 20 on either side, else the normal approximation with corrections
 * for ties and continuity. Both counts > 0. */
struct bench_rank_test bench_rank_test(const double *a, size_t a_count, const double *b,
                                       size_t b_count);

/* For pairs a[i], b[i]: Wilcoxon's test of signed ranks on the logarithms of their ratios, in which
 * no rank counts more than that in the middle: of short runs on a busy machine one in ten is
 * disturbed, and differs the most. Exact where there are no ties and at most 50 pairs, else the
 * normal approximation. All values above 0. */
struct bench_rank_test bench_rank_test_of_pairs(const double *a, const double *b, size_t count);

/* The least p that either test can have: with few values no difference is significant. */
double bench_least_p(size_t a_count, size_t b_count);
double bench_least_p_of_pairs(size_t count);

/* Benjamini and Hochberg's: in place of each of many p-values the least rate of false discoveries
 * at which it is one of them. */
void bench_adjust_for_many(double *p, size_t count);

#endif

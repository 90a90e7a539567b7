/* Medians and intervals, which must cover the true value as often as they claim; rank tests against
 * tables, values by hand, and chance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/ranks.h"
#include "bench/measure/statistics.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <math.h>

static double uniform(uint64_t *random) {
    return ((double)(tool_random_next(random) >> 11) + 0.5) * 0x1p-53;
}

/* ---- medians and intervals ------------------------------------------------------------------ */

Test(statistics, known_medians) {
    const double samples[] = {9, 1, 4, 7, 2};
    cr_expect_eq(bench_median(samples, 5), 4);
    cr_expect_eq(bench_median(samples, 4), 5.5);
    cr_expect_eq(bench_median(samples, 1), 9);
    cr_expect_eq(samples[0], 9, "the samples stay as they are");
}

Test(statistics, an_interval_of_equal_samples_is_a_point) {
    const double samples[] = {3, 3, 3, 3};
    struct bench_estimate estimate = bench_estimate_median(samples, 4, 7);
    cr_expect_eq(estimate.low, 3);
    cr_expect_eq(estimate.median, 3);
    cr_expect_eq(estimate.high, 3);
    cr_expect_eq(bench_relative_error(&estimate), 0);
}

Test(statistics, one_sample) {
    const double sample = 2;
    struct bench_estimate estimate = bench_estimate_median(&sample, 1, 7);
    cr_expect_eq(estimate.low, 2);
    cr_expect_eq(estimate.high, 2);
}

Test(statistics, the_interval_of_three_samples_is_all_of_them) {
    const double samples[] = {2, 1, 3}; /* 7 of 27 resamples have the smallest as median */
    struct bench_estimate estimate = bench_estimate_median(samples, 3, 7);
    cr_expect_eq(estimate.low, 1);
    cr_expect_eq(estimate.high, 3);
    cr_expect_eq(bench_relative_error(&estimate), 0.5);
}

Test(statistics, an_outlier_moves_neither_median_nor_interval) {
    double samples[41];
    for (int i = 0; i < 41; i++) {
        samples[i] = 100 + i % 5;
    }
    struct bench_estimate before = bench_estimate_median(samples, 41, 7);
    samples[3] = 1e9;
    struct bench_estimate after = bench_estimate_median(samples, 41, 7);
    cr_expect_leq(fabs(after.median - before.median), 1);
    cr_expect_leq(after.high, 104);
}

Test(statistics, the_seed_decides) {
    const double samples[] = {1, 5, 2, 8, 3, 9, 4, 7, 6, 10};
    struct bench_estimate first = bench_estimate_median(samples, 10, 7);
    struct bench_estimate second = bench_estimate_median(samples, 10, 7);
    cr_expect_eq(first.low, second.low);
    cr_expect_eq(first.high, second.high);
}

/* Draws exponential samples, which are skewed as times are; their true median is ln 2. It should be
 * in 380 of 400 intervals. The percentile bootstrap of a median is known to cover a little less or
 * more, and the binomial scatter of the count is 4.4. */
Test(statistics, intervals_cover_the_true_median) {
    enum { TRIALS = 400, SAMPLES = 31 };
    uint64_t random = 42;
    int covered = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double samples[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            samples[i] = -log(uniform(&random));
        }
        struct bench_estimate estimate = bench_estimate_median(samples, SAMPLES, (uint64_t)trial);
        covered += estimate.low <= log(2) && log(2) <= estimate.high;
    }
    cr_expect_geq(covered, 365, "%d of 400", covered);
    cr_expect_leq(covered, 396, "%d of 400: intervals this wide say nothing", covered);
}

Test(statistics, a_ratio_is_the_geometric_mean_of_those_of_the_medians) {
    const double slow[] = {4, 4, 4}, quick[] = {1, 1, 1, 1}, same[] = {7, 7};
    const struct bench_pair pairs[] = {{slow, quick, 3, 4}, {same, same, 2, 2}};
    struct bench_estimate ratio = bench_estimate_ratio(pairs, 2, BENCH_DRAW_SAMPLES, 7);
    cr_expect_float_eq(ratio.median, 2, 1e-12);
    cr_expect_float_eq(ratio.low, 2, 1e-12);
    cr_expect_float_eq(ratio.high, 2, 1e-12);
}

/* Draws two pairs of skewed times with the true ratios 0.5 and 2, whose geometric mean is 1. */
Test(statistics, intervals_cover_the_true_ratio) {
    enum { TRIALS = 200, SAMPLES = 31 };
    uint64_t random = 42;
    int covered = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double samples[4][SAMPLES];
        const double scales[] = {1, 2, 2, 1};
        for (int i = 0; i < 4 * SAMPLES; i++) {
            samples[i / SAMPLES][i % SAMPLES] =
                scales[i / SAMPLES] * (1 - 0.1 * log(uniform(&random)));
        }
        const struct bench_pair pairs[] = {{samples[0], samples[1], SAMPLES, SAMPLES},
                                           {samples[2], samples[3], SAMPLES, SAMPLES}};
        struct bench_estimate ratio =
            bench_estimate_ratio(pairs, 2, BENCH_DRAW_SAMPLES, (uint64_t)trial);
        covered += ratio.low <= 1 && 1 <= ratio.high;
    }
    cr_expect_geq(covered, 180, "%d of 200", covered);
    cr_expect_leq(covered, 199, "%d of 200: intervals this wide say nothing", covered);
}

Test(statistics, draws_are_below_their_bound_and_reach_it) {
    uint64_t random = 1;
    int seen[7] = {0};
    for (int i = 0; i < 7000; i++) {
        size_t draw = tool_random_below(&random, 7);
        cr_assert_lt(draw, 7);
        seen[draw]++;
    }
    for (int i = 0; i < 7; i++) {
        cr_expect(seen[i] > 850 && seen[i] < 1150, "%d drawn %d times", i, seen[i]);
    }
}

/* Returns how many of 200 intervals cover the true ratio of four pairs that are the same: what
 * disturbs a round disturbs all of them, and their mean is no more certain than one of them. */
static int rounds_that_cover(enum bench_drawing drawing) {
    enum { TRIALS = 200, ROUNDS = 15 };
    uint64_t random = 42;
    int covered = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double samples[ROUNDS], base[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            samples[i] = 1 + 0.1 * (double)(tool_random_next(&random) >> 11) * 0x1p-53;
            base[i] = 1 + 0.1 * (double)(tool_random_next(&random) >> 11) * 0x1p-53;
        }
        const struct bench_pair pair = {samples, base, ROUNDS, ROUNDS};
        const struct bench_pair pairs[] = {pair, pair, pair, pair};
        struct bench_estimate ratio = bench_estimate_ratio(pairs, 4, drawing, (uint64_t)trial);
        covered += ratio.low <= 1 && 1 <= ratio.high;
    }
    return covered;
}

Test(statistics, what_is_of_a_round_is_drawn_together) {
    const int covered = rounds_that_cover(BENCH_DRAW_ROUNDS);
    cr_expect(covered >= 180 && covered < 200, "%d of 200", covered);
    const int apart = rounds_that_cover(BENCH_DRAW_SAMPLES);
    cr_expect_lt(apart, 160, "%d of 200: here the samples are not independent", apart);
}

/* In each round one kernel is slower by the factor by which the other is quicker, so that their
 * mean never changes; their times are in opposite order. */
Test(statistics, rounds_are_drawn_by_place_and_not_by_rank) {
    double quick[11], slow[11];
    const double base = 1;
    for (int i = 0; i < 11; i++) {
        slow[i] = 1 + 0.1 * (7 * i % 11);
        quick[i] = 1 / slow[i];
    }
    const struct bench_pair pairs[] = {{slow, &base, 11, 1}, {quick, &base, 11, 1}};
    struct bench_estimate ratio = bench_estimate_ratio(pairs, 2, BENCH_DRAW_ROUNDS, 7);
    cr_expect_float_eq(ratio.low, 1, 1e-9);
    cr_expect_float_eq(ratio.high, 1, 1e-9);
    ratio = bench_estimate_ratio(pairs, 2, BENCH_DRAW_SAMPLES, 7);
    cr_expect_lt(ratio.low, 0.95);
}

/* ---- ranks ---------------------------------------------------------------------------------- */

Test(ranks, all_larger_is_the_rarest_of_arrangements) {
    const double a[] = {5, 6, 7, 8}, b[] = {4, 3, 2, 1};
    struct bench_rank_test test = bench_compare_ranks(a, 4, b, 4);
    cr_expect_eq(test.superiority, 1);
    cr_expect_float_eq(test.p, 2.0 / 70, 1e-12, "two of 8 over 4 arrangements");
    cr_expect_eq(bench_compare_ranks(b, 4, a, 4).superiority, 0);
    cr_expect_float_eq(bench_compare_ranks(b, 4, a, 4).p, 2.0 / 70, 1e-12);
}

/* There are 10 arrangements of 2 and 3 samples, and 2 of them have U <= 1, so p = 2 * 2 / 10. */
Test(ranks, an_exact_value_by_hand) {
    const double a[] = {1, 3}, b[] = {2, 4, 5};
    struct bench_rank_test test = bench_compare_ranks(a, 2, b, 3);
    cr_expect_float_eq(test.superiority, 1.0 / 6, 1e-12);
    cr_expect_float_eq(test.p, 0.4, 1e-12);
}

/* Compares with tables of critical values, two-sided 0.05, such as U = 23 for 10 and 10 samples. */
Test(ranks, the_tables_of_critical_values) {
    const struct { size_t count, critical; } tables[] = {{8, 13}, {10, 23}, {15, 64}, {20, 127}};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        const size_t count = tables[t].count;
        for (size_t statistic = tables[t].critical; statistic <= tables[t].critical + 1;
             statistic++) {
            double a[20], b[20];
            for (size_t i = 0; i < count; i++) {
                b[i] = (double)i + 0.5;
                a[i] = -1 - (double)i;
            }
            for (size_t i = 0, left = statistic; i < count; i++) { /* a[i] is above so many of b */
                const size_t larger = left < count ? left : count;
                a[i] = larger > 0 ? (double)larger - 0.25 + 0.001 * (double)i : a[i];
                left -= larger;
            }
            const double p = bench_compare_ranks(a, count, b, count).p;
            cr_expect_eq(p <= 0.05, statistic == tables[t].critical, "%zu and %zu: U = %zu, p = %g",
                         count, count, statistic, p);
        }
    }
}

/* The ranks are 1.5 1.5 3 5 and 5 5 7 8, so U = 1; ties of 2 and 3 make the variance
 * 16 / 12 * (9 - 30 / 56). */
Test(ranks, ties_by_hand) {
    const double a[] = {1, 1, 2, 3}, b[] = {3, 3, 4, 5};
    struct bench_rank_test test = bench_compare_ranks(a, 4, b, 4);
    cr_expect_float_eq(test.superiority, 1.0 / 16, 1e-12);
    const double z = (7 - 0.5) / sqrt(16.0 / 12 * (9 - 30.0 / 56));
    cr_expect_float_eq(test.p, erfc(z / sqrt(2)), 1e-12);
}

Test(ranks, equal_values_tell_nothing) {
    const double same[] = {2, 2, 2};
    struct bench_rank_test test = bench_compare_ranks(same, 3, same, 3);
    cr_expect_eq(test.superiority, 0.5);
    cr_expect_eq(test.p, 1);
}

static double p_of_any(const double *a, const double *b, size_t count) {
    return bench_compare_ranks(a, count, b, count).p;
}

static double p_of_pairs(const double *a, const double *b, size_t count) {
    return bench_rank_test_of_pairs(a, b, count).p;
}

/* Checks that without a difference p is below 0.05 in about 5% of the trials: 100 of 2000, with a
 * scatter of 10, or a little fewer if the test is exact, as its p has steps. */
static void expect_chance(double (*test)(const double *, const double *, size_t), size_t count) {
    uint64_t random = 42;
    int significant = 0;
    for (int trial = 0; trial < 2000; trial++) {
        double a[60], b[60];
        for (size_t i = 0; i < count; i++) {
            a[i] = 1 + uniform(&random);
            b[i] = 1 + uniform(&random);
        }
        significant += test(a, b, count) < 0.05;
    }
    cr_expect(significant > 60 && significant < 140, "%d of 2000", significant);
}

Test(ranks, chance_is_significant_as_often_as_it_should) {
    expect_chance(p_of_any, 9); /* exact */
    expect_chance(p_of_any, 25);
    expect_chance(p_of_pairs, 12); /* exact */
    expect_chance(p_of_pairs, 60);
}

/* The differences are 1 2 -3 4 5 and the scores 1 2 3 3 3; a score of 3 is negative. 7 of the 32
 * signs have a sum of at most 3: none, 1, 2, 1 and 2, and one of the three 3. */
Test(ranks, pairs_by_hand) {
    const double a[] = {exp(1), exp(2), exp(-3), exp(4), exp(5)}, b[] = {1, 1, 1, 1, 1};
    struct bench_rank_test test = bench_rank_test_of_pairs(a, b, 5);
    cr_expect_eq(test.superiority, 0.8);
    cr_expect_float_eq(test.p, 14.0 / 32, 1e-12);
    cr_expect_float_eq(bench_rank_test_of_pairs(b, a, 5).p, 14.0 / 32, 1e-12);
}

/* The pair that differs the most counts no more than the middle one. */
Test(ranks, a_disturbed_pair_does_not_hide_a_difference) {
    double a[20], b[20];
    for (int i = 0; i < 20; i++) {
        b[i] = 1;
        a[i] = 1.1 + 0.001 * i;
    }
    cr_expect_float_eq(bench_rank_test_of_pairs(a, b, 20).p, ldexp(2, -20), 1e-12);
    a[7] = 0.3;
    cr_expect_lt(bench_rank_test_of_pairs(a, b, 20).p, 2.5e-4);
    a[8] = 0.2;
    cr_expect_lt(bench_rank_test_of_pairs(a, b, 20).p, 5e-3);
}

/* The ratios are 2 2 1/2 4 1. The 1 does not count; the ranks are 2 2 2 4, capped at 2, and 6 of 8
 * is the sum of the positive ones. */
Test(ranks, ties_of_pairs_by_hand) {
    const double a[] = {2, 2, 1, 4, 1}, b[] = {1, 1, 2, 1, 1};
    struct bench_rank_test test = bench_rank_test_of_pairs(a, b, 5);
    cr_expect_float_eq(test.superiority, 0.7, 1e-12);
    cr_expect_float_eq(test.p, erfc((2 - 0.5) / 2 / sqrt(2)), 1e-12);
    cr_expect_eq(bench_rank_test_of_pairs(a, a, 5).p, 1);
}

Test(ranks, what_disturbs_both_of_a_pair_does_not_hide_a_difference) {
    uint64_t random = 3;
    double a[15], b[15];
    for (int i = 0; i < 15; i++) {
        b[i] = 1 + uniform(&random);
        a[i] = b[i] * (1.05 + 0.01 * uniform(&random));
    }
    cr_expect_lt(bench_rank_test_of_pairs(a, b, 15).p, 1e-4);
    cr_expect_gt(bench_compare_ranks(a, 15, b, 15).p, 0.05);
}

Test(ranks, many_tests_by_hand) {
    double p[] = {0.04, 0.001, 0.03, 0.5};
    bench_adjust_for_many(p, 4);
    cr_expect_float_eq(p[1], 0.004, 1e-12);
    cr_expect_float_eq(p[2], 0.04 * 4 / 3, 1e-12, "not above that of the next");
    cr_expect_float_eq(p[0], 0.04 * 4 / 3, 1e-12);
    cr_expect_float_eq(p[3], 0.5, 1e-12);
}

Test(ranks, one_test_is_one_test) {
    double p = 0.03;
    bench_adjust_for_many(&p, 1);
    cr_expect_eq(p, 0.03);
}

/* In about 5% of the trials, one of 100 tests without a difference is still significant. */
Test(ranks, of_many_by_chance_none_is_left) {
    uint64_t random = 7;
    int left = 0;
    for (int trial = 0; trial < 500; trial++) {
        double p[100];
        for (int i = 0; i < 100; i++) {
            p[i] = uniform(&random);
        }
        bench_adjust_for_many(p, 100);
        bool any = false;
        for (int i = 0; i < 100; i++) {
            any = any || p[i] < 0.05;
        }
        left += any;
    }
    cr_expect(left > 8 && left < 45, "in %d of 500 trials, should be 25", left);
}

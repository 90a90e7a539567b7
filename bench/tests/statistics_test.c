/* Medians, and intervals that hold the true median as often as they say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/statistics.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <math.h>

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
    const double samples[] = {2, 1, 3}; /* 7/27 of all resamples have the least as median */
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

/* Exponential samples: skewed, like times; their true median is ln 2. Of 400 intervals 380 should
 * hold it; the percentile bootstrap of a median is known to fall a little short or over, and the
 * binomial scatter of the count is 4.4. */
Test(statistics, intervals_cover_the_true_median) {
    enum { TRIALS = 400, SAMPLES = 31 };
    uint64_t random = 42;
    int covered = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double samples[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            double uniform = ((double)(tool_random_next(&random) >> 11) + 0.5) * 0x1p-53;
            samples[i] = -log(uniform);
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

/* Two pairs, the true ratios 0.5 and 2 of skewed times: their geometric mean is 1. */
Test(statistics, intervals_cover_the_true_ratio) {
    enum { TRIALS = 200, SAMPLES = 31 };
    uint64_t random = 42;
    int covered = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double samples[4][SAMPLES];
        const double scales[] = {1, 2, 2, 1};
        for (int i = 0; i < 4 * SAMPLES; i++) {
            double uniform = ((double)(tool_random_next(&random) >> 11) + 0.5) * 0x1p-53;
            samples[i / SAMPLES][i % SAMPLES] = scales[i / SAMPLES] * (1 - 0.1 * log(uniform));
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

/* Two kernels of the same rounds: what disturbs a round disturbs both, and their mean is no surer
 * than one of them. */
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

/* What slows one kernel makes the other quicker, so that in no round their mean changes: their
 * times stand in opposite order. */
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

/* Rank tests against values from tables and by hand, and against chance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/ranks.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <math.h>

Test(ranks, all_larger_is_the_rarest_of_arrangements) {
    const double a[] = {5, 6, 7, 8}, b[] = {4, 3, 2, 1};
    struct bench_rank_test test = bench_rank_test(a, 4, b, 4);
    cr_expect_eq(test.superiority, 1);
    cr_expect_float_eq(test.p, 2.0 / 70, 1e-12, "two of 8 over 4 arrangements");
    cr_expect_eq(bench_rank_test(b, 4, a, 4).superiority, 0);
    cr_expect_float_eq(bench_rank_test(b, 4, a, 4).p, 2.0 / 70, 1e-12);
}

/* Of the 10 arrangements of 2 and 3, those with U <= 1 are 2: p = 2 * 2 / 10. */
Test(ranks, an_exact_value_by_hand) {
    const double a[] = {1, 3}, b[] = {2, 4, 5};
    struct bench_rank_test test = bench_rank_test(a, 2, b, 3);
    cr_expect_float_eq(test.superiority, 1.0 / 6, 1e-12);
    cr_expect_float_eq(test.p, 0.4, 1e-12);
}

/* Tables of critical values, two-sided 0.05: U = 23 for 10 and 10, 127 for 20 and 20. */
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
            for (size_t i = 0, left = statistic; i < count; i++) { /* a larger than so many of b */
                const size_t larger = left < count ? left : count;
                a[i] = larger > 0 ? (double)larger - 0.25 + 0.001 * (double)i : a[i];
                left -= larger;
            }
            const double p = bench_rank_test(a, count, b, count).p;
            cr_expect_eq(p <= 0.05, statistic == tables[t].critical, "%zu and %zu: U = %zu, p = %g",
                         count, count, statistic, p);
        }
    }
}

/* Ranks 1.5 1.5 3 5 and 5 5 7 8: U = 1, ties 2 and 3: variance 16 / 12 * (9 - 30 / 56). */
Test(ranks, ties_by_hand) {
    const double a[] = {1, 1, 2, 3}, b[] = {3, 3, 4, 5};
    struct bench_rank_test test = bench_rank_test(a, 4, b, 4);
    cr_expect_float_eq(test.superiority, 1.0 / 16, 1e-12);
    const double z = (7 - 0.5) / sqrt(16.0 / 12 * (9 - 30.0 / 56));
    cr_expect_float_eq(test.p, erfc(z / sqrt(2)), 1e-12);
}

Test(ranks, equal_values_tell_nothing) {
    const double same[] = {2, 2, 2};
    struct bench_rank_test test = bench_rank_test(same, 3, same, 3);
    cr_expect_eq(test.superiority, 0.5);
    cr_expect_eq(test.p, 1);
}

static double uniform(uint64_t *random) {
    return ((double)(tool_random_next(random) >> 11) + 0.5) * 0x1p-53;
}

static double p_of_any(const double *a, const double *b, size_t count) {
    return bench_rank_test(a, count, b, count).p;
}

static double p_of_pairs(const double *a, const double *b, size_t count) {
    return bench_rank_test_of_pairs(a, b, count).p;
}

/* Where there is no difference, p is below 0.05 as often as that; of 2000 some 100, give or take
 * 10, or a little fewer where the test is exact, as there are steps in what it counts. */
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

/* Differences 1 2 -3 4 5: scores 1 2 3 3 3, and 3 is below 0. Sums of at most 3: of none, 1, 2, 1
 * and 2, and one of the three 3: 7 of 32 signs. */
Test(ranks, pairs_by_hand) {
    const double a[] = {exp(1), exp(2), exp(-3), exp(4), exp(5)}, b[] = {1, 1, 1, 1, 1};
    struct bench_rank_test test = bench_rank_test_of_pairs(a, b, 5);
    cr_expect_eq(test.superiority, 0.8);
    cr_expect_float_eq(test.p, 14.0 / 32, 1e-12);
    cr_expect_float_eq(bench_rank_test_of_pairs(b, a, 5).p, 14.0 / 32, 1e-12);
}

/* The one that differs the most counts as the one in the middle. */
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

/* Ratios 2 2 1/2 4 1: the 1 does not count; ranks 2 2 2 4, none more than 2: 6 of 8. */
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
    cr_expect_gt(bench_rank_test(a, 15, b, 15).p, 0.05);
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

/* 100 tests without a difference: hardly ever is one left. */
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

/* Compares machines: common problems, best configurations, scaling, and whether digests agree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/figures/agreement.h"
#include "plots/figures/comparison.h"
#include "plots/tests/fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

static const char *const problems[] = {"bn:1x8x4x4", "bn:2x8x4x4", "bn:4x8x4x4"};

/* Returns a record of one of the problems. Its GB/s are 1e-3 / median. */
static struct record of(int problem, const char *implementation, int threads, double gbps) {
    struct record record = record_default();
    record.problem = problems[problem];
    record.n = 1 << problem;
    record.implementation = implementation;
    record.threads = threads;
    record.median = gbps == 0 ? 0 : 1e-3 / gbps;
    return record;
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* The first machine has three problems, the second two of them. */
static void add_two(struct fixture *fixture) {
    const struct record first[] = {
        of(0, "avx512", 1, 4),      of(1, "avx512", 1, 4), of(2, "avx512", 1, 1000),
        of(0, "avx2", 1, 2),        of(1, "avx2", 1, 2),   of(0, "avx512", 2, 8),
        of(1, "avx512", 2, 2),      of(0, "onednn", 1, 1), of(1, "onednn", 1, 2),
        of(0, "onednn-nhwc", 1, 2),
    };
    const struct record second[] = {
        of(0, "avx2", 1, 9),   of(1, "avx2", 1, 1),  of(2, "avx2", 1, 0),
        of(0, "onednn", 1, 3), of(0, "avx2", 4, 18), of(1, "avx2", 4, 8),
    };
    fixture_add(fixture, "m1", first, COUNT(first));
    fixture_add(fixture, "m2", second, COUNT(second));
    plot_view_create(&fixture->view, &fixture->results);
}

static void open_two(struct fixture *fixture, struct plot_comparison *comparison) {
    *fixture = (struct fixture){0};
    add_two(fixture);
    plot_comparison_create(comparison, &fixture->view, fixture->view.items[0]);
}

/* Returns the means of the best configurations for a number of threads. */
static void open_best(struct fixture *fixture, struct plot_comparison *comparison,
                      long long threads, const struct plot_configuration **best) {
    open_two(fixture, comparison);
    plot_comparison_best(comparison, threads, best);
}

static void close_two(struct fixture *fixture, struct plot_comparison *comparison) {
    plot_comparison_destroy(comparison);
    fixture_destroy(fixture);
}

Test(comparison, the_best_is_over_common_problems) {
    struct fixture fixture;
    struct plot_comparison comparison;
    const struct plot_configuration *best[2];
    struct plot_estimate means[2];
    open_best(&fixture, &comparison, 1, best);
    cr_assert(best[0] && best[1]);
    cr_expect_eq(plot_comparison_means(&comparison, PLOT_GBPS, best, NULL, means), 2);
    cr_expect_float_eq(means[0].value, 4, 1e-9, "not 1000 of the problem that is not common");
    cr_expect_float_eq(means[1].value, 3, 1e-9);
    cr_expect_str_eq(fixture.view.implementations[best[0]->implementation].name, "avx512");
    close_two(&fixture, &comparison);
}

Test(comparison, the_best_number_of_threads_is_chosen) {
    struct fixture fixture;
    struct plot_comparison comparison;
    const struct plot_configuration *best[2];
    open_best(&fixture, &comparison, 0, best);
    cr_expect_eq(best[0]->machine, 0);
    cr_expect_eq(best[1]->machine, 1);
    cr_expect_eq(best[1]->threads, 4);
    close_two(&fixture, &comparison);
}

Test(comparison, a_configuration_that_lacks_a_common_problem_is_no_candidate) {
    const struct record records[] = {of(0, "avx512", 1, 100), of(0, "avx2", 1, 3),
                                     of(1, "avx2", 1, 3)};
    struct fixture fixture = {0};
    struct plot_comparison comparison;
    const struct plot_configuration *best[1];
    fixture_add(&fixture, "m1", records, COUNT(records));
    plot_view_create(&fixture.view, &fixture.results);
    plot_comparison_create(&comparison, &fixture.view, fixture.view.items[0]);
    plot_comparison_best(&comparison, 0, best);
    cr_assert_not_null(best[0]);
    cr_expect_str_eq(fixture.view.implementations[best[0]->implementation].name, "avx2");
    close_two(&fixture, &comparison);
}

Test(comparison, machines_without_that_number_of_threads_are_left_out) {
    struct fixture fixture;
    struct plot_comparison comparison;
    const struct plot_configuration *best[2];
    struct plot_estimate means[2];
    open_best(&fixture, &comparison, 4, best);
    cr_expect_null(best[0]);
    cr_expect_eq(plot_comparison_means(&comparison, PLOT_GBPS, best, NULL, means), 2);
    cr_expect(isnan(means[0].value));
    cr_expect_float_eq(means[1].value, 12, 1e-9);
    cr_expect_eq(plot_comparison_next_threads(&comparison, 0), 1);
    cr_expect_eq(plot_comparison_next_threads(&comparison, 2), 4);
    cr_expect_eq(plot_comparison_next_threads(&comparison, 4), 0);
    close_two(&fixture, &comparison);
}

Test(comparison, speed_ups_are_over_problems_that_all_have_one_of) {
    struct fixture fixture;
    struct plot_comparison comparison;
    const struct plot_configuration *best[2];
    struct plot_estimate means[2];
    open_best(&fixture, &comparison, 1, best);
    cr_expect_eq(plot_comparison_means(&comparison, PLOT_OVER_SAME, best, NULL, means), 1);
    cr_expect_float_eq(means[0].value, 4, 1e-9);
    cr_expect_float_eq(means[1].value, 3, 1e-9);
    cr_expect_eq(plot_comparison_means(&comparison, PLOT_OVER_FASTEST, best, NULL, means), 1);
    cr_expect_float_eq(means[0].value, 2, 1e-9, "oneDNN's other layout is the faster one");
    cr_expect_eq(plot_comparison_means(&comparison, PLOT_SHARE, best, NULL, means), 2);
    cr_expect_float_eq(means[0].value, 2, 1e-9);
    close_two(&fixture, &comparison);
}

Test(comparison, scaling_is_time_with_one_thread_over_time_with_more) {
    struct fixture fixture;
    struct plot_comparison comparison;
    const struct plot_configuration *one[2], *many[2];
    struct plot_estimate means[2];
    open_best(&fixture, &comparison, 1, one);
    for (int m = 0; m < 2; m++) {
        many[m] = plot_comparison_find(&comparison, one[m], m == 0 ? 2 : 4);
        cr_assert_not_null(many[m]);
    }
    cr_expect_eq(plot_comparison_means(&comparison, PLOT_GBPS, many, one, means), 2);
    cr_expect_float_eq(means[0].value, 1, 1e-9, "twice and half");
    cr_expect_float_eq(means[1].value, 4, 1e-9, "twice and eight times");
    cr_expect_null(plot_comparison_find(&comparison, one[0], 4));
    close_two(&fixture, &comparison);
}

Test(comparison, means_have_intervals) {
    struct fixture fixture;
    struct plot_comparison comparison;
    const struct plot_configuration *best[2];
    struct plot_estimate means[2];
    open_best(&fixture, &comparison, 1, best);
    plot_comparison_means(&comparison, PLOT_GBPS, best, NULL, means);
    cr_expect_float_eq(means[0].low, 4 / 1.1, 1e-5);
    cr_expect_float_eq(means[0].high, 4 / 0.9, 1e-5);
    cr_expect(plot_is_above(means[0], means[1]), "from 3.64 against up to 3.33");
    plot_comparison_means(&comparison, PLOT_OVER_SAME, best, NULL, means);
    cr_expect_float_eq(means[0].low, 4 * 0.9 / 1.1, 1e-5);
    cr_expect(!plot_is_above(means[0], means[1]), "4 and 3, each with the error of two times");
    close_two(&fixture, &comparison);
}

Test(comparison, operators_of_all_machines_in_their_order) {
    struct record first = record_default(), second = record_default();
    struct fixture fixture = {0};
    const struct plot_measurement **operators;
    first.op = "gn";
    fixture_add(&fixture, "m1", &first, 1);
    fixture_add(&fixture, "m2", &second, 1);
    plot_view_create(&fixture.view, &fixture.results);
    cr_assert_eq(plot_operators(&fixture.view, &operators), 2);
    cr_expect_str_eq(operators[0]->op, "bn");
    cr_expect_str_eq(operators[1]->op, "gn");
    free(operators);
    fixture_destroy(&fixture);
}

Test(comparison, without_a_common_problem_there_is_no_mean) {
    const struct record first = of(0, "avx2", 1, 3), second = of(1, "avx2", 1, 3);
    struct fixture fixture = {0};
    struct plot_comparison comparison;
    const struct plot_configuration *best[2];
    struct plot_estimate means[2];
    fixture_add(&fixture, "m1", &first, 1);
    fixture_add(&fixture, "m2", &second, 1);
    plot_view_create(&fixture.view, &fixture.results);
    plot_comparison_create(&comparison, &fixture.view, fixture.view.items[0]);
    plot_comparison_best(&comparison, 0, best);
    cr_expect(!best[0] && !best[1]);
    cr_expect_eq(plot_comparison_means(&comparison, PLOT_GBPS, best, NULL, means), 0);
    cr_expect(isnan(means[0].value) && isnan(means[1].value));
    close_two(&fixture, &comparison);
}

/* ---- digests ------------------------------------------------------------------------------- */

#define DIGEST(digest, problems, seed, level)                                                      \
    "{\"type\":\"digest\",\"schema\":1,\"digest\":\"" digest "\",\"problems\":" problems           \
    ",\"seed\":" seed ",\"level\":\"" level "\"}\n"
#define QUICK(digest) DIGEST(digest, "2334", "1", "quick")
#define MEASURED(id)                                                                               \
    MACHINE(id)                                                                                    \
    "{\"type\":\"compute\",\"schema\":1,\"kernel\":\"fma32\",\"threads\":1,\"gflops\":1}\n"

static void expect_agreement(const char *text, enum plot_agreement expected) {
    struct fixture fixture = {0};
    fixture_add_text(&fixture, text);
    plot_view_create(&fixture.view, &fixture.results);
    cr_expect_eq(plot_agreement_of(&fixture.view), expected, "%s", text);
    fixture_destroy(&fixture);
}

Test(agreement, of_digests) {
    expect_agreement(MEASURED("m1") MEASURED("m2"), PLOT_NO_DIGEST);
    expect_agreement(MACHINE("m1") QUICK("aa") MEASURED("m2"), PLOT_ONE_DIGEST);
    expect_agreement(MACHINE("m1") QUICK("aa") MACHINE("m2") QUICK("aa"), PLOT_AGREE);
    expect_agreement(MACHINE("m1") QUICK("aa") MACHINE("m2") QUICK("aa") MEASURED("m3"),
                     PLOT_AGREE_IN_PART);
    expect_agreement(MACHINE("m1") QUICK("aa") MACHINE("m2") QUICK("aa") MACHINE("m3") QUICK("ab"),
                     PLOT_DIFFER);
}

Test(agreement, only_of_the_same_problems) {
    expect_agreement(MACHINE("m1") QUICK("aa") MACHINE("m2") DIGEST("ab", "9", "1", "quick"),
                     PLOT_NOT_COMPARABLE);
    expect_agreement(MACHINE("m1") QUICK("aa") MACHINE("m2") DIGEST("ab", "2334", "2", "quick"),
                     PLOT_NOT_COMPARABLE);
    expect_agreement(MACHINE("m1") QUICK("aa") MACHINE("m2") DIGEST("ab", "2334", "1", "full"),
                     PLOT_NOT_COMPARABLE);
}

Test(agreement, a_machine_may_disagree_with_itself) {
    expect_agreement(MACHINE("m1") QUICK("aa") QUICK("ab"), PLOT_DIFFER);
    expect_agreement(MACHINE("m1") QUICK("aa") QUICK("aa"), PLOT_ONE_DIGEST);
}

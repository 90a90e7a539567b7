/* Compares made-up results: the values that are drawn, the changes that count, the files that are
 * refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/compare/case_comparison.h"
#include "bench/compare/same_machine.h"
#include "bench/results/results.h"
#include "bench/tests/files.h"
#include "verify/harness/tool/tool.h"

#include <math.h>

TestSuite(comparison, .init = make_folder, .fini = remove_folder);

static struct tool_message error;
static struct bench_input inputs[2];
static struct bench_comparison comparison;
static const struct tool_list none = {NULL, 0};
static const struct bench_criterion criterion = {.threshold = 0.05, .level = 0.05, .seed = 7};

/* ---- files of results ----------------------------------------------------------------------- */

static FILE *file;

static void begin_file(void) {
    file = fopen(test_path, "w");
    cr_assert_not_null(file);
}

/* Begins a run that began so many seconds after the first. */
static void begin_run(int second) {
    fprintf(file,
            "{\"type\":\"machine\",\"schema\":1,\"date\":\"2026-01-01T%02d:%02d:%02dZ\","
            "\"id\":\"m\",\"build\":{\"revision\":\"r\"}}\n",
            second / 3600, second / 60 % 60, second % 60);
}

static void end_run(void) {
    fprintf(file, "{\"type\":\"conditions\",\"interrupted\":false}\n");
}

static bool disturbed; /* the times that follow are uncertain */

static void measured_by(const char *implementation, const char *problem, const char *status,
                        double median) {
    fprintf(file,
            "{\"type\":\"measurement\",\"schema\":1,\"problem\":\"%s\",\"operator\":\"%.2s\","
            "\"implementation\":\"%s\",\"threads\":1,\"cache\":\"hot\",\"status\":\"%s\"",
            problem, problem, implementation, status);
    if (strcmp(status, "ok") == 0) {
        fprintf(file,
                ",\"time\":{\"median\":%.9g,\"samples\":[%.9g,%.9g,%.9g],"
                "\"uncertain\":%s}",
                median, 0.999 * median, median, 1.001 * median, disturbed ? "true" : "false");
    }
    fprintf(file, "}\n");
}

static void measured(const char *problem, double median) {
    measured_by("avx2", problem, "ok", median);
}

static bool read_input(int which) {
    fclose(file);
    return bench_input_read(&inputs[which], test_path, &none, &error);
}

static void end_file(int which) {
    cr_assert(read_input(which), "%s", error.text);
}

static void compare(void) {
    cr_assert(bench_comparisons(&comparison, &inputs[0], &inputs[1], &criterion, &error), "%s",
              error.text);
}

static void free_all(void) {
    bench_comparison_free(&comparison);
    bench_input_free(&inputs[0]);
    bench_input_free(&inputs[1]);
}

/* Returns the time in round i on a machine that becomes slower and scatters by 1%. */
static double drifting(int i, uint64_t *random) {
    return (1 + 0.1 * i) * (1 + 0.01 * (double)tool_random_below(random, 1000) / 1000);
}

/* Makes two inputs with so many rounds of one problem, the second one slower by the factor. `step`
 * is the seconds between rounds, and `offset` those from a round of the first input to that of the
 * second. */
static void make_rounds(int rounds, double factor, int step, int offset) {
    uint64_t random = 42;
    for (int which = 0; which < 2; which++) {
        begin_file();
        for (int i = 0; i < rounds; i++) {
            begin_run(i * step + which * offset);
            measured("bn:1x2", drifting(i, &random) * (which ? factor : 1));
            end_run();
        }
        end_file(which);
    }
    compare();
}

/* ---- what is drawn -------------------------------------------------------------------------- */

Test(comparison, rounds_in_turn_are_pairs_in_which_drift_cancels) {
    make_rounds(12, 1.1, 10, 5);
    cr_expect_eq(comparison.design, BENCH_BY_PAIR);
    const struct bench_change *change = &comparison.changes[0];
    cr_expect_float_eq(change->ratio.median, 1.1, 0.02);
    cr_expect(change->ratio.low > 1.08 && change->ratio.high < 1.12, "[%g, %g]", change->ratio.low,
              change->ratio.high);
    cr_expect_eq(change->test.superiority, 1);
    cr_expect_float_eq(change->test.p, 2.0 / 4096, 1e-9);
    cr_expect_eq(change->count, 12);
    cr_expect_eq(change->judgement.verdict, BENCH_SLOWER);
    free_all();
}

Test(comparison, rounds_one_file_after_the_other_are_not) {
    make_rounds(12, 1.1, 10, 1000);
    cr_expect_eq(comparison.design, BENCH_BY_ROUND);
    cr_expect_eq(comparison.changes[0].judgement.verdict, BENCH_INCONCLUSIVE, "the drift hides it");
    cr_expect_gt(bench_comparison_needs(&comparison), 12);
    free_all();
}

Test(comparison, one_run_each_has_but_its_samples) {
    make_rounds(1, 2, 10, 5);
    cr_expect_eq(comparison.design, BENCH_BY_SAMPLE);
    cr_expect_float_eq(comparison.changes[0].test.p, 0.1, 1e-9, "3 samples against 3");
    cr_expect_eq(comparison.changes[0].judgement.verdict, BENCH_INCONCLUSIVE, "twice the time");
    cr_expect_eq(bench_comparison_needs(&comparison), 6, "runs, not samples");
    free_all();
}

Test(comparison, few_rounds_are_said_to_tell_nothing) {
    make_rounds(5, 2, 10, 5);
    cr_expect(bench_comparison_is_blind(&comparison), "2 / 32 is above 0.05");
    cr_expect_eq(comparison.changes[0].judgement.verdict, BENCH_INCONCLUSIVE);
    cr_expect_eq(bench_comparison_needs(&comparison), 6);
    free_all();
    make_rounds(6, 2, 10, 5);
    cr_expect_not(bench_comparison_is_blind(&comparison));
    cr_expect_eq(comparison.changes[0].judgement.verdict, BENCH_SLOWER);
    free_all();
}

/* ---- uncertain times ------------------------------------------------------------------------ */

/* Makes rounds in turn. In those from `first` on but before `last`, other work makes the side
 * `which` slower by half; else NEW takes `factor` times BASE's time. */
static void make_disturbed_rounds(int rounds, double factor, int which, int first, int last,
                                  int offset) {
    uint64_t random = 42;
    for (int side = 0; side < 2; side++) {
        begin_file();
        for (int i = 0; i < rounds; i++) {
            disturbed = side == which && i >= first && i < last;
            begin_run(i * 10 + side * offset);
            measured("bn:1x2", drifting(i, &random) * (side ? factor : 1) * (disturbed ? 1.5 : 1));
            end_run();
        }
        end_file(side);
    }
    disturbed = false;
    compare();
}

Test(comparison, what_is_uncertain_is_neither_slower_nor_faster) {
    for (int which = 0; which < 2; which++) {
        static const int rounds[] = {1, 12};
        for (int i = 0; i < 2; i++) {
            make_disturbed_rounds(rounds[i], 1, which, 0, 12, 5);
            const struct bench_change *change = &comparison.changes[0];
            char text[BENCH_JUDGEMENT_TEXT];
            bench_judgement_print(&change->judgement, "rounds", text);
            cr_expect_str_eq(text, "inconclusive: other work had a core");
            cr_expect_eq(change->count, rounds[i] == 1 ? 3 : 12, "the figures are shown");
            cr_expect_eq(bench_comparison_count_uncertain(&comparison), 1);
            cr_expect_eq(bench_comparison_needs(&comparison), 0);
            free_all();
        }
    }
}

Test(comparison, uncertain_rounds_are_left_out_in_pairs) {
    for (int which = 0; which < 2; which++) {
        make_disturbed_rounds(12, 1, which, 2, 5, 5);
        const struct bench_change *change = &comparison.changes[0];
        cr_expect_eq(comparison.design, BENCH_BY_PAIR);
        cr_expect_eq(change->count, 9);
        cr_expect_eq(change->judgement.verdict, BENCH_NO_DIFFERENCE);
        cr_expect_eq(bench_comparison_count_uncertain(&comparison), 0);
        free_all();
    }
    make_disturbed_rounds(12, 1.1, 0, 2, 5, 5);
    cr_expect_eq(comparison.changes[0].judgement.verdict, BENCH_SLOWER, "what is left tells");
    free_all();
}

Test(comparison, the_samples_of_an_uncertain_round_do_not_count) {
    make_disturbed_rounds(2, 1, 1, 1, 2, 5);
    cr_expect_eq(comparison.design, BENCH_BY_SAMPLE);
    cr_expect_float_eq(comparison.changes[0].ratio.median, 1, 0.02);
    free_all();
}

Test(comparison, uncertain_rounds_are_left_out_alone_where_there_are_no_pairs) {
    make_disturbed_rounds(12, 1, 1, 2, 5, 1000);
    cr_expect_eq(comparison.design, BENCH_BY_ROUND);
    cr_expect_eq(comparison.changes[0].base->count, 12);
    cr_expect_eq(comparison.changes[0].candidate->count, 9);
    free_all();
}

/* ---- what counts ---------------------------------------------------------------------------- */

static enum bench_verdict verdict_of(double factor) {
    make_rounds(12, factor, 10, 5);
    const enum bench_verdict verdict = comparison.changes[0].judgement.verdict;
    free_all();
    return verdict;
}

Test(comparison, the_threshold_decides_what_counts) {
    cr_expect_eq(verdict_of(1), BENCH_NO_DIFFERENCE);
    cr_expect_eq(verdict_of(1.03), BENCH_NO_DIFFERENCE, "slower, but by less");
    cr_expect_eq(verdict_of(1.07), BENCH_SLOWER);
    cr_expect_eq(verdict_of(1 / 1.03), BENCH_NO_DIFFERENCE);
    cr_expect_eq(verdict_of(1 / 1.07), BENCH_FASTER);
}

/* If all of eight pairs are slower, p is 2 / 256, and 0.078 corrected for ten such tests. */
static void make_many(int problems) {
    for (int which = 0; which < 2; which++) {
        begin_file();
        for (int i = 0; i < 8; i++) {
            begin_run(10 * i);
            for (int k = 0; k < problems; k++) {
                char problem[20];
                snprintf(problem, sizeof problem, "bn:%dx2", k + 1);
                const double other = i % 2 ? 1.001 + 0.0001 * i : 0.999 - 0.0001 * i;
                measured(problem, which == 0 ? 1 : k == 0 ? 1.2 + 0.001 * i : other);
            }
            end_run();
        }
        end_file(which);
    }
    compare();
}

Test(comparison, many_kernels_are_many_tests) {
    make_many(1);
    cr_expect_not(bench_comparison_is_blind(&comparison));
    cr_expect_eq(bench_comparison_count(&comparison, BENCH_SLOWER), 1);
    free_all();
    make_many(10);
    cr_expect(bench_comparison_is_blind(&comparison), "10 * 2 / 256 is above 0.05");
    cr_expect_float_eq(comparison.changes[0].adjusted, 10 * 2.0 / 256, 1e-9);
    cr_expect_eq(bench_comparison_count(&comparison, BENCH_SLOWER), 0);
    cr_expect_eq(bench_comparison_count(&comparison, BENCH_INCONCLUSIVE), 1);
    cr_expect_eq(bench_comparison_needs(&comparison), 9, "10 * 2 / 512 is below 0.05");
    free_all();
}

/* NEW is slower by a fifth in 29 of 50 pairs and a little faster in 21. The ranks find a change,
 * but the interval of the median ratio contains 1. */
Test(comparison, the_interval_must_be_beyond_1_as_well) {
    for (int which = 0; which < 2; which++) {
        begin_file();
        for (int i = 0; i < 50; i++) {
            begin_run(10 * i);
            measured("bn:1x2", which == 0 ? 1 : i < 29 ? 1.2 + 0.001 * i : 1 - 0.0001 * i);
            end_run();
        }
        end_file(which);
    }
    compare();
    cr_expect_lt(comparison.changes[0].adjusted, 0.01);
    cr_expect_gt(comparison.changes[0].ratio.median, 1.05);
    cr_expect_lt(comparison.changes[0].ratio.low, 1);
    cr_expect_eq(comparison.changes[0].judgement.verdict, BENCH_INCONCLUSIVE);
    free_all();
}

/* NEW is slower by an eighth in the median of 12 pairs, and each is disturbed by up to a quarter: a
 * session that would not have noticed 5% must not read as if nothing had changed. */
Test(comparison, what_noise_hides_is_inconclusive) {
    static const double ratios[] = {0.87, 0.9, 0.93, 0.95, 0.97, 1.12,
                                    1.12, 1.2, 1.25, 1.3,  1.35, 1.4};
    for (int which = 0; which < 2; which++) {
        begin_file();
        for (int i = 0; i < 12; i++) {
            begin_run(10 * i);
            measured("bn:1x2", which == 0 ? 1 : ratios[i]);
            measured("bn:1x3", 1 + 0.001 * i * which);
            end_run();
        }
        end_file(which);
    }
    compare();
    cr_expect_str_eq(comparison.changes[0].base->problem, "bn:1x2");
    cr_expect_eq(comparison.changes[0].judgement.verdict, BENCH_INCONCLUSIVE);
    cr_expect_eq(comparison.changes[1].judgement.verdict, BENCH_NO_DIFFERENCE);
    cr_expect_gt(bench_comparison_needs(&comparison), 12);
    cr_expect_eq(bench_comparison_needs(&comparison), comparison.changes[0].judgement.needed);
    free_all();
}

/* Returns how many of 20 comparisons fail. Each has 20 pairs of 40 kernels with log-normal times,
 * one in twenty of which is disturbed, and the first kernel is slower by the factor. */
static int failures(double factor) {
    uint64_t random = 3;
    int failed = 0;
    for (int trial = 0; trial < 20; trial++) {
        for (int which = 0; which < 2; which++) {
            begin_file();
            for (int i = 0; i < 20; i++) {
                begin_run(10 * i);
                for (int k = 0; k < 40; k++) {
                    char problem[20];
                    snprintf(problem, sizeof problem, "bn:%dx2", k + 1);
                    double noise = 0;
                    for (int u = 0; u < 12; u++) {
                        noise += (double)tool_random_below(&random, 1000) / 1000 - 0.5;
                    }
                    const double outlier = tool_random_below(&random, 20) == 0 ? 1.3 : 1;
                    measured(problem, exp(0.03 * noise) * outlier * (which && !k ? factor : 1));
                }
                end_run();
            }
            end_file(which);
        }
        compare();
        failed += bench_comparison_count(&comparison, BENCH_SLOWER) > 0;
        free_all();
    }
    return failed;
}

Test(comparison, what_is_unchanged_passes) {
    const int failed = failures(1);
    cr_expect_eq(failed, 0, "%d of 20 failed", failed);
}

Test(comparison, what_is_slower_by_a_tenth_fails) {
    const int failed = failures(1.1);
    cr_expect_geq(failed, 17, "%d of 20 failed", failed);
}

/* ---- what there is -------------------------------------------------------------------------- */

static void measure_operators(double bn, double gn, double copy) {
    measured("bn:1x2", bn);
    measured("bn:1x3", 1);
    measured("gn:1x2", gn);
    measured_by("copy", "bn:1x2", "ok", copy);
}

Test(comparison, the_slowest_come_first_and_ceilings_stand_apart) {
    for (int which = 0; which < 2; which++) {
        begin_file();
        begin_run(0);
        measure_operators(which ? 4 : 1, which ? 0.5 : 1, which ? 3 : 1);
        end_run();
        end_file(which);
    }
    compare();
    cr_assert_eq(comparison.count, 3);
    cr_expect_str_eq(comparison.changes[0].base->problem, "bn:1x2");
    cr_expect_str_eq(comparison.changes[2].base->problem, "gn:1x2");
    cr_assert_eq(comparison.mean_count, 3);
    cr_expect_str_eq(comparison.means[0].name, "bn");
    cr_expect_eq(comparison.means[0].count, 2);
    cr_expect_float_eq(comparison.means[0].ratio.median, 2, 1e-9);
    cr_expect_str_eq(comparison.means[2].name, "all");
    cr_expect_float_eq(comparison.means[2].ratio.median, cbrt(2), 1e-9);
    cr_expect_float_eq(comparison.ceilings.ratio.median, 3, 1e-9);
    free_all();
}

Test(comparison, in_a_run_the_last_measurement_counts_and_failures_do_not) {
    begin_file();
    begin_run(0);
    measured("bn:1x2", 1);
    measured("bn:1x2", 2);
    measured_by("avx2", "bn:1x3", "failed", 0);
    end_run();
    begin_run(10);
    measured("bn:1x2", 3);
    measured_by("avx2", "bn:1x2", "failed", 0);
    end_file(0);
    cr_assert_eq(inputs[0].count, 1);
    cr_assert_eq(inputs[0].cases[0].count, 2);
    cr_expect_eq(inputs[0].cases[0].rounds[0], 2);
    cr_expect_eq(inputs[0].cases[0].rounds[1], 3);
    cr_expect_eq(inputs[0].unfinished, 1, "the second run has no end");
    free_all();
}

Test(comparison, nothing_in_common_is_an_error) {
    begin_file();
    begin_run(0);
    measured("bn:1x2", 1);
    measured_by("copy", "bn:1x2", "ok", 1);
    end_file(0);
    begin_file();
    begin_run(0);
    measured("bn:1x3", 1);
    measured_by("copy", "bn:1x2", "ok", 1);
    end_file(1);
    cr_expect_not(bench_comparisons(&comparison, &inputs[0], &inputs[1], &criterion, &error));
    cr_expect(strstr(error.text, "in common"), "%s", error.text);
    free_all();
}

static void expect_refused(const char *text, const char *message) {
    begin_file();
    fputs(text, file);
    cr_expect_not(read_input(0), "%s", text);
    cr_expect(strstr(error.text, message), "%s: %s", text, error.text);
    bench_input_free(&inputs[0]);
}

Test(comparison, what_is_no_results_is_refused) {
    static const char machine[] = "{\"type\":\"machine\",\"build\":{\"revision\":\"a\"}}\n";
    char text[400];
    expect_refused("", "holds no times");
    expect_refused("{\"type\":\"measurement\"}\n", "expected a machine record");
    expect_refused("dear diary\n", "not JSON");
    expect_refused(machine, "holds no times");
    snprintf(text, sizeof text, "%s{\"type\":\"measurement\",\"schema\":1}\n", machine);
    expect_refused(text, ": record 2: expected a measurement");
    snprintf(text, sizeof text,
             "%s{\"type\":\"measurement\",\"schema\":1,\"problem\":\"bn:1x2\",\"operator\":\"bn\","
             "\"implementation\":\"avx2\",\"threads\":1,\"cache\":\"hot\",\"status\":\"ok\","
             "\"time\":{\"median\":0,\"samples\":[1]}}\n",
             machine);
    expect_refused(text, ": record 2: expected a measurement");
    snprintf(text, sizeof text, "%s{\"type\":\"machine\",\"build\":{\"revision\":\"b\"}}\n",
             machine);
    expect_refused(text, "two revisions, \"a\" and \"b\"");
}

/* ---- what may be compared ------------------------------------------------------------------- */

static bool are_same(const char *first, const char *second, const char *different) {
    struct tool_list list = {NULL, 0};
    tool_list_split(&list, different);
    json_t *one = json_loads(first, 0, NULL), *other = json_loads(second, 0, NULL);
    cr_assert(one && other);
    const bool same = bench_same_conditions(one, other, "here", "there", &list, &error);
    json_decref(one);
    json_decref(other);
    tool_list_free(&list);
    return same;
}

Test(comparison, what_differs_is_named_and_may_be_allowed) {
    const struct {
        const char *condition, *first, *second;
    } pairs[] = {
        {"machine", "{\"id\":\"a\"}", "{\"id\":\"b\"}"},
        {"system", "{\"os\":{\"release\":\"6\"}}", "{\"os\":{\"release\":\"7\"}}"},
        {"system", "{\"os\":{\"governor\":\"6\"}}", "{\"os\":{\"governor\":\"7\"}}"},
        {"build", "{\"build\":{\"compiler\":\"gcc\"}}", "{\"build\":{\"compiler\":\"clang\"}}"},
        {"build", "{\"build\":{\"flags\":\"-O2\"}}", "{\"build\":{\"flags\":\"-O3\"}}"},
        {"libraries", "{\"libraries\":{\"onednn\":\"2\"}}", "{\"libraries\":{\"onednn\":\"3\"}}"},
        {"profile", "{\"profile\":\"\"}", "{\"profile\":\"p\"}"},
        {"settings", "{\"settings\":{\"primers\":2}}", "{\"settings\":{\"primers\":4}}"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        cr_expect(bench_is_condition(pairs[i].condition));
        cr_expect(are_same(pairs[i].first, pairs[i].first, "none"), "%s", error.text);
        cr_expect_not(are_same(pairs[i].first, pairs[i].second, "none"), "%s", pairs[i].first);
        cr_expect(strstr(error.text, pairs[i].condition), "%s", error.text);
        cr_expect(are_same(pairs[i].first, pairs[i].second, pairs[i].condition), "%s", error.text);
    }
    cr_expect_not(bench_is_condition("weather"));
}

Test(comparison, revision_and_seed_and_what_only_one_tells_do_not_matter) {
    cr_expect(are_same("{\"build\":{\"revision\":\"a\"},\"seed\":1}",
                       "{\"build\":{\"revision\":\"b\"},\"seed\":2,\"settings\":{}}", "none"));
}

/* Checks sorting, spans, labels, kinds, speed-up and key figures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/figures/summary.h"
#include "plots/tests/fixture.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DIGEST "{\"type\":\"digest\",\"schema\":1,\"digest\":\"d\",\"problems\":1,\"seed\":1}\n"

static struct record of(const char *implementation, double median) {
    struct record record = record_default();
    record.implementation = implementation;
    record.median = median;
    return record;
}

/* Returns a view of some records of one machine. */
static struct fixture view_of(const struct record *records, size_t count) {
    struct fixture fixture = {0};
    fixture_add(&fixture, "m1", records, count);
    plot_view_create(&fixture.view, &fixture.results);
    return fixture;
}

Test(view, the_last_measurement_of_a_case_counts) {
    struct record records[] = {of("avx512", 1e-3), of("avx2", 5e-3), of("avx512", 2e-3)};
    struct fixture fixture = view_of(records, 3);
    cr_assert_eq(fixture.view.item_count, 2);
    cr_expect_eq(fixture.view.items[0]->median, 2e-3);
    cr_expect_eq(fixture.view.items[1]->median, 5e-3);
    fixture_destroy(&fixture);
}

Test(view, a_problem_in_two_shape_sets_is_shown_twice_and_counts_once) {
    struct record records[] = {of("avx512", 1e-3), of("onednn", 8e-3), of("avx512", 2e-3),
                               of("onednn", 4e-3)};
    records[2].shapes = records[3].shapes = "resnet18";
    struct fixture fixture = view_of(records, 4);
    cr_expect_eq(fixture.view.item_count, 4);
    struct plot_summary summary = {.implementation = 0};
    plot_summary_add(&summary, &fixture.view, plot_view_span(&fixture.view));
    cr_expect_eq(summary.problems, 1);
    cr_expect_float_eq(plot_mean_of(&summary.ratios[PLOT_SAME_LAYOUT]).value, 2, 1e-9);
    plot_summary_free(&summary);
    for (size_t i = 0; i < fixture.view.item_count; i++) {
        const struct plot_measurement *item = fixture.view.items[i];
        cr_expect_eq(item->repeated, strcmp(item->shapes, "resnet50") == 0);
    }
    fixture_destroy(&fixture);
}

Test(view, implementations_come_fastest_first_and_ours_before_peers) {
    const char *expected[] = {"avx512",      "avx2",   "portable",    "highway-x",      "mine",
                              "reference",   "onednn", "onednn-nhwc", "onednn-blocked", "copy",
                              "copy-stream", "add",    "add-stream"};
    const char *given[] = {"add-stream",     "add",    "copy-stream", "reference", "mine",
                           "portable",       "onednn", "avx2",        "highway-x", "copy",
                           "onednn-blocked", "avx512", "onednn-nhwc"};
    struct record records[13];
    for (size_t i = 0; i < 13; i++) {
        records[i] = of(given[i], 1e-3);
    }
    struct fixture fixture = view_of(records, 13);
    cr_assert_eq(fixture.view.implementation_count, 13);
    for (size_t i = 0; i < 13; i++) {
        cr_expect_str_eq(fixture.view.implementations[i].name, expected[i]);
        cr_expect_eq(fixture.view.implementations[i].kind, i < 5    ? PLOT_KIND_NORMA
                                                           : i == 5 ? PLOT_KIND_DEFINITION
                                                           : i < 9  ? PLOT_KIND_PEER
                                                                    : PLOT_KIND_CEILING);
    }
    cr_expect_str_neq(fixture.view.implementations[3].style.light,
                      fixture.view.implementations[4].style.light);
    fixture_destroy(&fixture);
}

static struct record of_kind(const char *implementation, const char *kind, double median) {
    struct record record = of(implementation, median);
    record.kind = kind;
    return record;
}

static const struct plot_implementation *find(const struct fixture *fixture, const char *name) {
    for (size_t i = 0; i < fixture->view.implementation_count; i++) {
        if (strcmp(fixture->view.implementations[i].name, name) == 0) {
            return &fixture->view.implementations[i];
        }
    }
    cr_assert_fail("no implementation %s", name);
    return NULL;
}

Test(view, a_kind_is_what_the_record_says) {
    struct record records[] = {
        of_kind("copycat", "norma", 1e-3),    of_kind("addition", "norma", 1e-3),
        of_kind("ort", "peer", 1e-3),         of_kind("ort-fast", "peer", 1e-3),
        of_kind("onednn-new", "norma", 1e-3), of_kind("move", "ceiling", 1e-3)};
    struct fixture fixture = view_of(records, 6);
    cr_expect_eq(find(&fixture, "copycat")->kind, PLOT_KIND_NORMA);
    cr_expect_eq(find(&fixture, "addition")->kind, PLOT_KIND_NORMA);
    cr_expect_eq(find(&fixture, "onednn-new")->kind, PLOT_KIND_NORMA);
    cr_expect_eq(find(&fixture, "ort")->kind, PLOT_KIND_PEER);
    cr_expect_eq(find(&fixture, "ort-fast")->kind, PLOT_KIND_PEER);
    cr_expect_eq(find(&fixture, "move")->kind, PLOT_KIND_CEILING);
    cr_expect_str_neq(find(&fixture, "ort")->style.light, find(&fixture, "ort-fast")->style.light);
    fixture_destroy(&fixture);
}

Test(view, without_a_kind_names_of_others_are_norma_s) {
    struct record records[] = {of("copycat", 1e-3), of("onednn-new", 1e-3), of("ort", 1e-3)};
    struct fixture fixture = view_of(records, 3);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(fixture.view.implementations[i].kind, PLOT_KIND_NORMA);
    }
    fixture_destroy(&fixture);
}

static void expect_peers(const struct record *records, size_t count, const char *expected) {
    struct fixture fixture = view_of(records, count);
    cr_expect_str_eq(fixture.view.peers, expected);
    fixture_destroy(&fixture);
}

Test(view, peers_are_called_by_their_libraries) {
    struct record records[] = {of("onednn", 1e-3), of("onednn-nhwc", 1e-3),
                               of_kind("ort-fast", "peer", 1e-3), of("avx512", 1e-3)};
    expect_peers(records, 2, "oneDNN");
    expect_peers(records, 3, "oneDNN or ort");
    expect_peers(records + 2, 2, "ort");
    expect_peers(records + 3, 1, "another library");
    struct fixture fixture = {0};
    fixture_add_text(&fixture, "{\"type\":\"machine\",\"schema\":1,\"id\":\"m\",\"libraries\":"
                               "{\"norma\":\"1\",\"onednn\":\"3\"}}\n" DIGEST);
    plot_view_create(&fixture.view, &fixture.results);
    cr_expect_str_eq(fixture.view.peers, "oneDNN", "norma was built with it");
    fixture_destroy(&fixture);
}

Test(view, machines_are_kept_apart) {
    struct record record = of("avx512", 1e-3), other = of("avx512", 7e-3);
    struct fixture fixture = {0};
    fixture_add(&fixture, "m1", &record, 1);
    fixture_add(&fixture, "m2", &other, 1);
    fixture_add(&fixture, "m1", &record, 1);
    plot_view_create(&fixture.view, &fixture.results);
    cr_expect_eq(fixture.view.machine_count, 2);
    cr_expect_eq(fixture.view.item_count, 2);
    size_t spans = 0;
    for (struct plot_span span = {0};
         plot_span_next(plot_view_span(&fixture.view), PLOT_BY_MACHINE, &span);) {
        cr_expect_eq(span.count, 1);
        cr_expect_eq(span.items[0]->machine, spans);
        spans++;
    }
    cr_expect_eq(spans, 2);
    fixture_destroy(&fixture);
}

/* Counts the spans of a level in the whole view. */
static size_t count_spans(const struct fixture *fixture, enum plot_level level) {
    size_t count = 0;
    for (struct plot_span span = {0};
         plot_span_next(plot_view_span(&fixture->view), level, &span);) {
        count++;
    }
    return count;
}

Test(view, operator_pass_threads_shapes_and_batch_are_levels) {
    struct record records[6];
    for (size_t i = 0; i < 6; i++) {
        records[i] = record_default();
    }
    records[1].pass = "bwd";
    records[2].op = "in";
    records[3].threads = 2;
    records[4].shapes = "resnet110";
    records[5].n = 16;
    records[5].problem = "bn:16x64x56x56";
    struct fixture fixture = view_of(records, 6);
    cr_expect_eq(fixture.view.item_count, 6);
    cr_expect_eq(count_spans(&fixture, PLOT_BY_OPERATOR), 3);
    struct plot_span op = {0};
    cr_assert(plot_span_next(plot_view_span(&fixture.view), PLOT_BY_OPERATOR, &op));
    cr_expect_eq(op.count, 4, "bn fwd comes first");
    struct plot_span run = {0};
    cr_assert(plot_span_next(op, PLOT_BY_THREADS, &run));
    cr_expect_eq(run.count, 3, "one thread comes first");
    cr_expect_str_eq(run.items[0]->shapes, "resnet50", "50 before 110, as numbers");
    cr_expect_eq(run.items[0]->n, 8);
    cr_expect_eq(run.items[1]->n, 16);
    cr_expect_str_eq(run.items[2]->shapes, "resnet110");
    cr_assert(plot_span_next(op, PLOT_BY_THREADS, &run));
    cr_expect_eq(run.items[0]->threads, 2);
    cr_expect(!plot_span_next(op, PLOT_BY_THREADS, &run));
    fixture_destroy(&fixture);
}

Test(view, passes_come_forward_first) {
    const char *expected[] = {"fwd", "inf", "bwd", "inf_bwd"};
    struct record records[4];
    for (size_t i = 0; i < 4; i++) {
        records[i] = record_default();
        records[i].pass = expected[3 - i];
    }
    struct fixture fixture = view_of(records, 4);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_str_eq(fixture.view.items[i]->pass, expected[i]);
        cr_expect_eq(plot_measurement_is_backward(fixture.view.items[i]), i >= 2);
    }
    fixture_destroy(&fixture);
}

Test(view, layouts_come_as_libnorma_lists_them) {
    const char *given[] = {"unknown", "a-new-one", "nsc", "ncs"};
    const char *expected[] = {"ncs", "nsc", "a-new-one", "unknown"};
    struct record records[4];
    for (size_t i = 0; i < 4; i++) {
        records[i] = record_default();
        records[i].layout = given[i];
    }
    struct fixture fixture = view_of(records, 4);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_str_eq(fixture.view.items[i]->layout, expected[i]);
    }
    fixture_destroy(&fixture);
}

Test(view, layers_come_as_networks_have_them) {
    struct record records[3];
    for (size_t i = 0; i < 3; i++) {
        records[i] = record_default();
    }
    records[0].layer = "512@7x7";
    records[0].c = 512;
    records[0].s = 49;
    records[1].layer = "256@56x56";
    records[1].c = 256;
    struct fixture fixture = view_of(records, 3);
    cr_expect_str_eq(fixture.view.items[0]->layer, "64@56x56");
    cr_expect_str_eq(fixture.view.items[1]->layer, "256@56x56");
    cr_expect_str_eq(fixture.view.items[2]->layer, "512@7x7");
    fixture_destroy(&fixture);
}

static void expect_text(char *text, const char *expected) {
    cr_expect_str_eq(text, expected);
    free(text);
}

Test(view, labels) {
    struct record records[] = {record_default(), record_default(), record_default()};
    records[1].problem = "bn:8x64x56x56:eps=1";
    records[2].threads = 2;
    records[2].pass = "bwd";
    struct fixture fixture = view_of(records, 3);
    struct plot_measurement *const *items = fixture.view.items;
    struct plot_span alone = {items, 1}, both = {items, 2};
    expect_text(plot_operator_label(items[0]), "bn fwd");
    expect_text(plot_operator_label(items[2]), "bn bwd");
    expect_text(plot_case_label(items[0]), "resnet50 64@56x56 n=8");
    expect_text(plot_layer_label(alone, items[0]), "64@56x56");
    expect_text(plot_layer_label(both, items[0]), "64@56x56 (default)");
    expect_text(plot_layer_label(both, items[1]), "64@56x56 eps=1");
    fixture_destroy(&fixture);
}

Test(view, unusual_types_layouts_and_caches_show_in_the_label) {
    struct plot_measurement measurement = {
        .op = "bn", .pass = "fwd", .dtype = "bf16", .layout = "nsc", .cache = "cold"};
    expect_text(plot_operator_label(&measurement), "bn fwd, bf16, nsc, cold");
}

Test(view, the_fastest_set_is_the_first_with_a_time) {
    struct record records[] = {of("avx512", 0), of("avx2", 1e-3), of("portable", 1e-3),
                               of("onednn", 1e-4)};
    struct fixture fixture = view_of(records, 4);
    size_t fastest = 99;
    cr_assert(plot_fastest(&fixture.view, plot_view_span(&fixture.view), &fastest));
    cr_expect_str_eq(fixture.view.implementations[fastest].name, "avx2");
    struct plot_span peers = {fixture.view.items + 3, 1};
    cr_expect(!plot_fastest(&fixture.view, peers, &fastest));
    fixture_destroy(&fixture);
}

Test(view, batches_are_distinct_and_ascend) {
    struct record records[4];
    static const char *const problems[] = {"bn:9x1x1", "bn:2x1x1", "bn:9x1x1", "bn:128x1x1"};
    for (size_t i = 0; i < 4; i++) {
        records[i] = of(i == 2 ? "avx2" : "avx512", 1e-3);
        records[i].problem = problems[i];
        records[i].n = atoi(problems[i] + 3);
    }
    struct fixture fixture = view_of(records, 4);
    long long *batches;
    cr_assert_eq(plot_span_batches(plot_view_span(&fixture.view), &batches), 3);
    cr_expect(batches[0] == 2 && batches[1] == 9 && batches[2] == 128);
    free(batches);
    fixture_destroy(&fixture);
}

Test(view, compare_takes_known_names_alone) {
    struct record record = record_default();
    struct fixture fixture = view_of(&record, 1);
    cr_expect(!plot_view_compare(&fixture.view, "nope"));
    cr_expect(plot_view_compare(&fixture.view, "avx512"));
    cr_expect_eq(fixture.view.compared_count, 1);
    fixture_destroy(&fixture);
}

/* ---- speed-up ------------------------------------------------------------------------------ */

static struct plot_speedup speedup_of(const struct fixture *fixture, enum plot_baseline baseline) {
    return plot_speedup_of(&fixture->view, plot_view_span(&fixture->view), 0, baseline);
}

Test(speedup, is_against_the_same_and_the_best_layout) {
    struct record records[] = {of("avx512", 2e-3), of("onednn", 8e-3), of("onednn-nhwc", 3e-3),
                               of("onednn-blocked", 1e-3), of("copy", 1e-4)};
    struct fixture fixture = view_of(records, 5);
    cr_expect_float_eq(speedup_of(&fixture, PLOT_SAME_LAYOUT).ratio.value, 4, 1e-9);
    cr_expect_float_eq(speedup_of(&fixture, PLOT_FASTEST_PEER).ratio.value, 0.5, 1e-9);
    cr_expect_str_eq(speedup_of(&fixture, PLOT_FASTEST_PEER).theirs->implementation,
                     "onednn-blocked");
    fixture_destroy(&fixture);
}

Test(speedup, is_over_any_peer) {
    struct record records[] = {of_kind("avx512", "norma", 2e-3), of_kind("ort", "peer", 6e-3),
                               of_kind("ort-nhwc", "peer", 4e-3), of_kind("onednn", "norma", 1e-3)};
    struct fixture fixture = view_of(records, 4);
    cr_expect_float_eq(speedup_of(&fixture, PLOT_SAME_LAYOUT).ratio.value, 3, 1e-9);
    cr_expect_float_eq(speedup_of(&fixture, PLOT_FASTEST_PEER).ratio.value, 2, 1e-9);
    char *label = plot_baseline_label(&fixture.view, PLOT_SAME_LAYOUT);
    cr_expect_str_eq(label, "ort in the same layout");
    free(label);
    fixture_destroy(&fixture);
}

Test(speedup, best_layout_skips_layouts_without_a_time) {
    struct record records[] = {of("avx512", 2e-3), of("onednn", 0), of("onednn-nhwc", 3e-3),
                               of("onednn-blocked", 0)};
    struct fixture fixture = view_of(records, 4);
    struct plot_speedup same = speedup_of(&fixture, PLOT_SAME_LAYOUT);
    cr_expect(isnan(same.ratio.value));
    cr_expect_str_eq(same.missing, "onednn");
    cr_expect_eq(same.obstacle->outcome, PLOT_UNSUPPORTED);
    cr_expect_float_eq(speedup_of(&fixture, PLOT_FASTEST_PEER).ratio.value, 1.5, 1e-9);
    fixture_destroy(&fixture);
}

Test(speedup, says_what_is_missing) {
    struct record records[] = {of("avx512", 2e-3), of("copy", 1e-3)};
    struct fixture fixture = view_of(records, 2);
    struct plot_speedup speedup = speedup_of(&fixture, PLOT_FASTEST_PEER);
    cr_expect(isnan(speedup.ratio.value));
    cr_expect_str_eq(speedup.missing, "another library");
    cr_expect_null(speedup.obstacle, "there is no record of it");
    fixture_destroy(&fixture);

    struct record others[] = {of("avx512", 0), of("onednn", 1e-3)};
    fixture = view_of(others, 2);
    speedup = speedup_of(&fixture, PLOT_SAME_LAYOUT);
    cr_expect(isnan(speedup.ratio.value));
    cr_expect_str_eq(speedup.missing, "avx512");
    cr_expect_str_eq(speedup.obstacle->reason, "no such thing");
    fixture_destroy(&fixture);
}

Test(summary, adds_up_problems) {
    struct record records[] = {of("avx512", 1e-3), of("onednn", 8e-3), of("avx512", 1e-3),
                               of("onednn", 2e-3), of("avx512", 0),    of("onednn", 2e-3)};
    for (size_t i = 0; i < 6; i++) {
        static const char *const problems[] = {"bn:8x64x56x56", "bn:16x64x56x56", "bn:32x64x56x56"};
        records[i].problem = problems[i / 2];
        records[i].n = 8 << (i / 2);
    }
    struct fixture fixture = view_of(records, 6);
    struct plot_summary summary = {.implementation = 0};
    plot_summary_add(&summary, &fixture.view, plot_view_span(&fixture.view));
    cr_expect_eq(summary.problems, 3);
    cr_expect_eq(summary.done, 2);
    cr_expect_float_eq(plot_mean_of(&summary.ratios[PLOT_SAME_LAYOUT]).value, 4, 1e-9);
    cr_expect_eq(summary.slowest[PLOT_SAME_LAYOUT].mine->n, 16);
    cr_expect_eq(summary.fastest[PLOT_SAME_LAYOUT].mine->n, 8);
    cr_expect_float_eq(plot_median(&summary.shares), 0.5, 1e-9);
    cr_expect_eq(plot_largest(&summary.shares_of_bound), 0.25);
    plot_summary_free(&summary);
    fixture_destroy(&fixture);
}

Test(summary, counts_only_what_intervals_decide) {
    static const double theirs[] = {2e-3, 1.1e-3, 0.5e-3, 4e-3};
    struct record records[8];
    for (int i = 0; i < 4; i++) {
        static const char *const problems[] = {"bn:1x64x56x56", "bn:2x64x56x56", "bn:4x64x56x56",
                                               "bn:8x64x56x56"};
        records[2 * i] = of("avx512", 1e-3);
        records[2 * i + 1] = of("onednn", theirs[i]);
        records[2 * i].problem = records[2 * i + 1].problem = problems[i];
        records[2 * i].n = records[2 * i + 1].n = 1 << i;
    }
    records[7].uncertain = true;
    struct fixture fixture = view_of(records, 8);
    struct plot_summary summary = {.implementation = 0};
    plot_summary_add(&summary, &fixture.view, plot_view_span(&fixture.view));
    cr_expect_eq(plot_summary_compared(&summary, PLOT_SAME_LAYOUT), 4);
    cr_expect_eq(summary.faster[PLOT_SAME_LAYOUT], 1, "not the near one, nor the uncertain one");
    cr_expect_eq(summary.slower[PLOT_SAME_LAYOUT], 1);
    char *tally = plot_summary_tally(&summary, PLOT_SAME_LAYOUT);
    cr_expect_str_eq(tally, "1 of 4 faster, 1 slower, 2 undecided");
    free(tally);
    cr_expect(plot_mean_of(&summary.ratios[PLOT_SAME_LAYOUT]).uncertain);
    cr_expect(!summary.shares_uncertain, "the peer's time is no part of the shares");
    plot_summary_free(&summary);
    fixture_destroy(&fixture);
}

Test(summary, shares_have_the_interval_of_the_ceiling) {
    struct record records[] = {of("avx512", 2e-3), of("copy", 1e-3), of("copy-stream", 1.5e-3)};
    records[1].uncertain = true;
    struct fixture fixture = view_of(records, 3);
    struct plot_span all = plot_view_span(&fixture.view);
    const struct plot_measurement *mine = plot_span_find(all, 0);
    const struct plot_estimate share = plot_share_of(&fixture.view, all, mine);
    cr_expect_float_eq(share.value, mine->share, 1e-12);
    cr_expect_float_eq(share.low, mine->share * 0.9 / 1.1, 1e-9);
    cr_expect_float_eq(share.high, mine->share * 1.1 / 0.9, 1e-9);
    cr_expect(share.uncertain);
    fixture_destroy(&fixture);
}

Test(view, threads_with_the_most_measurements_come_first) {
    struct fixture fixture = {0};
    struct record records[5];
    const int threads[] = {1, 2, 2, 4, 4};
    const char *const implementations[] = {"avx512", "avx512", "avx2", "avx512", "avx2"};
    for (int i = 0; i < 5; i++) {
        records[i] = record_default();
        records[i].threads = threads[i];
        records[i].implementation = implementations[i];
    }
    fixture_add(&fixture, "m1", records, 5);
    plot_view_create(&fixture.view, &fixture.results);
    struct plot_span all = plot_view_span(&fixture.view);
    cr_expect_lt(plot_compare_threads(all, 2, 1), 0, "two measurements against one");
    cr_expect_gt(plot_compare_threads(all, 1, 4), 0);
    cr_expect_lt(plot_compare_threads(all, 2, 4), 0, "as many: the smaller");
    cr_expect_eq(plot_compare_threads(all, 2, 2), 0);
    cr_expect_lt(plot_compare_threads(all, 1, 8), 0, "one against none");
    fixture_destroy(&fixture);
}

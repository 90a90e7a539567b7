/* The measurement record against what README.md promises of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/results/records.h"

#include <criterion/criterion.h>

static struct bench_case one;
static struct bench_origin origins[2] = {{"resnet50", "64@56x56", 6}, {"resnet18", "64@56x56", 4}};
static struct bench_entry entries[3];
static double samples[2] = {2e-3, 4e-3};

static struct bench_entry entry_of(const struct reference_implementation *implementation,
                                   double median) {
    return (struct bench_entry){
        .kernel = "k",
        .share_of_bound = 0.25,
        .contender = {.implementation = implementation,
                      .batch = 3,
                      .count = 2,
                      .samples = samples,
                      .estimate = {median, median / 2, median * 2}},
    };
}

static void open_all(void) {
    static const struct reference_implementation copy = {.name = "copy"},
                                                 stream = {.name = "stream"},
                                                 avx2 = {.name = "avx2"};
    cr_assert_eq(norma_problem_parse("adain:8x64x56x56", &one.problem, NULL), NORMA_STATUS_OK);
    norma_problem_print(&one.problem, one.text, sizeof one.text);
    one.origins = origins;
    one.origin_count = 1;
    entries[0] = entry_of(&copy, 2e-3);
    entries[1] = entry_of(&stream, 1e-3);
    entries[2] = entry_of(&avx2, 3e-3);
    entries[0].is_ceiling = entries[1].is_ceiling = true;
}

TestSuite(records, .init = open_all);

static json_t *record_of(int which) {
    return bench_measurement_record(&one, 2, &entries[which], bench_best_ceiling(entries, 3));
}

static double number(json_t *record, const char *key) {
    return json_number_value(json_object_get(record, key));
}

static const char *string(json_t *record, const char *key) {
    return json_string_value(json_object_get(record, key));
}

Test(records, all_fields_of_a_measurement) {
    json_t *record = record_of(2);
    static const char *const keys[] = {"type",    "schema",         "problem", "operator", "pass",
                                       "layout",  "dtype",          "n",       "c",        "s",
                                       "spatial", "shapes",         "layer",   "count",    "kernel",
                                       "kind",    "implementation", "threads", "cache",    "status",
                                       "reason",  "share_of_bound", "time",    "bytes",    "gbps",
                                       "ceiling", "footprint",      "share"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        cr_expect_not_null(json_object_get(record, keys[i]), "%s", keys[i]);
    }
    cr_expect_eq(json_object_size(record), sizeof keys / sizeof keys[0]);
    cr_expect_str_eq(string(record, "problem"), "adain:8x64x56x56");
    cr_expect_str_eq(string(record, "operator"), "adain");
    cr_expect_str_eq(string(record, "pass"), "fwd");
    cr_expect_str_eq(string(record, "layout"), "ncs");
    cr_expect_str_eq(string(record, "dtype"), "f32");
    cr_expect_str_eq(string(record, "status"), "ok");
    cr_expect_str_eq(string(record, "cache"), "hot");
    cr_expect_eq(number(record, "s"), 3136);
    cr_expect_eq(number(record, "count"), 6);
    cr_expect_eq(json_array_size(json_object_get(record, "spatial")), 2);
    json_decref(record);
}

/* x, y and the style are 6422528 bytes each. */
Test(records, rates_and_shares) {
    json_t *record = record_of(2);
    json_t *ceiling = json_object_get(record, "ceiling");
    cr_expect_eq(number(record, "bytes"), 3 * 6422528);
    cr_expect_float_eq(number(record, "gbps"), 3 * 6422528 / 3e-3 / 1e9, 1e-9);
    cr_expect_str_eq(string(ceiling, "implementation"), "stream");
    cr_expect_float_eq(number(ceiling, "gbps"), 2 * 6422528 / 1e-3 / 1e9, 1e-9);
    cr_expect_float_eq(number(record, "share"), 0.5, 1e-9);
    json_t *time = json_object_get(record, "time");
    cr_expect_eq(number(time, "median"), 3e-3);
    cr_expect_eq(number(time, "batch"), 3);
    cr_expect_eq(json_array_size(json_object_get(time, "samples")), 2);
    json_decref(record);
}

Test(records, a_ceiling_moves_x_and_y_alone) {
    json_t *record = record_of(0);
    cr_expect_eq(number(record, "bytes"), 2 * 6422528);
    cr_expect_eq(number(record, "footprint"), 2 * 6422528);
    cr_expect_float_eq(number(record, "share"), 0.5, 1e-9, "relative to the better copy");
    json_decref(record);
}

Test(records, backward_is_compared_with_a_sum_of_two_images) {
    cr_assert_eq(norma_problem_parse("in:8x64x56x56:pass=bwd", &one.problem, NULL),
                 NORMA_STATUS_OK);
    json_t *record = record_of(2), *ceiling = record_of(1);
    cr_expect_str_eq(string(record, "pass"), "bwd");
    cr_expect_eq(number(record, "bytes"), 3 * 6422528);
    cr_expect_eq(number(ceiling, "bytes"), 3 * 6422528);
    cr_expect_float_eq(number(record, "share"), 1. / 3, 1e-9);
    json_decref(record);
    json_decref(ceiling);
}

Test(records, what_was_not_timed_has_a_reason_and_no_time) {
    static const char *const names[] = {"ok", "unsupported", "skipped", "failed"};
    for (int outcome = BENCH_NOT_SUPPORTED; outcome <= BENCH_FAILED; outcome++) {
        entries[2].outcome = (enum bench_outcome)outcome;
        snprintf(entries[2].reason, sizeof entries[2].reason, "because");
        json_t *record = record_of(2);
        cr_expect_str_eq(string(record, "status"), names[outcome]);
        cr_expect_str_eq(string(record, "reason"), "because");
        cr_expect_null(json_object_get(record, "time"));
        cr_expect_null(json_object_get(record, "gbps"));
        cr_expect_null(json_object_get(record, "ceiling"));
        cr_expect_null(json_object_get(record, "share"));
        json_decref(record);
    }
}

Test(records, other_sets_of_the_same_problem) {
    one.origin_count = 2;
    json_t *record = record_of(2);
    json_t *also = json_array_get(json_object_get(record, "also"), 0);
    cr_expect_str_eq(string(record, "shapes"), "resnet50");
    cr_expect_str_eq(string(also, "shapes"), "resnet18");
    cr_expect_eq(number(also, "count"), 4);
    json_decref(record);
}

Test(records, a_ceiling_that_was_not_timed_is_none) {
    entries[1].outcome = BENCH_SKIPPED;
    cr_expect_eq(bench_best_ceiling(entries, 3), &entries[0]);
    entries[0].outcome = BENCH_SKIPPED;
    cr_expect_null(bench_best_ceiling(entries, 3));
}

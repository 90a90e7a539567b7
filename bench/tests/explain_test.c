/* Checks the conclusions from made-up figures of a plan.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/explain/explanation.h"
#include "bench/measure/traffic.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct bench_explain_options options;
static struct bench_explanation explanation;

static void open_all(void) {
    cr_assert(norma_problem_parse("in:8x64x56x56", &options.problem, NULL) == NORMA_STATUS_OK);
    options.text = "in:8x64x56x56";
    explanation = (struct bench_explanation){
        .options = &options,
        .threads = 4,
        .l1 = 32768,
        .plan = {.set = norma_set_at(0),
                 .tile_channels = 64,
                 .readings = 2,
                 .between_readings = 1000,
                 .size_bytes = 400000,
                 .tuning = {.thread_bytes = 65536},
                 .split = {.threads = 4, .worthwhile = 9, .sets = 20}},
        .watched = {.seconds = 10e-3, .timer_overhead = 1e-3, .outside = 5e-3},
        .ceiling_time = {.median = 2e-3},
        .time = {.median = 4e-3},
    };
}

TestSuite(explain, .init = open_all);

Test(explain, levels_are_the_caches) {
    const int64_t l2 = norma_size_class_end(NORMA_CLASS_L2);
    const int64_t last = norma_size_class_end(NORMA_CLASS_L3);
    cr_expect_str_eq(bench_explain_level(&explanation, 32768), "L1");
    cr_expect_str_eq(bench_explain_level(&explanation, 32769), "L2");
    cr_expect_str_eq(bench_explain_level(&explanation, l2), "L2");
    explanation.plan.split.threads = 1;
    cr_expect_str_eq(bench_explain_level(&explanation, l2 + 1), last > l2 ? "L3" : "memory");
    cr_expect_str_eq(bench_explain_level(&explanation, last + 1), "memory");
    explanation.plan.split.threads = 2;
    cr_expect_str_eq(bench_explain_level(&explanation, last > l2 ? last : l2 + 1), "memory",
                     "shared by threads");
}

Test(explain, a_second_reading_from_memory_moves_x_again) {
    const int64_t x = 8 * 64 * 56 * 56 * 4;
    cr_expect_eq(bench_explain_bytes(&explanation), 2 * x);
    cr_expect_float_eq(bench_explain_prediction(&explanation), 2e-3, 1e-12);
    explanation.plan.between_readings = norma_size_class_end(NORMA_CLASS_L3) + 1;
    cr_expect_eq(bench_explain_bytes(&explanation), 3 * x);
    cr_expect_float_eq(bench_explain_prediction(&explanation), 3e-3, 1e-12);
    explanation.plan.readings = 1;
    cr_expect_eq(bench_explain_bytes(&explanation), 2 * x);
    explanation.plan.readings = 2;
    norma_problem_parse("in:8x64x56x56:pass=bwd", &options.problem, NULL);
    cr_expect_eq(bench_explain_bytes(&explanation), 5 * x, "x and dy twice, dx");
}

Test(explain, why_fewer_threads) {
    char text[160];
    bench_explain_threads(&explanation, text, sizeof text);
    cr_expect_str_eq(text, "");
    explanation.plan.split.threads = 2;
    explanation.plan.split.worthwhile = 2;
    bench_explain_threads(&explanation, text, sizeof text);
    cr_expect_str_eq(text, "x has 200000 bytes and thread_bytes=65536 are worth a thread");
    explanation.plan.split.worthwhile = 9;
    explanation.plan.split.sets = 2;
    bench_explain_threads(&explanation, text, sizeof text);
    cr_expect_str_eq(text, "there are 2 statistics sets, which are not cut here");
}

/* Four threads take 10 ms each, of which the clock took 1 ms, primitives 20 and waiting 5. */
Test(explain, where_the_time_went_adds_up) {
    explanation.watched.primitives[BENCH_PRIMITIVE_moments].seconds = 8e-3;
    explanation.watched.primitives[BENCH_PRIMITIVE_apply].seconds = 12e-3;
    cr_expect_float_eq(bench_explain_thread_seconds(&explanation), 39e-3, 1e-12);
    cr_expect_float_eq(bench_explain_waiting(&explanation), 5e-3, 1e-12);
    cr_expect_float_eq(bench_explain_coefficients(&explanation), 14e-3, 1e-12);
    explanation.plan.split.threads = 1;
    explanation.watched.primitives[BENCH_PRIMITIVE_moments].seconds = 1e-3;
    explanation.watched.primitives[BENCH_PRIMITIVE_apply].seconds = 2e-3;
    cr_expect_eq(bench_explain_waiting(&explanation), 0, "one thread waits for no other");
    cr_expect_float_eq(bench_explain_coefficients(&explanation), 6e-3, 1e-12);
}

Test(explain, cycles_of_a_thread) {
    cr_expect_eq(bench_explain_cycles(&explanation), 0);
    explanation.counts.executions = 1;
    explanation.counts.known[BENCH_EVENT_CYCLES] = true;
    explanation.counts.values[BENCH_EVENT_CYCLES] = 48e6;
    cr_expect_float_eq(bench_explain_cycles(&explanation), 3e9, 1);
}

Test(explain, ways_and_sets) {
    char text[300];
    cr_expect_str_eq(bench_explain_way(&explanation), "tiled");
    explanation.plan.tile_channels = 32;
    cr_expect_str_eq(bench_explain_way(&explanation), "tiled");
    explanation.plan.columns = true;
    cr_expect_str_eq(bench_explain_way(&explanation), "tiles of channels");
    cr_expect_str_eq(bench_explain_mode(&explanation.plan), "columns");
    explanation.plan.split_channels = true;
    cr_expect_str_eq(bench_explain_way(&explanation), "crossed");
    explanation.plan.split_channels = false;
    explanation.plan.two_phase = true;
    cr_expect_str_eq(bench_explain_way(&explanation), "phased");
    const struct norma_set *last = NULL;
    for (size_t i = 0; norma_set_at(i); i++) {
        last = norma_set_at(i);
    }
    cr_expect_null(bench_explain_absence(&explanation, last, text, sizeof text));
    explanation.choice = "-portable";
    cr_expect_str_eq(bench_explain_absence(&explanation, last, text, sizeof text),
                     "left out by NORMA_SETS=-portable");
}

static double number(const json_t *record, const char *object, const char *key) {
    return json_number_value(json_object_get(json_object_get(record, object), key));
}

Test(explain, the_record_has_the_plan_and_what_was_measured) {
    json_t *record = bench_explain_record(&explanation);
    cr_assert_not_null(record);
    cr_expect_str_eq(json_string_value(json_object_get(record, "problem")), "in:8x64x56x56");
    cr_expect_eq(number(record, "threads", "asked"), 4);
    cr_expect_eq(number(record, "tuning", "thread_bytes"), 65536);
    cr_expect_null(json_object_get(record, "time"));
    json_decref(record);
    explanation.measured = true;
    explanation.ceiling = "copy";
    explanation.watched.primitives[BENCH_PRIMITIVE_moments] = (struct bench_elapsed){2, 100, 13e-3};
    record = bench_explain_record(&explanation);
    cr_expect_float_eq(json_number_value(json_object_get(record, "share")), 0.5, 1e-9);
    cr_expect_float_eq(number(record, "time", "median"), 4e-3, 1e-12);
    const json_t *stages = json_object_get(record, "stages");
    cr_expect_eq(json_array_size(stages), 3);
    double shares = 0;
    for (size_t i = 0; i < json_array_size(stages); i++) {
        shares += json_number_value(json_object_get(json_array_get(stages, i), "share"));
    }
    cr_expect_float_eq(shares, 1, 1e-9);
    cr_expect_eq(json_array_size(json_object_get(record, "primitives")), 1);
    json_decref(record);
}

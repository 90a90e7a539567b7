/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/explain/explanation.h"
#include "bench/measure/measure.h"

static json_t *sets_record(const struct bench_explanation *explanation) {
    json_t *list = json_array();
    for (size_t i = 0; i < explanation->set_count; i++) {
        const struct norma_set *set = norma_set_at(i);
        char text[300];
        const char *absence = bench_explain_absence(explanation, set, text, sizeof text);
        json_array_append_new(list, json_pack("{s:s, s:b, s:s}", "name", set->name, "chosen",
                                              set == explanation->plan.set, "absent",
                                              absence ? absence : ""));
    }
    return list;
}

static json_t *tuning_record(const struct bench_explanation *explanation) {
    json_t *record = json_object();
    for (size_t i = 0; norma_tuning_parameter(i); i++) {
        json_object_set_new(record, norma_tuning_parameter(i)->name,
                            json_integer(norma_tuning_get(&explanation->plan.tuning, i)));
    }
    const char *profile = explanation->plan.profile;
    json_object_set_new(record, "profile", json_string(profile ? profile : ""));
    return record;
}

static json_t *caches_record(const struct bench_explanation *explanation) {
    return json_pack("{s:I, s:I, s:I}", "l1", (json_int_t)explanation->l1, "l2",
                     (json_int_t)norma_size_class_end(NORMA_CLASS_L2), "last",
                     (json_int_t)norma_size_class_end(NORMA_CLASS_L3));
}

static json_t *tiles_record(const struct bench_explanation *explanation) {
    const struct norma_description *plan = &explanation->plan;
    return json_pack("{s:I, s:I, s:I, s:I, s:s}", "count", (json_int_t)plan->tiles, "samples",
                     (json_int_t)plan->tile_samples, "channels", (json_int_t)plan->tile_channels,
                     "bytes", (json_int_t)plan->tile_bytes, "fits",
                     bench_explain_level(explanation, plan->tile_bytes));
}

static json_t *chunks_record(const struct norma_chunking *chunks) {
    return json_pack("{s:I, s:I, s:s}", "length", (json_int_t)chunks->length, "count",
                     (json_int_t)chunks->count, "of", chunks->rows ? "rows" : "elements");
}

static json_t *threads_record(const struct bench_explanation *explanation) {
    const struct norma_work_split *split = &explanation->plan.split;
    char reason[160];
    bench_explain_threads(explanation, reason, sizeof reason);
    return json_pack("{s:i, s:i, s:s, s:s, s:I, s:I}", "asked", explanation->threads, "used",
                     split->threads, "reason", reason, "unit", bench_explain_unit(split->unit),
                     "units", (json_int_t)split->units, "statistics_sets", (json_int_t)split->sets);
}

static json_t *reading_record(const struct bench_explanation *explanation) {
    const struct norma_description *plan = &explanation->plan;
    return json_pack("{s:i, s:I, s:s}", "times", plan->readings, "between",
                     (json_int_t)plan->between_readings, "again_from",
                     plan->readings > 1 ? bench_explain_level(explanation, plan->between_readings)
                                        : "");
}

static json_t *plan_record(const struct bench_explanation *explanation) {
    const struct norma_description *plan = &explanation->plan;
    char text[NORMA_PROBLEM_TEXT];
    norma_problem_print(&explanation->options->problem, text, sizeof text);
    return json_pack(
        "{s:s, s:i, s:s, s:s, s:o, s:s, s:I, s:o, s:o, s:s, s:s, s:o, s:o, s:b, s:I, s:o, s:I, "
        "s:o, s:I}",
        "type", "explanation", "schema", 1, "problem", text, "set", plan->set->name, "sets",
        sets_record(explanation), "class", norma_size_class_name(plan->size), "size",
        (json_int_t)plan->size_bytes, "caches", caches_record(explanation), "tuning",
        tuning_record(explanation), "way", bench_explain_way(explanation), "mode",
        bench_explain_mode(plan), "tiles", tiles_record(explanation), "chunks",
        chunks_record(&plan->chunks), "stream", plan->stream, "ahead",
        (json_int_t)plan->prefetch_distance, "threads", threads_record(explanation), "workspace",
        (json_int_t)plan->workspace, "reading", reading_record(explanation), "bytes",
        (json_int_t)bench_explain_bytes(explanation));
}

/* ---- what was measured ---------------------------------------------------------------------- */

static json_t *estimate_record(const struct bench_estimate *estimate) {
    return json_pack("{s:f, s:f, s:f}", "median", estimate->median, "low", estimate->low, "high",
                     estimate->high);
}

static json_t *spent_record(const struct bench_explanation *explanation, const char *key,
                            const char *name, const struct bench_elapsed *elapsed) {
    json_t *record =
        json_pack("{s:s, s:f, s:f, s:f, s:f}", key, name, "seconds", elapsed->seconds, "share",
                  elapsed->seconds / bench_explain_thread_seconds(explanation), "calls",
                  elapsed->calls, "elements", elapsed->elements);
    const double cycles = bench_explain_cycles(explanation);
    if (cycles > 0 && elapsed->elements > 0) {
        json_object_set_new(record, "cycles_per_element",
                            json_real(cycles * elapsed->seconds / elapsed->elements));
    }
    return record;
}

static json_t *stages_record(const struct bench_explanation *explanation) {
    json_t *list = json_array();
    for (int i = 0; i < BENCH_STAGE_COUNT; i++) {
        const enum bench_stage stage = (enum bench_stage)i;
        const struct bench_elapsed elapsed = bench_stage_elapsed(&explanation->watched, stage);
        if (elapsed.calls > 0) {
            json_array_append_new(
                list, spent_record(explanation, "stage", bench_stage_name(stage), &elapsed));
        }
    }
    const struct bench_elapsed coefficients = {.seconds = bench_explain_coefficients(explanation)};
    const struct bench_elapsed waiting = {.seconds = bench_explain_waiting(explanation)};
    json_array_append_new(list, spent_record(explanation, "stage", "coefficients", &coefficients));
    json_array_append_new(list, spent_record(explanation, "stage", "waiting", &waiting));
    return list;
}

static json_t *primitives_record(const struct bench_explanation *explanation) {
    json_t *list = json_array();
    for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
        const struct bench_elapsed *elapsed = &explanation->watched.primitives[i];
        if (elapsed->calls > 0) {
            json_t *record = spent_record(explanation, "primitive",
                                          bench_primitive_name((enum bench_primitive)i), elapsed);
            json_object_set_new(record, "below_clock",
                                json_boolean(bench_is_below_clock(&explanation->watched, elapsed)));
            json_array_append_new(list, record);
        }
    }
    return list;
}

static void add_measured(json_t *record, const struct bench_explanation *explanation) {
    const struct norma_problem *problem = &explanation->options->problem;
    const double limit = (double)bench_bytes_of_ceiling(problem) / explanation->ceiling_time.median;
    const double rate = (double)bench_bytes_moved(problem) / explanation->time.median;
    json_t *ceiling = estimate_record(&explanation->ceiling_time);
    json_object_set_new(ceiling, "implementation", json_string(explanation->ceiling));
    json_object_set_new(ceiling, "gbps", json_real(limit / 1e9));
    json_object_set_new(record, "ceiling", ceiling);
    json_object_set_new(record, "predicted", json_real(bench_explain_prediction(explanation)));
    json_object_set_new(record, "time", estimate_record(&explanation->time));
    json_object_set_new(record, "gbps", json_real(rate / 1e9));
    json_object_set_new(record, "share", json_real(rate / limit));
    json_object_set_new(record, "watching", estimate_record(&explanation->slowdown));
    json_object_set_new(
        record, "watched",
        json_pack("{s:I, s:f, s:f, s:f}", "executions", (json_int_t)explanation->watched.executions,
                  "seconds", explanation->watched.seconds, "clock",
                  explanation->watched.timer_overhead, "reading", explanation->watched.reading));
    json_object_set_new(record, "stages", stages_record(explanation));
    json_object_set_new(record, "primitives", primitives_record(explanation));
    bench_counts_add(record, &explanation->counts);
}

json_t *bench_explain_record(const struct bench_explanation *explanation) {
    json_t *record = plan_record(explanation);
    json_object_set_new(record, "coupled", json_boolean(explanation->plan.mixes_samples));
    if (explanation->measured) {
        add_measured(record, explanation);
    }
    return record;
}

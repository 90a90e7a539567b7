/* The measurement record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/results/records.h"
#include "bench/measure/measure.h"
#include "verify/harness/harness.h"

#include <string.h>

const char *bench_outcome_name(enum bench_outcome outcome) {
    static const char *const names[] = {"ok", "unsupported", "skipped", "failed"};
    return names[outcome];
}

static double median_of(const struct bench_entry *entry) {
    return entry->contender.estimate.median;
}

double bench_gigabytes_per_second(const struct norma_problem *problem,
                                  const struct bench_entry *entry, double seconds) {
    const int64_t bytes =
        entry->is_ceiling ? bench_bytes_of_ceiling(problem) : bench_bytes_moved(problem);
    return (double)bytes / seconds / 1e9;
}

const struct bench_entry *bench_best_ceiling(const struct bench_entry *entries, size_t count) {
    const struct bench_entry *best = NULL;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].is_ceiling && entries[i].outcome == BENCH_TIMED &&
            (!best || median_of(&entries[i]) < median_of(best))) {
            best = &entries[i];
        }
    }
    return best;
}

static json_t *spatial_record(const struct norma_problem *problem) {
    json_t *list = json_array();
    for (int i = 0; i < problem->spatial_rank; i++) {
        json_array_append_new(list, json_integer(problem->spatial[i]));
    }
    return list;
}

static json_t *problem_record(const struct bench_case *test_case) {
    const struct norma_problem *problem = &test_case->problem;
    return json_pack(
        "{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:o}", "type", "measurement", "schema",
        1, "problem", test_case->text, "operator", norma_operator_name(problem->op), "pass",
        norma_pass_name(problem->pass), "layout", norma_layout_name(problem->layout), "dtype",
        norma_dtype_name(problem->dtype), "n", (json_int_t)problem->n, "c", (json_int_t)problem->c,
        "s", (json_int_t)norma_problem_spatial(problem), "spatial", spatial_record(problem));
}

static void add_origin(json_t *record, const struct bench_origin *origin) {
    json_object_set_new(record, "shapes", json_string(origin->shapes));
    json_object_set_new(record, "layer", json_string(origin->layer));
    json_object_set_new(record, "count", json_integer(origin->count));
}

/* Adds the shape sets that the case is from: the first as fields, the others as a list, "also". */
static void add_origins(json_t *record, const struct bench_case *test_case) {
    add_origin(record, &test_case->origins[0]);
    if (test_case->origin_count == 1) {
        return;
    }
    json_t *also = json_array();
    for (size_t i = 1; i < test_case->origin_count; i++) {
        json_t *other = json_object();
        add_origin(other, &test_case->origins[i]);
        json_array_append_new(also, other);
    }
    json_object_set_new(record, "also", also);
}

json_t *bench_time_record(const struct bench_contender *contender) {
    json_t *samples = json_array();
    for (size_t i = 0; i < contender->count; i++) {
        json_array_append_new(samples, json_real(contender->samples[i]));
    }
    return json_pack("{s:f, s:f, s:f, s:o, s:I, s:f, s:I, s:b}", "median",
                     contender->estimate.median, "low", contender->estimate.low, "high",
                     contender->estimate.high, "samples", samples, "batch",
                     (json_int_t)contender->batch, "cpu", contender->cpu, "disturbed",
                     (json_int_t)contender->disturbed, "uncertain", contender->uncertain);
}

static void add_timing(json_t *record, const struct bench_case *test_case,
                       const struct bench_entry *entry, const struct bench_entry *ceiling) {
    const struct norma_problem *problem = &test_case->problem;
    double rate = bench_gigabytes_per_second(problem, entry, median_of(entry));
    double limit = bench_gigabytes_per_second(problem, ceiling, median_of(ceiling));
    json_object_set_new(record, "time", bench_time_record(&entry->contender));
    json_object_set_new(record, "gbps", json_real(rate));
    json_object_set_new(record, "ceiling",
                        json_pack("{s:s, s:f, s:f}", "implementation",
                                  ceiling->contender.implementation->name, "median",
                                  median_of(ceiling), "gbps", limit));
    json_object_set_new(record, "share", json_real(rate / limit));
    bench_counts_add(record, &entry->contender.counts);
}

static void add_bytes(json_t *record, const struct norma_problem *problem, bool is_ceiling) {
    int64_t ceiling = bench_bytes_of_ceiling(problem);
    json_object_set_new(record, "bytes",
                        json_integer(is_ceiling ? ceiling : bench_bytes_moved(problem)));
    json_object_set_new(record, "footprint",
                        json_integer(is_ceiling ? ceiling : bench_footprint(problem)));
}

json_t *bench_measurement_record(const struct bench_case *test_case, int threads,
                                 const struct bench_entry *entry,
                                 const struct bench_entry *ceiling) {
    json_t *record = problem_record(test_case);
    add_origins(record, test_case);
    const struct reference_implementation *const implementation = entry->contender.implementation;
    json_t *rest = json_pack(
        "{s:s, s:s, s:s, s:i, s:s, s:s, s:s}", "implementation", implementation->name, "kind",
        reference_kind_name(implementation->kind), "kernel", entry->kernel, "threads", threads,
        "cache", "hot", "status", bench_outcome_name(entry->outcome), "reason", entry->reason);
    json_object_update(record, rest);
    json_decref(rest);
    if (entry->share_of_bound >= 0) {
        json_object_set_new(record, "share_of_bound", json_real(entry->share_of_bound));
    }
    if (entry->verified) {
        json_object_set_new(record, "verified", json_string(entry->verified));
    }
    add_bytes(record, &test_case->problem, entry->is_ceiling);
    if (entry->outcome == BENCH_TIMED) {
        add_timing(record, test_case, entry, ceiling);
    }
    return record;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/explain/explanation.h"
#include "bench/measure/measure.h"

#include <stdio.h>
#include <string.h>

/* ---- set ------------------------------------------------------------------------------------ */

const char *bench_explain_absence(const struct bench_explanation *explanation,
                                  const struct norma_set *set, char *text, size_t size) {
    if (!set->available()) {
        snprintf(text, size, "this machine lacks some of %s", set->features);
        return text;
    }
    if (explanation->choice && !norma_set_allowed(explanation->choice, set)) {
        snprintf(text, size, "left out by NORMA_SETS=%s", explanation->choice);
        return text;
    }
    return NULL;
}

/* ---- caches and bytes ----------------------------------------------------------------------- */

/* Compares with the sizes by which plans choose their tuning. All threads share the last level. */
const char *bench_explain_level(const struct bench_explanation *explanation, int64_t bytes) {
    if (bytes <= explanation->l1) {
        return "L1";
    }
    if (bytes <= norma_size_class_end(NORMA_CLASS_L2)) {
        return "L2";
    }
    const int64_t all = bytes * explanation->plan.split.threads;
    return all <= norma_size_class_end(NORMA_CLASS_L3) ? "L3" : "memory";
}

static bool is_read_twice_from_memory(const struct bench_explanation *explanation) {
    const struct norma_description *plan = &explanation->plan;
    return plan->readings > 1 &&
           strcmp(bench_explain_level(explanation, plan->between_readings), "memory") == 0;
}

int64_t bench_explain_bytes(const struct bench_explanation *explanation) {
    const struct norma_problem *problem = &explanation->options->problem;
    const int64_t images = reference_is_backward(problem) ? 2 : 1;
    const int64_t again = images * reference_elements(problem) * (int64_t)sizeof(float);
    return bench_bytes_moved(problem) + (is_read_twice_from_memory(explanation) ? again : 0);
}

double bench_explain_prediction(const struct bench_explanation *explanation) {
    const int64_t ceiling = bench_bytes_of_ceiling(&explanation->options->problem);
    return explanation->ceiling_time.median * (double)bench_explain_bytes(explanation) /
           (double)ceiling;
}

/* ---- threads and time ----------------------------------------------------------------------- */

void bench_explain_threads(const struct bench_explanation *explanation, char *text, size_t size) {
    const struct norma_work_split *split = &explanation->plan.split;
    text[0] = '\0';
    if (split->threads == explanation->threads) {
        return;
    }
    if (split->threads == split->worthwhile) {
        snprintf(text, size, "x has %lld bytes and thread_bytes=%lld are worth a thread",
                 (long long)explanation->plan.size_bytes / 2,
                 (long long)explanation->plan.tuning.thread_bytes);
        return;
    }
    snprintf(text, size, "there are %lld statistics sets, which are not cut here",
             (long long)split->sets);
}

double bench_explain_thread_seconds(const struct bench_explanation *explanation) {
    return explanation->watched.seconds * explanation->plan.split.threads -
           explanation->watched.timer_overhead;
}

double bench_explain_waiting(const struct bench_explanation *explanation) {
    return explanation->plan.split.threads > 1 ? explanation->watched.outside : 0;
}

double bench_explain_coefficients(const struct bench_explanation *explanation) {
    double rest = bench_explain_thread_seconds(explanation) - bench_explain_waiting(explanation);
    for (int i = 0; i < BENCH_PRIMITIVE_COUNT; i++) {
        rest -= explanation->watched.primitives[i].seconds;
    }
    return rest > 0 ? rest : 0;
}

/* Divides by the time of all threads, as those that wait spend cycles as well. */
double bench_explain_cycles(const struct bench_explanation *explanation) {
    const struct bench_counts *counts = &explanation->counts;
    const double seconds = explanation->time.median * explanation->plan.split.threads;
    const bool known = counts->executions > 0 && counts->known[BENCH_EVENT_CYCLES];
    return known ? counts->values[BENCH_EVENT_CYCLES] / seconds : 0;
}

/* ---- words ---------------------------------------------------------------------------------- */

const char *bench_explain_unit(enum norma_work_unit unit) {
    static const char *const names[] = {"tile", "plane", "chunk", "rows"};
    return names[unit];
}

const char *bench_explain_way(const struct bench_explanation *explanation) {
    const struct norma_description *plan = &explanation->plan;
    if (plan->two_phase) {
        return "phased";
    }
    if (plan->split_channels) {
        return "crossed";
    }
    const bool some = plan->tile_channels < explanation->options->problem.c;
    return plan->columns && some ? "tiles of channels" : "tiled";
}

const char *bench_explain_mode(const struct norma_description *plan) {
    return plan->rows ? "rows" : plan->columns ? "columns" : "planes";
}

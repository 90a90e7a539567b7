/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/compare/paired_cases.h"
#include "bench/machine/machine.h"
#include "verify/harness/tool/tool.h"

#include <stdlib.h>
#include <string.h>

/* ---- the rounds that count ------------------------------------------------------------------- */

static const char *later(const char *a, const char *b) {
    return strcmp(a, b) > 0 ? a : b;
}

static const char *earlier(const char *a, const char *b) {
    return strcmp(a, b) < 0 ? a : b;
}

/* Checks that every pair of rounds was over before the next began. Dates are ordered as text. */
static bool are_interleaved(const struct bench_timed_case *a, const struct bench_timed_case *b) {
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i + 1 < a->count; i++) {
        if (strcmp(later(a->dates[i], b->dates[i]), earlier(a->dates[i + 1], b->dates[i + 1])) >
            0) {
            return false;
        }
    }
    return true;
}

/* Returns a copy without the rounds that are uncertain in it or, unless NULL, in its partner. */
static struct bench_timed_case certain_rounds(const struct bench_timed_case *item,
                                              const struct bench_timed_case *partner) {
    struct bench_timed_case copy = *item;
    copy.rounds = tool_allocate(item->count, sizeof *copy.rounds);
    copy.uncertain = tool_allocate(item->count, sizeof *copy.uncertain);
    copy.dates = tool_allocate(item->count, sizeof *copy.dates);
    copy.records = tool_allocate(item->count, sizeof *copy.records);
    copy.count = 0;
    for (size_t i = 0; i < item->count; i++) {
        if (!item->uncertain[i] && !(partner && partner->uncertain[i])) {
            copy.rounds[copy.count] = item->rounds[i];
            copy.dates[copy.count] = item->dates[i];
            copy.records[copy.count++] = item->records[i];
        }
    }
    return copy;
}

/* Takes all rounds back that certain_rounds left out. */
static void take_all_rounds(struct bench_timed_case *copy, const struct bench_timed_case *item) {
    copy->count = item->count;
    memcpy(copy->rounds, item->rounds, item->count * sizeof *item->rounds);
    memcpy(copy->uncertain, item->uncertain, item->count * sizeof *item->uncertain);
    memcpy(copy->dates, item->dates, item->count * sizeof *item->dates);
    memcpy(copy->records, item->records, item->count * sizeof *item->records);
}

static struct bench_paired_case paired_case(const struct bench_timed_case *base,
                                            const struct bench_timed_case *candidate) {
    const bool pairs = are_interleaved(base, candidate);
    struct bench_paired_case paired = {.base = certain_rounds(base, pairs ? candidate : NULL),
                                       .candidate = certain_rounds(candidate, pairs ? base : NULL)};
    paired.uncertain = paired.base.count == 0 || paired.candidate.count == 0;
    if (paired.uncertain) {
        take_all_rounds(&paired.base, base);
        take_all_rounds(&paired.candidate, candidate);
    }
    return paired;
}

static void free_rounds(struct bench_timed_case *copy) {
    free(copy->rounds);
    free(copy->uncertain);
    free(copy->dates);
    free(copy->records);
}

/* ---- the cases ------------------------------------------------------------------------------- */

static void add(struct bench_paired_cases *cases, const struct bench_timed_case *base,
                const struct bench_timed_case *candidate) {
    cases->items = tool_grow(cases->items, cases->count, sizeof cases->items[0]);
    cases->items[cases->count++] = paired_case(base, candidate);
}

void bench_paired_cases_find(const struct bench_input *base, const struct bench_input *candidate,
                             struct bench_paired_cases *kernels,
                             struct bench_paired_cases *ceilings) {
    for (size_t i = 0; i < base->count; i++) {
        const struct bench_timed_case *item = &base->cases[i];
        const struct bench_timed_case *same = bench_input_find(candidate, item);
        if (same) {
            add(bench_is_ceiling(item->implementation) ? ceilings : kernels, item, same);
        }
    }
}

void bench_paired_cases_free(struct bench_paired_cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        free_rounds(&cases->items[i].base);
        free_rounds(&cases->items[i].candidate);
        free(cases->items[i].owned);
    }
    free(cases->items);
}

/* ---- their values ---------------------------------------------------------------------------- */

enum bench_design bench_design_of(const struct bench_paired_cases *kernels) {
    size_t most = 1;
    bool interleaved = true;
    for (size_t i = 0; i < kernels->count; i++) {
        const struct bench_paired_case *paired = &kernels->items[i];
        most = paired->base.count > most ? paired->base.count : most;
        most = paired->candidate.count > most ? paired->candidate.count : most;
        interleaved = interleaved && are_interleaved(&paired->base, &paired->candidate);
    }
    return most == 1 ? BENCH_BY_SAMPLE : interleaved ? BENCH_BY_PAIR : BENCH_BY_ROUND;
}

static const json_t *samples_of(const struct bench_timed_case *item) {
    const json_t *last = item->records[item->count - 1];
    return json_object_get(json_object_get(last, "time"), "samples");
}

static void take_samples(const json_t *samples, double *values) {
    for (size_t i = 0; i < json_array_size(samples); i++) {
        values[i] = json_number_value(json_array_get(samples, i));
    }
}

static void pair_samples(struct bench_paired_case *paired) {
    const json_t *after = samples_of(&paired->candidate), *before = samples_of(&paired->base);
    const size_t count = json_array_size(after), base_count = json_array_size(before);
    paired->owned = tool_allocate(count + base_count, sizeof *paired->owned);
    take_samples(after, paired->owned);
    take_samples(before, paired->owned + count);
    paired->pair = (struct bench_pair){paired->owned, paired->owned + count, count, base_count};
}

static void pair_rounds(struct bench_paired_case *paired) {
    paired->pair = (struct bench_pair){paired->candidate.rounds, paired->base.rounds,
                                       paired->candidate.count, paired->base.count};
}

/* Takes the ratio of each pair of rounds, in which cancels what slows both of them. */
static void pair_ratios(struct bench_paired_case *paired) {
    static const double one = 1;
    const size_t count = paired->candidate.count;
    paired->owned = tool_allocate(count, sizeof *paired->owned);
    for (size_t i = 0; i < count; i++) {
        paired->owned[i] = paired->candidate.rounds[i] / paired->base.rounds[i];
    }
    paired->pair = (struct bench_pair){paired->owned, &one, count, 1};
}

void bench_paired_cases_pair(struct bench_paired_cases *cases, enum bench_design design) {
    for (size_t i = 0; i < cases->count; i++) {
        struct bench_paired_case *paired = &cases->items[i];
        if (design == BENCH_BY_SAMPLE) {
            pair_samples(paired);
        } else if (design == BENCH_BY_PAIR && paired->base.count == paired->candidate.count) {
            pair_ratios(paired);
        } else {
            pair_rounds(paired);
        }
    }
}

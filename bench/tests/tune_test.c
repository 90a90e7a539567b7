/* Checks the problems that tunings are compared on, and a comparison with a known outcome.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/measure/scheduling.h"
#include "bench/tune/search.h"
#include "bench/tune/tuned_problems.h"
#include "bench/tune/tuning_trial.h"
#include "verify/harness/harness.h"

#include <criterion/criterion.h>
#include <string.h>

/* These replace the functions of scheduling.c. */

static bool others_run; /* on the core of every sample */

void bench_scheduling_open(struct bench_scheduling *scheduling) {
    *scheduling = (struct bench_scheduling){0};
}

void bench_scheduling_close(struct bench_scheduling *scheduling) {
    (void)scheduling;
}

void bench_scheduling_start(struct bench_scheduling *scheduling) {
    (void)scheduling;
}

struct bench_scheduled bench_scheduling_stop(const struct bench_scheduling *scheduling,
                                             double wall) {
    (void)scheduling;
    const double lost = others_run ? wall / 2 : 0;
    return (struct bench_scheduled){.cpu = wall - lost, .lost = lost};
}

static int64_t bytes_of(const struct norma_problem *problem) {
    return 2 * problem->n * problem->c * norma_problem_spatial(problem) * (int64_t)sizeof(float);
}

Test(tune, problems_are_sound_and_of_their_class) {
    int64_t begin = 0;
    for (int size = 0; size < NORMA_SIZE_CLASS_COUNT; size++) {
        struct norma_problem problems[BENCH_TUNE_PROBLEMS];
        const int64_t end = norma_size_class_end((norma_size_class)size);
        const size_t count = bench_tune_problems((norma_size_class)size, problems);
        cr_expect(count == BENCH_TUNE_PROBLEMS || size != NORMA_CLASS_MEMORY, "%zu", count);
        cr_expect(count > 0 || size == NORMA_CLASS_L3, "class %d", size);
        for (size_t i = 0; i < count; i++) {
            char message[200];
            cr_expect(norma_problem_check(&problems[i], message, sizeof message) == NORMA_STATUS_OK,
                      "%s", message);
            cr_expect(begin <= bytes_of(&problems[i]) && bytes_of(&problems[i]) < end);
        }
        begin = end;
    }
}

/* Compares the defaults with themselves and with the smallest tile on a small problem. */
static enum bench_trial_end compare(const struct reference_implementation *set,
                                    struct bench_estimate ratios[2]) {
    struct bench_cpu_binding places;
    struct norma_problem problem;
    const struct norma_tuning defaults = norma_tuning_default(NORMA_CLASS_L2);
    struct norma_tuning tunings[] = {defaults, defaults, defaults};
    tunings[2].tile_bytes = 4096;
    cr_assert(bench_cpu_binding_open(&places));
    norma_problem_parse("in:16x512x7x7", &problem, NULL);
    struct bench_trial trial = {
        .set = set,
        .threads = 1,
        .effort = {.seconds = 0.5, .min_samples = 5, .max_samples = 50, .primers = 1},
        .seed = 1,
        .places = &places,
        .progress = {.total = 1, .total_bytes = 1},
    };
    bench_buffers_open(&trial.buffers, false);
    const enum bench_trial_end end = bench_trial_compare(&trial, &problem, 1, tunings, 3, ratios);
    cr_expect_eq(trial.progress.done, 1);
    bench_buffers_close(&trial.buffers);
    bench_cpu_binding_close(&places);
    return end;
}

Test(tune, a_comparison_has_a_ratio_for_each) {
    struct bench_estimate ratios[2];
    cr_assert(compare(verify_implementation_find("portable"), ratios) == BENCH_TRIAL_COMPLETE);
    for (int i = 0; i < 2; i++) {
        cr_expect(ratios[i].low <= ratios[i].median && ratios[i].median <= ratios[i].high);
        cr_expect(0.1 < ratios[i].median && ratios[i].median < 10, "%g", ratios[i].median);
    }
}

static norma_status do_nothing(void *state, const struct norma_args *args) {
    (void)state;
    (void)args;
    return NORMA_STATUS_OK;
}

Test(tune, what_is_wrong_is_not_timed) {
    struct bench_estimate ratios[2];
    struct reference_implementation lazy = *verify_implementation_find("portable");
    lazy.execute = do_nothing;
    cr_assert(compare(&lazy, ratios) == BENCH_TRIAL_WRONG);
}

Test(tune, what_other_work_decided_is_not_kept) {
    struct bench_cpu_binding places;
    char *text;
    size_t size;
    cr_assert(bench_cpu_binding_open(&places));
    struct bench_search search = {
        .trial = {.set = verify_implementation_find("portable"),
                  .threads = 1,
                  .effort = {.seconds = 1e-3, .min_samples = 3, .max_samples = 12, .primers = 1},
                  .seed = 1,
                  .places = &places,
                  .progress = {.total = 1, .total_bytes = 1}},
        .octaves = 1,
        .memory = {.bytes = (uint64_t)1 << 30},
        .table = open_memstream(&text, &size),
    };
    struct norma_tuning best;
    const struct norma_tuning defaults = norma_tuning_default(NORMA_CLASS_L2);
    bool found;
    bench_buffers_open(&search.trial.buffers, false);
    others_run = true;
    cr_assert_eq(bench_search_class(&search, NORMA_CLASS_L2, &best, &found), BENCH_TRIAL_COMPLETE);
    fclose(search.table);
    cr_expect(search.trial.uncertain);
    cr_expect(memcmp(&best, &defaults, sizeof best) == 0);
    cr_expect(strstr(text, "no: inconclusive: other work had a core"), "%s", text);
    cr_expect_null(strstr(text, " yes"), "%s", text);
    free(text);
    bench_buffers_close(&search.trial.buffers);
    bench_cpu_binding_close(&places);
}

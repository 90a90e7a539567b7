/* The sweep. A case is taken with all numbers of threads in turn, so that its truth is made once;
 * within a group, a case with one number of threads, everything is interleaved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sweep.h"
#include "buffers.h"
#include "ceiling.h"
#include "clock.h"
#include "heap.h"
#include "interrupt.h"
#include "memory.h"
#include "progress.h"
#include "traffic.h"
#include "verification.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

struct state {
    const struct norma_sweep *sweep;
    struct norma_buffers buffers;
    struct norma_progress progress;
    size_t failed;
    bool unpinned; /* said once */
};

struct group {
    const struct norma_case *one;
    int threads;
    struct norma_entry *entries; /* the ceilings first */
    size_t count;
};

/* ---- what there is to do -------------------------------------------------------------------- */

static bool is_done(const struct norma_sweep *sweep, const struct norma_case *one,
                    const char *implementation, int threads) {
    return norma_results_has(sweep->results, one->text, implementation, threads, "hot");
}

static bool is_group_done(const struct norma_sweep *sweep, const struct norma_case *one,
                          int threads) {
    for (size_t i = 0; i < sweep->roster->count; i++) {
        if (!is_done(sweep, one, sweep->roster->items[i]->name, threads)) {
            return false;
        }
    }
    return is_done(sweep, one, norma_ceilings_of(&one->problem)[0].name, threads);
}

static bool is_case_done(const struct norma_sweep *sweep, const struct norma_case *one) {
    for (size_t i = 0; i < sweep->thread_count; i++) {
        if (!is_group_done(sweep, one, sweep->threads[i])) {
            return false;
        }
    }
    return true;
}

static double weight(const struct norma_case *one) {
    return norma_progress_weight((double)norma_footprint(&one->problem));
}

static void start_progress(struct state *state) {
    const struct norma_cases *cases = state->sweep->cases;
    state->progress = (struct norma_progress){.started = norma_now(), .total = cases->count};
    for (size_t i = 0; i < cases->count; i++) {
        if (is_case_done(state->sweep, &cases->items[i])) {
            state->progress.done++;
        } else {
            state->progress.total_bytes += weight(&cases->items[i]);
        }
    }
}

/* ---- one group ------------------------------------------------------------------------------ */

static void add_entry(const struct norma_sweep *sweep, struct group *group,
                      const struct norma_implementation *implementation, bool is_ceiling) {
    group->entries[group->count++] = (struct norma_entry){
        .share_of_bound = -1,
        .is_ceiling = is_ceiling,
        .contender = {.implementation = implementation,
                      .samples = norma_allocate(sweep->effort.max_samples, sizeof(double))},
    };
}

/* The ceilings always, the implementations unless they are in the resumed file already. */
static void open_group(const struct norma_sweep *sweep, struct group *group) {
    size_t room = NORMA_CEILING_COUNT + sweep->roster->count;
    group->entries = norma_allocate(room, sizeof *group->entries);
    group->count = 0;
    for (size_t i = 0; i < NORMA_CEILING_COUNT; i++) {
        add_entry(sweep, group, &norma_ceilings_of(&group->one->problem)[i], true);
    }
    for (size_t i = 0; i < sweep->roster->count; i++) {
        const struct norma_implementation *implementation = sweep->roster->items[i];
        if (!is_done(sweep, group->one, implementation->name, group->threads)) {
            add_entry(sweep, group, implementation, false);
        }
    }
}

static void close_group(struct group *group) {
    for (size_t i = 0; i < group->count; i++) {
        struct norma_contender *contender = &group->entries[i].contender;
        if (contender->state) {
            contender->implementation->destroy(contender->state);
        }
        free(contender->samples);
    }
    free(group->entries);
}

static void skip(struct norma_entry *entry, enum norma_outcome outcome, const char *reason) {
    entry->outcome = outcome;
    snprintf(entry->reason, sizeof entry->reason, "%s", reason);
}

static void skip_all(struct group *group, const char *reason) {
    for (size_t i = 0; i < group->count; i++) {
        skip(&group->entries[i], NORMA_SKIPPED, reason);
    }
}

static void create_ceilings(struct group *group) {
    for (size_t i = 0; i < NORMA_CEILING_COUNT; i++) {
        struct norma_entry *entry = &group->entries[i];
        struct norma_contender *contender = &entry->contender;
        norma_status status = contender->implementation->create(
            contender->implementation, &contender->state, &group->one->problem, group->threads);
        if (status == NORMA_OK) {
            snprintf(entry->kernel, sizeof entry->kernel, "%s",
                     contender->implementation->kernel(contender->state));
        } else {
            skip(entry, NORMA_NOT_SUPPORTED, norma_strerror(status));
        }
    }
}

/* Moves what can be timed into one array and the result back. False: interrupted. */
static bool measure_entries(const struct norma_sweep *sweep, struct group *group,
                            const struct norma_args *args) {
    struct norma_contender *contenders = norma_allocate(group->count, sizeof *contenders);
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++) {
        if (group->entries[i].outcome == NORMA_TIMED) {
            contenders[count++] = group->entries[i].contender;
        }
    }
    struct norma_effort effort = sweep->effort;
    if ((uint64_t)norma_footprint(&group->one->problem) > norma_largest_cache(sweep->places)) {
        effort.primers = 0;
    }
    bool complete = norma_measure(contenders, count, args, &effort, sweep->seed);
    count = 0;
    for (size_t i = 0; i < group->count; i++) {
        struct norma_entry *entry = &group->entries[i];
        if (entry->outcome == NORMA_TIMED) {
            entry->contender = contenders[count++];
            entry->contender.counts = norma_counters_take(sweep->counters, &entry->contender, args);
            if (entry->contender.status != NORMA_OK) {
                skip(entry, NORMA_FAILED, norma_strerror(entry->contender.status));
            }
        }
    }
    free(contenders);
    return complete;
}

static bool write_group(struct state *state, const struct group *group) {
    const struct norma_entry *ceiling = norma_best_ceiling(group->entries, group->count);
    for (size_t i = 0; i < group->count; i++) {
        const struct norma_entry *entry = &group->entries[i];
        struct norma_message error;
        json_t *record = norma_measurement_record(group->one, group->threads, entry, ceiling);
        if (!norma_results_write(state->sweep->results, record, &error)) {
            norma_say("%s", error.text);
            return false;
        }
        state->failed += entry->outcome == NORMA_FAILED;
        if (entry->outcome == NORMA_TIMED) {
            norma_conditions_note_error(state->sweep->conditions,
                                        norma_relative_error(&entry->contender.estimate));
        }
    }
    return true;
}

static void bind(struct state *state, int threads) {
    if (!norma_places_bind(state->sweep->places, threads) && !state->unpinned) {
        state->unpinned = true;
        norma_conditions_warn(state->sweep->conditions,
                              "threads could not be pinned to cores; times may scatter");
    }
}

/* Verifies and times the entries, or says in their records why not. The last group of a case gives
 * the truth's memory back before it times. False: interrupted. */
static bool play_group(struct state *state, struct group *group,
                       struct norma_verification *verification, bool last) {
    const struct norma_problem *problem = &group->one->problem;
    void *pointers[NORMA_TENSOR_COUNT];
    bind(state, group->threads);
    if (!verification->truth ||
        !norma_buffers_place(&state->buffers, problem, group->threads, pointers)) {
        norma_say("%s: skipped, not enough memory", group->one->text);
        skip_all(group, "not enough memory");
        return true;
    }
    create_ceilings(group);
    if (!norma_verify_entries(verification, problem, group->threads, group->entries, group->count,
                              pointers)) {
        return false;
    }
    if (last) {
        norma_verification_close(verification);
    }
    struct norma_args args = norma_tensors_bind(pointers);
    return measure_entries(state->sweep, group, &args);
}

/* ---- one case ------------------------------------------------------------------------------- */

/* Tensors, truth, and the copies that implementations with a layout of their own make. */
static uint64_t memory_needed(const struct norma_sweep *sweep,
                              const struct norma_problem *problem) {
    int64_t tensors = norma_footprint(problem), copies = 0;
    for (size_t i = 0; i < sweep->roster->count; i++) {
        copies += sweep->roster->items[i]->import ? tensors : 0;
    }
    return (uint64_t)(tensors + copies + norma_verification_bytes(problem));
}

static bool is_too_large(const struct norma_sweep *sweep, const struct norma_case *one,
                         char *reason, size_t size) {
    uint64_t needed = memory_needed(sweep, &one->problem);
    if (needed <= sweep->max_memory) {
        return false;
    }
    snprintf(reason, size, "needs %.2f GB of memory, --max-memory is %.2f GB", (double)needed / 1e9,
             (double)sweep->max_memory / 1e9);
    norma_say("%s: skipped, %s", one->text, reason);
    return true;
}

static enum norma_sweep_end run_group(struct state *state, const struct norma_case *one,
                                      int threads, struct norma_verification *verification,
                                      bool last, const char *too_large) {
    struct group group = {.one = one, .threads = threads};
    open_group(state->sweep, &group);
    enum norma_sweep_end end = NORMA_SWEEP_COMPLETE;
    if (too_large) {
        skip_all(&group, too_large);
    } else if (!play_group(state, &group, verification, last)) {
        end = NORMA_SWEEP_INTERRUPTED;
    }
    if (end == NORMA_SWEEP_COMPLETE && !write_group(state, &group)) {
        end = NORMA_SWEEP_UNWRITABLE;
    }
    close_group(&group);
    return end;
}

static enum norma_sweep_end run_case(struct state *state, const struct norma_case *one) {
    const struct norma_sweep *sweep = state->sweep;
    struct norma_verification verification = {0};
    char reason[128];
    bool too_large = is_too_large(sweep, one, reason, sizeof reason);
    if (!too_large) {
        norma_heap_limit(sweep->max_memory - memory_needed(sweep, &one->problem));
        bind(state, omp_get_max_threads());
        norma_verification_open(&verification, &one->problem, sweep->seed);
    }
    enum norma_sweep_end end = NORMA_SWEEP_COMPLETE;
    for (size_t i = 0; i < sweep->thread_count && end == NORMA_SWEEP_COMPLETE; i++) {
        if (!is_group_done(sweep, one, sweep->threads[i])) {
            end = run_group(state, one, sweep->threads[i], &verification,
                            i + 1 == sweep->thread_count, too_large ? reason : NULL);
        }
    }
    norma_verification_close(&verification);
    return norma_interrupted() && end == NORMA_SWEEP_COMPLETE ? NORMA_SWEEP_INTERRUPTED : end;
}

/* With several memory nodes, memory that was used before may be far away: there it is taken anew.
 */
static void open_memory(struct state *state) {
    const struct norma_sweep *sweep = state->sweep;
    bool several = hwloc_get_nbobjs_by_type(sweep->places->topology, HWLOC_OBJ_NUMANODE) > 1;
    norma_buffers_open(&state->buffers, several);
    uint64_t most = 0;
    for (size_t i = 0; i < sweep->cases->count; i++) {
        uint64_t needed = memory_needed(sweep, &sweep->cases->items[i].problem);
        most = needed > most && needed <= sweep->max_memory ? needed : most;
    }
    if (!several) {
        norma_heap_prepare(most);
    }
}

enum norma_sweep_end norma_sweep_run(const struct norma_sweep *sweep, size_t *done,
                                     size_t *failed) {
    struct state state = {.sweep = sweep};
    open_memory(&state);
    start_progress(&state);
    enum norma_sweep_end end = NORMA_SWEEP_COMPLETE;
    for (size_t i = 0; i < sweep->cases->count && end == NORMA_SWEEP_COMPLETE; i++) {
        const struct norma_case *one = &sweep->cases->items[i];
        if (is_case_done(sweep, one)) {
            continue;
        }
        norma_progress_show(&state.progress, one->text);
        end = run_case(&state, one);
        if (end == NORMA_SWEEP_COMPLETE) {
            state.progress.done++;
            state.progress.done_bytes += weight(one);
        }
    }
    norma_status_line(NULL);
    norma_buffers_close(&state.buffers);
    *done = state.progress.done;
    *failed = state.failed;
    return end;
}

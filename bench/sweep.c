/* The sweep. A case is taken with all numbers of threads in turn, so that its truth is made once;
 * within a group, a case with one number of threads, everything is interleaved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sweep.h"
#include "buffers.h"
#include "ceiling.h"
#include "clock.h"
#include "group.h"
#include "heap.h"
#include "interrupt.h"
#include "memory.h"
#include "observer.h"
#include "progress.h"
#include "traffic.h"
#include "verification.h"
#include "worker.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

struct state {
    const struct norma_sweep *sweep;
    struct norma_buffers buffers;
    struct norma_progress progress;
    int pipe;
    bool unpinned; /* noted once */
};

/* ---- what there is to do -------------------------------------------------------------------- */

/* The number of a group, in the order in which they are taken. */
static size_t step_of(const struct norma_sweep *sweep, const struct norma_case *one, size_t turn) {
    return (size_t)(one - sweep->cases->items) * sweep->thread_count + turn;
}

/* By a worker that has ended, or in the file that is resumed. */
static bool is_group_done(const struct norma_sweep *sweep, const struct norma_case *one,
                          size_t turn) {
    const int threads = sweep->threads[turn];
    if (step_of(sweep, one, turn) < sweep->course->guard.step) {
        return true;
    }
    for (size_t i = 0; i < sweep->roster->count; i++) {
        if (!norma_group_has(sweep, one, sweep->roster->items[i]->name, threads)) {
            return false;
        }
    }
    return norma_group_has(sweep, one, norma_ceilings_of(&one->problem)[0].name, threads);
}

static bool is_case_done(const struct norma_sweep *sweep, const struct norma_case *one) {
    for (size_t i = 0; i < sweep->thread_count; i++) {
        if (!is_group_done(sweep, one, i)) {
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

static void tell(const struct state *state, struct norma_sweep_note note) {
    norma_worker_send(state->pipe, &note, sizeof note);
}

static bool write_group(struct state *state, const struct norma_group *group) {
    const struct norma_entry *ceiling = norma_best_ceiling(group->entries, group->count);
    for (size_t i = 0; i < group->count; i++) {
        const struct norma_entry *entry = &group->entries[i];
        struct norma_message error;
        json_t *record = norma_measurement_record(group->one, group->threads, entry, ceiling);
        if (!norma_results_write(state->sweep->results, record, &error)) {
            norma_say("%s", error.text);
            return false;
        }
        state->sweep->course->failed += entry->outcome == NORMA_FAILED;
        if (entry->outcome == NORMA_TIMED) {
            tell(state, (struct norma_sweep_note){
                            .relative_error = norma_relative_error(&entry->contender.estimate)});
        }
    }
    return true;
}

static void bind(struct state *state, int threads) {
    if (!norma_places_bind(state->sweep->places, threads) && !state->unpinned) {
        state->unpinned = true;
        tell(state, (struct norma_sweep_note){.unpinned = true});
    }
}

/* ---- looking on ----------------------------------------------------------------------------- */

struct onlooker {
    const struct norma_sweep *sweep;
    struct norma_group *group;
};

static void note_turn(void *context, const struct norma_implementation *implementation) {
    const struct norma_sweep *sweep = ((struct onlooker *)context)->sweep;
    int index = NORMA_NOBODY;
    for (size_t i = 0; i < sweep->roster->count; i++) {
        index = sweep->roster->items[i] == implementation ? (int)i : index;
    }
    norma_guard_running(&sweep->course->guard, index, (struct norma_setup){0});
}

static struct norma_table_view view_of(const struct norma_sweep *sweep,
                                       const struct norma_group *group) {
    return (struct norma_table_view){
        .one = group->one,
        .threads = group->threads,
        .entries = group->entries,
        .count = group->count,
        .first = sweep->roster->count > 0 ? sweep->roster->items[0] : NULL,
        .seed = sweep->seed,
    };
}

static void show_round(void *context, const struct norma_contender *contenders, size_t count) {
    struct onlooker *onlooker = context;
    (void)count;
    if (onlooker->sweep->tabulated) {
        norma_group_update(onlooker->group, contenders);
        const struct norma_table_view view = view_of(onlooker->sweep, onlooker->group);
        norma_table_refresh(&onlooker->sweep->course->table, &view);
    }
}

static bool write_table(const struct norma_sweep *sweep, const struct norma_group *group) {
    const struct norma_table_view view = view_of(sweep, group);
    return !sweep->tabulated || norma_table_finish(&sweep->course->table, &view);
}

/* ---- one group ------------------------------------------------------------------------------ */

/* Verifies and times the entries, or says in their records why not. The last group of a case gives
 * the truth's memory back before it times. False: interrupted. */
static bool play_group(struct state *state, struct norma_group *group,
                       struct norma_verification *verification, bool last) {
    const struct norma_problem *problem = &group->one->problem;
    void *pointers[NORMA_TENSOR_COUNT];
    bind(state, group->threads);
    if (!verification->truth ||
        !norma_buffers_place(&state->buffers, problem, group->threads, pointers)) {
        norma_say("%s: skipped, not enough memory", group->one->text);
        norma_group_skip(group, "not enough memory");
        return true;
    }
    norma_group_create_ceilings(group);
    if (!norma_verify_entries(verification, problem, group->threads, group->entries, group->count,
                              pointers)) {
        return false;
    }
    if (last) {
        norma_verification_close(verification);
    }
    struct norma_args args = norma_tensors_bind(pointers);
    return norma_group_measure(state->sweep, group, &args);
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

static enum norma_sweep_end play_and_write(struct state *state, struct norma_group *group,
                                           struct norma_verification *verification, bool last,
                                           const char *too_large) {
    if (too_large) {
        norma_group_skip(group, too_large);
    } else if (!play_group(state, group, verification, last)) {
        norma_table_leave(&state->sweep->course->table);
        return NORMA_SWEEP_INTERRUPTED;
    }
    return write_group(state, group) && write_table(state->sweep, group) ? NORMA_SWEEP_COMPLETE
                                                                         : NORMA_SWEEP_UNWRITABLE;
}

static unsigned patience(const struct norma_sweep *sweep, const struct norma_case *one) {
    return sweep->case_timeout > 0 ? sweep->case_timeout
                                   : norma_guard_patience(norma_elements(&one->problem));
}

static void come_to(struct norma_guard *guard, size_t step) {
    while (guard->step < step) {
        norma_guard_next_step(guard);
    }
}

/* What was written is done, also where the implementations end the process when they are closed. */
static enum norma_sweep_end run_group(struct state *state, const struct norma_case *one,
                                      size_t turn, struct norma_verification *verification,
                                      const char *too_large) {
    const struct norma_sweep *sweep = state->sweep;
    const bool last = turn + 1 == sweep->thread_count;
    struct norma_group group = {.one = one, .threads = sweep->threads[turn]};
    struct onlooker onlooker = {sweep, &group};
    const struct norma_observer observer = {note_turn, show_round, &onlooker};
    come_to(&sweep->course->guard, step_of(sweep, one, turn));
    sweep->course->guard.patience = patience(sweep, one);
    norma_observe(&observer);
    norma_group_open(sweep, &group);
    enum norma_sweep_end end = play_and_write(state, &group, verification, last, too_large);
    if (end == NORMA_SWEEP_COMPLETE) {
        come_to(&sweep->course->guard, step_of(sweep, one, turn) + 1);
    }
    norma_group_close(&group);
    norma_observe(NULL);
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
        if (!is_group_done(sweep, one, i)) {
            end = run_group(state, one, i, &verification, too_large ? reason : NULL);
        }
    }
    norma_verification_close(&verification);
    return norma_interrupted() && end == NORMA_SWEEP_COMPLETE ? NORMA_SWEEP_INTERRUPTED : end;
}

/* With several memory nodes, memory that was used before may be far away: there it is taken anew.
 */
static void open_memory(struct state *state) {
    const struct norma_sweep *sweep = state->sweep;
    bool several = norma_places_several_nodes(sweep->places);
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

void norma_sweep_work(const struct norma_sweep *sweep, int pipe) {
    struct state state = {.sweep = sweep, .pipe = pipe};
    enum norma_sweep_end end = NORMA_SWEEP_COMPLETE;
    open_memory(&state);
    start_progress(&state);
    for (size_t i = 0; i < sweep->cases->count && end == NORMA_SWEEP_COMPLETE; i++) {
        const struct norma_case *one = &sweep->cases->items[i];
        if (is_case_done(sweep, one)) {
            continue;
        }
        sweep->course->done = state.progress.done;
        norma_progress_show(&state.progress, one->text);
        end = run_case(&state, one);
        if (end == NORMA_SWEEP_COMPLETE) {
            sweep->course->done = ++state.progress.done;
            state.progress.done_bytes += weight(one);
        }
    }
    norma_status_line(NULL);
    norma_buffers_close(&state.buffers);
    sweep->course->end = end;
}

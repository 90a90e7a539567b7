/* The sweep. A case is taken with all numbers of threads in turn, so that its truth is made once;
 * within a group, a case with one number of threads, everything is interleaved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/sweep.h"
#include "bench/machine/machine.h"
#include "bench/measure/measure.h"
#include "bench/run/group.h"
#include "bench/run/verification.h"
#include "verify/harness/tool/tool.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

struct state {
    const struct bench_sweep *sweep;
    struct bench_buffers buffers;
    struct bench_progress progress;
    int pipe;
    bool unpinned; /* noted once */
};

/* ---- what there is to do -------------------------------------------------------------------- */

/* The number of a group, in the order in which they are taken. */
static size_t step_of(const struct bench_sweep *sweep, const struct bench_case *one, size_t turn) {
    return (size_t)(one - sweep->cases->items) * sweep->thread_count + turn;
}

/* By a worker that has ended, or in the file that is resumed. */
static bool is_group_done(const struct bench_sweep *sweep, const struct bench_case *one,
                          size_t turn) {
    const int threads = sweep->threads[turn];
    if (step_of(sweep, one, turn) < sweep->course->guard.step) {
        return true;
    }
    for (size_t i = 0; i < sweep->roster->count; i++) {
        if (!bench_group_has(sweep, one, sweep->roster->items[i]->name, threads)) {
            return false;
        }
    }
    return bench_group_has(sweep, one, bench_ceilings_of(&one->problem)[0].name, threads);
}

static bool is_case_done(const struct bench_sweep *sweep, const struct bench_case *one) {
    for (size_t i = 0; i < sweep->thread_count; i++) {
        if (!is_group_done(sweep, one, i)) {
            return false;
        }
    }
    return true;
}

static double weight(const struct bench_case *one) {
    return bench_progress_weight((double)bench_footprint(&one->problem));
}

static void start_progress(struct state *state) {
    const struct bench_cases *cases = state->sweep->cases;
    state->progress = (struct bench_progress){.started = bench_now(), .total = cases->count};
    for (size_t i = 0; i < cases->count; i++) {
        if (is_case_done(state->sweep, &cases->items[i])) {
            state->progress.done++;
        } else {
            state->progress.total_bytes += weight(&cases->items[i]);
        }
    }
}

static void tell(const struct state *state, struct bench_sweep_note note) {
    tool_worker_send(state->pipe, &note, sizeof note);
}

static bool write_group(struct state *state, const struct bench_group *group) {
    const struct bench_entry *ceiling = bench_best_ceiling(group->entries, group->count);
    for (size_t i = 0; i < group->count; i++) {
        const struct bench_entry *entry = &group->entries[i];
        struct tool_message error;
        json_t *record = bench_measurement_record(group->one, group->threads, entry, ceiling);
        if (!bench_results_write(state->sweep->results, record, &error)) {
            tool_say("%s", error.text);
            return false;
        }
        state->sweep->course->failed += entry->outcome == BENCH_FAILED;
        if (entry->outcome == BENCH_TIMED) {
            tell(state, (struct bench_sweep_note){
                            .relative_error = bench_relative_error(&entry->contender.estimate)});
        }
    }
    return true;
}

static void bind(struct state *state, int threads) {
    if (!bench_bind_threads(state->sweep->binding, threads) && !state->unpinned) {
        state->unpinned = true;
        tell(state, (struct bench_sweep_note){.unpinned = true});
    }
}

/* ---- looking on ----------------------------------------------------------------------------- */

struct onlooker {
    const struct bench_sweep *sweep;
    struct bench_group *group;
};

static void note_turn(void *context, const struct reference_implementation *implementation) {
    const struct bench_sweep *sweep = ((struct onlooker *)context)->sweep;
    int index = VERIFY_NOBODY;
    for (size_t i = 0; i < sweep->roster->count; i++) {
        index = sweep->roster->items[i] == implementation ? (int)i : index;
    }
    verify_guard_running(&sweep->course->guard, index, (struct verify_setup){0});
}

static struct bench_table_view view_of(const struct bench_sweep *sweep,
                                       const struct bench_group *group) {
    return (struct bench_table_view){
        .one = group->one,
        .threads = group->threads,
        .entries = group->entries,
        .count = group->count,
        .first = sweep->roster->count > 0 ? sweep->roster->items[0] : NULL,
        .seed = sweep->seed,
    };
}

static void show_round(void *context, const struct bench_contender *contenders, size_t count) {
    struct onlooker *onlooker = context;
    (void)count;
    if (onlooker->sweep->tabulated) {
        bench_group_update(onlooker->group, contenders);
        const struct bench_table_view view = view_of(onlooker->sweep, onlooker->group);
        bench_table_refresh(&onlooker->sweep->course->table, &view);
    }
}

static bool write_table(const struct bench_sweep *sweep, const struct bench_group *group) {
    const struct bench_table_view view = view_of(sweep, group);
    return !sweep->tabulated || bench_table_finish(&sweep->course->table, &view);
}

/* ---- one group ------------------------------------------------------------------------------ */

/* Verifies and times the entries, or says in their records why not. The last group of a case gives
 * the truth's memory back before it times. False: interrupted. */
static bool play_group(struct state *state, struct bench_group *group,
                       struct bench_verification *verification, bool last) {
    const struct norma_problem *problem = &group->one->problem;
    void *pointers[REFERENCE_TENSOR_COUNT];
    bind(state, group->threads);
    if (!verification->truth ||
        !bench_buffers_place(&state->buffers, problem, group->threads, pointers)) {
        tool_say("%s: skipped, not enough memory", group->one->text);
        bench_group_skip(group, "not enough memory");
        return true;
    }
    bench_group_create_ceilings(group);
    if (!bench_verify_entries(verification, problem, group->threads, group->entries, group->count,
                              pointers)) {
        return false;
    }
    if (last) {
        bench_verification_close(verification);
    }
    struct norma_args args = reference_tensors_bind(pointers);
    return bench_group_measure(state->sweep, group, &args);
}

/* ---- one case ------------------------------------------------------------------------------- */

/* Tensors, truth, and the copies that implementations with a layout of their own make. */
static uint64_t memory_needed(const struct bench_sweep *sweep,
                              const struct norma_problem *problem) {
    int64_t tensors = bench_footprint(problem), copies = 0;
    for (size_t i = 0; i < sweep->roster->count; i++) {
        copies += sweep->roster->items[i]->import ? tensors : 0;
    }
    return (uint64_t)(tensors + copies + bench_verification_bytes(problem));
}

static bool is_too_large(const struct bench_sweep *sweep, const struct bench_case *one,
                         char *reason, size_t size) {
    uint64_t needed = memory_needed(sweep, &one->problem);
    if (needed <= sweep->max_memory) {
        return false;
    }
    snprintf(reason, size, "needs %.2f GB of memory, --max-memory is %.2f GB", (double)needed / 1e9,
             (double)sweep->max_memory / 1e9);
    tool_say("%s: skipped, %s", one->text, reason);
    return true;
}

static enum bench_sweep_end play_and_write(struct state *state, struct bench_group *group,
                                           struct bench_verification *verification, bool last,
                                           const char *too_large) {
    if (too_large) {
        bench_group_skip(group, too_large);
    } else if (!play_group(state, group, verification, last)) {
        bench_table_leave(&state->sweep->course->table);
        return BENCH_SWEEP_INTERRUPTED;
    }
    return write_group(state, group) && write_table(state->sweep, group) ? BENCH_SWEEP_COMPLETE
                                                                         : BENCH_SWEEP_UNWRITABLE;
}

static unsigned patience(const struct bench_sweep *sweep, const struct bench_case *one) {
    return sweep->case_timeout > 0 ? sweep->case_timeout
                                   : verify_guard_patience(reference_elements(&one->problem));
}

static void come_to(struct verify_guard *guard, size_t step) {
    while (guard->step < step) {
        verify_guard_next_step(guard);
    }
}

/* What was written is done, also where the implementations end the process when they are closed. */
static enum bench_sweep_end run_group(struct state *state, const struct bench_case *one,
                                      size_t turn, struct bench_verification *verification,
                                      const char *too_large) {
    const struct bench_sweep *sweep = state->sweep;
    const bool last = turn + 1 == sweep->thread_count;
    struct bench_group group = {.one = one, .threads = sweep->threads[turn]};
    struct onlooker onlooker = {sweep, &group};
    const struct bench_observer observer = {note_turn, show_round, &onlooker};
    come_to(&sweep->course->guard, step_of(sweep, one, turn));
    sweep->course->guard.patience = patience(sweep, one);
    bench_set_observer(&observer);
    bench_group_open(sweep, &group);
    enum bench_sweep_end end = play_and_write(state, &group, verification, last, too_large);
    if (end == BENCH_SWEEP_COMPLETE) {
        come_to(&sweep->course->guard, step_of(sweep, one, turn) + 1);
    }
    bench_group_close(&group);
    bench_set_observer(NULL);
    return end;
}

static enum bench_sweep_end run_case(struct state *state, const struct bench_case *one) {
    const struct bench_sweep *sweep = state->sweep;
    struct bench_verification verification = {0};
    char reason[128];
    bool too_large = is_too_large(sweep, one, reason, sizeof reason);
    if (!too_large) {
        bench_heap_limit(sweep->max_memory - memory_needed(sweep, &one->problem));
        bind(state, omp_get_max_threads());
        bench_verification_open(&verification, &one->problem, sweep->seed);
    }
    enum bench_sweep_end end = BENCH_SWEEP_COMPLETE;
    for (size_t i = 0; i < sweep->thread_count && end == BENCH_SWEEP_COMPLETE; i++) {
        if (!is_group_done(sweep, one, i)) {
            end = run_group(state, one, i, &verification, too_large ? reason : NULL);
        }
    }
    bench_verification_close(&verification);
    return tool_interrupted() && end == BENCH_SWEEP_COMPLETE ? BENCH_SWEEP_INTERRUPTED : end;
}

/* With several memory nodes, memory that was used before may be far away: there it is taken anew.
 */
static void open_memory(struct state *state) {
    const struct bench_sweep *sweep = state->sweep;
    bool several = bench_has_several_nodes(sweep->binding);
    bench_buffers_open(&state->buffers, several);
    uint64_t most = 0;
    for (size_t i = 0; i < sweep->cases->count; i++) {
        uint64_t needed = memory_needed(sweep, &sweep->cases->items[i].problem);
        most = needed > most && needed <= sweep->max_memory ? needed : most;
    }
    if (!several) {
        bench_heap_prepare(most);
    }
}

void bench_sweep_work(const struct bench_sweep *sweep, int pipe) {
    struct state state = {.sweep = sweep, .pipe = pipe};
    enum bench_sweep_end end = BENCH_SWEEP_COMPLETE;
    open_memory(&state);
    start_progress(&state);
    for (size_t i = 0; i < sweep->cases->count && end == BENCH_SWEEP_COMPLETE; i++) {
        const struct bench_case *one = &sweep->cases->items[i];
        if (is_case_done(sweep, one)) {
            continue;
        }
        sweep->course->done = state.progress.done;
        bench_progress_show(&state.progress, one->text);
        end = run_case(&state, one);
        if (end == BENCH_SWEEP_COMPLETE) {
            sweep->course->done = ++state.progress.done;
            state.progress.done_bytes += weight(one);
        }
    }
    tool_status_line(NULL);
    bench_buffers_close(&state.buffers);
    sweep->course->end = end;
}

/* The work of a sweep. A case is taken with all numbers of threads in turn, so that its reference
 * results are computed once. Within a group, which is a case with one number of threads, all
 * measurements are interleaved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/sweep.h"
#include "bench/run/activity.h"
#include "bench/run/group.h"
#include "bench/run/verification.h"
#include "verify/harness/tool/tool.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

struct worker {
    const struct bench_sweep *sweep;
    struct bench_buffers buffers;
    struct bench_progress progress;
    struct bench_activity activity;
    int pipe;
    bool unpinned; /* that threads could not be pinned was noted already */
};

/* ---- what there is to do -------------------------------------------------------------------- */

/* Returns the number of a group, in the order in which groups are taken. */
static size_t step_of(const struct bench_sweep *sweep, const struct bench_case *test_case,
                      size_t turn) {
    return (size_t)(test_case - sweep->cases->items) * sweep->thread_count + turn;
}

/* Returns whether the group was done by a worker that has ended, or is in the resumed file. */
static bool is_group_done(const struct bench_sweep *sweep, const struct bench_case *test_case,
                          size_t turn) {
    const int threads = sweep->threads[turn];
    if (step_of(sweep, test_case, turn) < sweep->state->guard.step) {
        return true;
    }
    for (size_t i = 0; i < sweep->implementations->count; i++) {
        if (!bench_group_has(sweep, test_case, sweep->implementations->items[i]->name, threads)) {
            return false;
        }
    }
    return bench_group_has(sweep, test_case, bench_ceilings_of(&test_case->problem)[0].name,
                           threads);
}

static bool is_case_done(const struct bench_sweep *sweep, const struct bench_case *test_case) {
    for (size_t i = 0; i < sweep->thread_count; i++) {
        if (!is_group_done(sweep, test_case, i)) {
            return false;
        }
    }
    return true;
}

static double weight(const struct bench_case *test_case) {
    return bench_progress_weight((double)bench_footprint(&test_case->problem));
}

static void start_progress(struct worker *worker) {
    const struct bench_cases *cases = worker->sweep->cases;
    worker->progress = (struct bench_progress){.started = bench_now(), .total = cases->count};
    for (size_t i = 0; i < cases->count; i++) {
        if (is_case_done(worker->sweep, &cases->items[i])) {
            worker->progress.done++;
        } else {
            worker->progress.total_bytes += weight(&cases->items[i]);
        }
    }
}

static void send_note(const struct worker *worker, struct bench_sweep_note note) {
    tool_worker_send(worker->pipe, &note, sizeof note);
}

/* Counts what became of an entry. Ceilings are measured beside all else, and count only where they
 * were asked for. */
static void count_entry(const struct bench_sweep *sweep, const struct bench_entry *entry) {
    struct bench_sweep_totals *totals = &sweep->state->totals;
    const bool wanted = !entry->is_ceiling || sweep->implementations->names_ceilings;
    totals->failed += entry->outcome == BENCH_FAILED;
    totals->times += entry->outcome == BENCH_TIMED && wanted;
}

static bool write_group(struct worker *worker, const struct bench_group *group) {
    const struct bench_entry *ceiling = bench_best_ceiling(group->entries, group->count);
    for (size_t i = 0; i < group->count; i++) {
        const struct bench_entry *entry = &group->entries[i];
        struct tool_message error;
        json_t *record = bench_measurement_record(group->test_case, group->threads, entry, ceiling);
        if (!bench_results_write(worker->sweep->results, record, &error)) {
            tool_say("%s", error.text);
            return false;
        }
        count_entry(worker->sweep, entry);
        if (entry->outcome == BENCH_TIMED) {
            send_note(worker, (struct bench_sweep_note){
                                  .quality = bench_contender_quality(&entry->contender)});
        }
    }
    return true;
}

static void bind(struct worker *worker, int threads) {
    if (!bench_bind_threads(worker->sweep->binding, threads) && !worker->unpinned) {
        worker->unpinned = true;
        send_note(worker, (struct bench_sweep_note){.unpinned = true});
    }
}

/* ---- the observer --------------------------------------------------------------------------- */

struct observed {
    const struct bench_sweep *sweep;
    struct bench_group *group;
    struct bench_activity *activity;
};

/* Names what is running, unless a table on the screen shows it. */
static void show_turn(const struct observed *observed, const char *name) {
    if (observed->sweep->state->table.lines == 0) {
        bench_activity_turn(observed->activity, name);
        bench_activity_show_timing(observed->activity, name);
    }
}

static void note_turn(void *context, const struct reference_implementation *implementation) {
    const struct observed *observed = context;
    const struct bench_sweep *sweep = observed->sweep;
    int index = VERIFY_NO_IMPLEMENTATION;
    for (size_t i = 0; i < sweep->implementations->count; i++) {
        index = sweep->implementations->items[i] == implementation ? (int)i : index;
    }
    if (implementation) {
        show_turn(observed, implementation->name);
    }
    verify_guard_running(&sweep->state->guard, index, (struct verify_setup){0});
}

static struct bench_table_view view_of(const struct bench_sweep *sweep,
                                       const struct bench_group *group) {
    return (struct bench_table_view){
        .test_case = group->test_case,
        .threads = group->threads,
        .entries = group->entries,
        .count = group->count,
        .first = sweep->implementations->count > 0 ? sweep->implementations->items[0] : NULL,
        .seed = sweep->seed,
        .order = sweep->order,
    };
}

static void show_round(void *context, const struct bench_contender *contenders, size_t count) {
    struct observed *observed = context;
    (void)count;
    if (observed->sweep->state->table.live) {
        bench_group_update(observed->group, contenders);
        const struct bench_table_view view = view_of(observed->sweep, observed->group);
        bench_table_refresh(&observed->sweep->state->table, &view);
    }
}

static bool write_table(const struct bench_sweep *sweep, const struct bench_group *group) {
    const struct bench_table_view view = view_of(sweep, group);
    return bench_table_finish(&sweep->state->table, &view);
}

/* ---- one group ------------------------------------------------------------------------------ */

/* Makes room for the tensors. Notes in the entries if there is none. */
static bool place_group(struct worker *worker, struct bench_group *group,
                        const struct bench_verification *verification, void **pointers) {
    const struct norma_problem *problem = &group->test_case->problem;
    if (verification->truth &&
        bench_buffers_place(&worker->buffers, problem, group->threads, pointers)) {
        return true;
    }
    tool_say("%s: skipped, not enough memory", group->test_case->text);
    bench_group_skip(group, "not enough memory");
    return false;
}

/* Verifies the entries. Returns false if it was interrupted. */
static bool verify_group(struct worker *worker, struct bench_group *group,
                         const struct bench_verification *verification, void **pointers) {
    bench_activity_begin(&worker->activity, "verifying");
    bench_group_create_ceilings(group);
    const bool verified =
        bench_verify_entries(verification, &group->test_case->problem, group->threads,
                             group->entries, group->count, pointers);
    bench_activity_end(&worker->activity);
    return verified;
}

/* Verifies and times the entries, or notes in them why not. The last group of a case gives the
 * memory of the reference results back before it times. Returns false if it was interrupted. */
static bool play_group(struct worker *worker, struct bench_group *group,
                       struct bench_verification *verification, bool last) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    bind(worker, group->threads);
    if (!place_group(worker, group, verification, pointers)) {
        return true;
    }
    if (!verify_group(worker, group, verification, pointers)) {
        return false;
    }
    if (last) {
        bench_verification_close(verification);
    }
    struct norma_args args = reference_tensors_bind(pointers);
    return bench_group_measure(worker->sweep, group, &args);
}

/* ---- one case ------------------------------------------------------------------------------- */

/* Returns the bytes of the tensors, of the reference results, and of the copies that
 * implementations with a layout of their own make. */
static uint64_t memory_needed(const struct bench_sweep *sweep,
                              const struct norma_problem *problem) {
    uint64_t needed = bench_memory_needed(problem);
    for (size_t i = 0; i < sweep->implementations->count; i++) {
        needed += sweep->implementations->items[i]->import ? (uint64_t)bench_footprint(problem) : 0;
    }
    return needed;
}

static bool is_too_large(const struct bench_sweep *sweep, const struct bench_case *test_case,
                         char reason[BENCH_MEMORY_EXCESS_TEXT]) {
    uint64_t needed = memory_needed(sweep, &test_case->problem);
    if (needed <= sweep->memory.bytes) {
        return false;
    }
    bench_memory_excess_print(&sweep->memory, needed, reason);
    tool_say("%s: skipped, %s%s", test_case->text, reason,
             sweep->memory.origin ? "; --max-memory sets another limit" : "");
    return true;
}

static enum bench_sweep_end play_and_write(struct worker *worker, struct bench_group *group,
                                           struct bench_verification *verification, bool last,
                                           const char *too_large) {
    if (too_large) {
        bench_group_skip(group, too_large);
    } else if (!play_group(worker, group, verification, last)) {
        bench_table_leave(&worker->sweep->state->table);
        return BENCH_SWEEP_INTERRUPTED;
    }
    return write_group(worker, group) && write_table(worker->sweep, group) ? BENCH_SWEEP_COMPLETE
                                                                           : BENCH_SWEEP_UNWRITABLE;
}

/* Returns the seconds after which a turn of an implementation counts as hung. */
static unsigned turn_timeout(const struct bench_sweep *sweep, const struct bench_case *test_case) {
    return sweep->case_timeout > 0
               ? sweep->case_timeout
               : verify_guard_timeout(reference_most_elements(&test_case->problem));
}

/* Moves the guard on to this group, unless it is there already, and forgets the crashes of earlier
 * groups. */
static void go_to_step(struct verify_guard *guard, size_t step) {
    while (guard->step < step) {
        verify_guard_next_step(guard);
    }
}

/* Runs and writes a group. The group counts as done once it is written, even if an implementation
 * then ends the process when it is closed. */
static enum bench_sweep_end run_group(struct worker *worker, const struct bench_case *test_case,
                                      size_t turn, struct bench_verification *verification,
                                      const char *too_large) {
    const struct bench_sweep *sweep = worker->sweep;
    const bool last = turn + 1 == sweep->thread_count;
    struct bench_group group = {.test_case = test_case, .threads = sweep->threads[turn]};
    struct observed observed = {sweep, &group, &worker->activity};
    const struct bench_observer observer = {note_turn, show_round, &observed};
    go_to_step(&sweep->state->guard, step_of(sweep, test_case, turn));
    sweep->state->guard.timeout_seconds = turn_timeout(sweep, test_case);
    bench_set_observer(&observer);
    bench_group_open(sweep, &group);
    enum bench_sweep_end end = play_and_write(worker, &group, verification, last, too_large);
    if (end == BENCH_SWEEP_COMPLETE) {
        go_to_step(&sweep->state->guard, step_of(sweep, test_case, turn) + 1);
    }
    bench_group_close(&group);
    bench_set_observer(NULL);
    return end;
}

static enum bench_sweep_end run_case(struct worker *worker, const struct bench_case *test_case) {
    const struct bench_sweep *sweep = worker->sweep;
    struct bench_verification verification = {0};
    char reason[BENCH_MEMORY_EXCESS_TEXT];
    bool too_large = is_too_large(sweep, test_case, reason);
    if (!too_large) {
        bench_heap_limit(sweep->memory.bytes - memory_needed(sweep, &test_case->problem));
        bind(worker, omp_get_max_threads());
        bench_activity_begin(&worker->activity, "computing reference results");
        bench_verification_open(&verification, &test_case->problem, sweep->seed);
        bench_activity_end(&worker->activity);
    }
    enum bench_sweep_end end = BENCH_SWEEP_COMPLETE;
    for (size_t i = 0; i < sweep->thread_count && end == BENCH_SWEEP_COMPLETE; i++) {
        if (!is_group_done(sweep, test_case, i)) {
            end = run_group(worker, test_case, i, &verification, too_large ? reason : NULL);
        }
    }
    bench_verification_close(&verification);
    return tool_interrupted() && end == BENCH_SWEEP_COMPLETE ? BENCH_SWEEP_INTERRUPTED : end;
}

/* Prepares the memory. With several memory nodes, the heap is not kept, as memory that was used
 * before may be on a node that is far away. */
static void open_memory(struct worker *worker) {
    const struct bench_sweep *sweep = worker->sweep;
    bool several = bench_has_several_nodes(sweep->binding);
    bench_buffers_open(&worker->buffers, several);
    uint64_t most = 0;
    for (size_t i = 0; i < sweep->cases->count; i++) {
        uint64_t needed = memory_needed(sweep, &sweep->cases->items[i].problem);
        most = needed > most && needed <= sweep->memory.bytes ? needed : most;
    }
    if (!several) {
        bench_heap_prepare(most);
    }
}

void bench_sweep_work(const struct bench_sweep *sweep, int pipe) {
    struct worker worker = {.sweep = sweep, .pipe = pipe};
    enum bench_sweep_end end = BENCH_SWEEP_COMPLETE;
    open_memory(&worker);
    start_progress(&worker);
    for (size_t i = 0; i < sweep->cases->count && end == BENCH_SWEEP_COMPLETE; i++) {
        const struct bench_case *test_case = &sweep->cases->items[i];
        if (is_case_done(sweep, test_case)) {
            continue;
        }
        sweep->state->totals.done = worker.progress.done;
        worker.activity =
            (struct bench_activity){.progress = &worker.progress, .problem = test_case->text};
        end = run_case(&worker, test_case);
        if (end == BENCH_SWEEP_COMPLETE) {
            sweep->state->totals.done = ++worker.progress.done;
            worker.progress.done_bytes += weight(test_case);
        }
    }
    tool_status_line(NULL);
    bench_buffers_close(&worker.buffers);
    sweep->state->end = end;
}

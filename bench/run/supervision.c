/* Runs a sweep in worker processes: when a kernel ends one, the next continues in its place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/supervision.h"
#include "bench/run/group.h"
#include "bench/run/sweep.h"
#include "verify/harness/tool/tool.h"

#include <signal.h>

struct supervision {
    const struct bench_sweep *sweep;
    struct bench_sweep_note note;
};

static void work(void *context, int pipe) {
    bench_sweep_work(((struct supervision *)context)->sweep, pipe);
}

static bool receive(void *context) {
    const struct supervision *supervision = context;
    struct bench_conditions *conditions = supervision->sweep->conditions;
    if (supervision->note.unpinned) {
        bench_conditions_warn(conditions,
                              "threads could not be pinned to cores; times may scatter");
    } else {
        bench_conditions_note(conditions, &supervision->note.quality);
    }
    return true;
}

/* Reports what happened, with the implementation that was running, if one was, and the command that
 * reproduces it. */
static void say_what_happened(const struct bench_sweep *sweep, const char *what) {
    const struct verify_guard *guard = &sweep->state->guard;
    const struct bench_case *test_case = &sweep->cases->items[guard->step / sweep->thread_count];
    const int threads = sweep->threads[guard->step % sweep->thread_count];
    const char *name = guard->running == VERIFY_NO_IMPLEMENTATION
                           ? "something other than a kernel"
                           : sweep->implementations->items[guard->running]->name;
    char command[TOOL_CRASH_COMMAND];
    verify_print_command("", name, threads, sweep->seed, test_case->text, command, sizeof command);
    if (guard->running == VERIFY_NO_IMPLEMENTATION) {
        tool_say("%s %s at %s", name, what, test_case->text);
    } else {
        tool_say("%s %s at %s; reproduce: %s", name, what, test_case->text, command);
    }
}

/* Removes the table and the status line that the worker left on the screen. */
static void clear_up(struct bench_sweep_state *state) {
    bench_table_erase(&state->table);
    tool_status_line("");
    tool_status_line(NULL);
}

/* Notes which implementation ended a worker early. Returns false if there is none left to blame, so
 * that another worker would not help. */
static bool blame(const struct bench_sweep *sweep, const struct tool_ending *ending) {
    char what[200];
    const bool blamed = verify_guard_record_crash(
        &sweep->state->guard, sweep->implementations->count, ending, "", what, sizeof what);
    if (blamed) {
        say_what_happened(sweep, what);
    } else {
        tool_say("the benchmark itself %s", what);
    }
    return blamed;
}

/* Returns whether the worker wrote to standard output after its reader had closed it, as head does.
 * Nothing is wrong then; a kernel that gets this signal for a pipe of its own is running. */
static bool has_lost_reader(const struct bench_sweep *sweep, const struct tool_ending *ending) {
    return ending->signal == SIGPIPE && sweep->state->guard.running == VERIFY_NO_IMPLEMENTATION;
}

/* Returns how a sweep ended whose worker finished. Sanitizers and valgrind change the exit status
 * of a process in which they found something. */
static enum bench_sweep_end end_of(const struct bench_sweep *sweep,
                                   const struct tool_ending *ending) {
    if (ending->signal == 0 && ending->status == 0) {
        return sweep->state->end;
    }
    char how[100];
    tool_ending_print(ending, how, sizeof how);
    tool_say("the benchmark was complete, but then ended with %s", how);
    return BENCH_SWEEP_BROKEN;
}

static enum bench_sweep_end supervise(const struct bench_sweep *sweep) {
    struct supervision supervision = {.sweep = sweep};
    const struct tool_job job = {work, receive, &supervision.note, sizeof supervision.note,
                                 &supervision};
    struct tool_ending ending;
    do {
        if (!tool_worker_run(&job, &ending)) {
            tool_say("cannot start a process");
            return BENCH_SWEEP_BROKEN;
        }
        if (ending.finished) {
            return end_of(sweep, &ending);
        }
        clear_up(sweep->state);
        if (has_lost_reader(sweep, &ending)) {
            return BENCH_SWEEP_UNREAD;
        }
    } while (!tool_interrupted() && blame(sweep, &ending));
    return tool_interrupted() ? BENCH_SWEEP_INTERRUPTED : BENCH_SWEEP_BROKEN;
}

static bool is_timed(const struct bench_sweep *sweep, const struct bench_case *test_case,
                     const char *implementation, int threads) {
    return bench_results_timed(sweep->results, test_case->text, implementation, threads, "hot");
}

/* Counts the measurements of a case that are in the resumed file. */
static size_t count_kept(const struct bench_sweep *sweep, const struct bench_case *test_case,
                         int threads) {
    size_t kept = 0;
    for (size_t i = 0; i < sweep->implementations->count; i++) {
        kept += is_timed(sweep, test_case, sweep->implementations->items[i]->name, threads);
    }
    if (sweep->implementations->names_ceilings) {
        kept += is_timed(sweep, test_case, bench_ceilings_of(&test_case->problem)[0].name, threads);
    }
    return kept;
}

static size_t count_all_kept(const struct bench_sweep *sweep) {
    size_t kept = 0;
    for (size_t i = 0; i < sweep->cases->count; i++) {
        for (size_t j = 0; j < sweep->thread_count; j++) {
            kept += count_kept(sweep, &sweep->cases->items[i], sweep->threads[j]);
        }
    }
    return kept;
}

enum bench_sweep_end bench_sweep_run(struct bench_sweep *sweep, struct bench_sweep_totals *totals) {
    sweep->state = tool_worker_memory(sizeof *sweep->state);
    if (!sweep->state) {
        tool_say("not enough memory");
        return BENCH_SWEEP_BROKEN;
    }
    sweep->state->table = bench_table_open(sweep->format);
    sweep->state->guard.running = VERIFY_NO_IMPLEMENTATION;
    sweep->state->totals.times = count_all_kept(sweep);
    const enum bench_sweep_end end = supervise(sweep);
    *totals = sweep->state->totals;
    tool_worker_memory_release(sweep->state, sizeof *sweep->state);
    sweep->state = NULL;
    return end;
}

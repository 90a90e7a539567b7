/* A sweep in workers: one goes on where another was ended by a kernel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/sweep.h"
#include "verify/harness/harness.h"
#include "verify/harness/tool/tool.h"

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
        bench_conditions_note_error(conditions, supervision->note.relative_error);
    }
    return true;
}

/* Who ran is named; else all that are left at this group are suspect. */
static void say_what_happened(const struct bench_sweep *sweep, const char *what) {
    const struct verify_guard *guard = &sweep->course->guard;
    const struct bench_case *one = &sweep->cases->items[guard->step / sweep->thread_count];
    const int threads = sweep->threads[guard->step % sweep->thread_count];
    const char *name = guard->running == VERIFY_NOBODY ? "something other than a kernel"
                                                       : sweep->roster->items[guard->running]->name;
    char command[TOOL_CRASH_COMMAND];
    verify_command(name, threads, sweep->seed, one->text, command, sizeof command);
    if (guard->running == VERIFY_NOBODY) {
        tool_say("%s %s at %s", name, what, one->text);
    } else {
        tool_say("%s %s at %s; reproduce: %s", name, what, one->text, command);
    }
}

/* What stands in the line of the cursor was the worker's. */
static void clear_up(struct bench_course *course) {
    bench_table_erase(&course->table);
    tool_status_line("");
    tool_status_line(NULL);
}

/* A worker that ended early: false, if it is of no use to start another. */
static bool blame(const struct bench_sweep *sweep, const struct tool_ending *ending) {
    char what[200];
    const bool blamed = verify_guard_blame(&sweep->course->guard, sweep->roster->count, ending, "",
                                           what, sizeof what);
    if (blamed) {
        say_what_happened(sweep, what);
    } else {
        tool_say("the benchmark itself %s", what);
    }
    return blamed;
}

/* Sanitizers and valgrind change the status of a process in which they found something. */
static enum bench_sweep_end end_of(const struct bench_sweep *sweep,
                                   const struct tool_ending *ending) {
    if (ending->signal == 0 && ending->status == 0) {
        return sweep->course->end;
    }
    char how[100];
    tool_ending_print(ending, how, sizeof how);
    tool_say("when all was done, the benchmark ended with %s", how);
    return BENCH_SWEEP_BROKEN;
}

static enum bench_sweep_end supervise(const struct bench_sweep *sweep) {
    struct supervision supervision = {.sweep = sweep};
    const struct tool_job job = {work, receive, &supervision.note, sizeof supervision.note,
                                 &supervision};
    struct tool_ending ending;
    do {
        if (!tool_worker_run(&job, &ending)) {
            tool_say("no process can be started");
            return BENCH_SWEEP_BROKEN;
        }
        if (ending.finished) {
            return end_of(sweep, &ending);
        }
        clear_up(sweep->course);
    } while (!tool_interrupted() && blame(sweep, &ending));
    return tool_interrupted() ? BENCH_SWEEP_INTERRUPTED : BENCH_SWEEP_BROKEN;
}

enum bench_sweep_end bench_sweep_run(struct bench_sweep *sweep, size_t *done, size_t *failed) {
    sweep->course = tool_worker_memory(sizeof *sweep->course);
    if (!sweep->course) {
        tool_say("not enough memory");
        return BENCH_SWEEP_BROKEN;
    }
    sweep->course->table = bench_table_open();
    sweep->course->guard.running = VERIFY_NOBODY;
    const enum bench_sweep_end end = supervise(sweep);
    *done = sweep->course->done;
    *failed = sweep->course->failed;
    tool_worker_memory_release(sweep->course, sizeof *sweep->course);
    sweep->course = NULL;
    return end;
}

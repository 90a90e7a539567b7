/* A sweep in workers: one goes on where another was ended by a kernel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command.h"
#include "crash.h"
#include "interrupt.h"
#include "message.h"
#include "sweep.h"
#include "worker.h"

struct supervision {
    const struct norma_sweep *sweep;
    struct norma_sweep_note note;
};

static void work(void *context, int pipe) {
    norma_sweep_work(((struct supervision *)context)->sweep, pipe);
}

static bool receive(void *context) {
    const struct supervision *supervision = context;
    struct norma_conditions *conditions = supervision->sweep->conditions;
    if (supervision->note.unpinned) {
        norma_conditions_warn(conditions,
                              "threads could not be pinned to cores; times may scatter");
    } else {
        norma_conditions_note_error(conditions, supervision->note.relative_error);
    }
    return true;
}

/* Who ran is named; else all that are left at this group are suspect. */
static void say_what_happened(const struct norma_sweep *sweep, const char *what) {
    const struct norma_guard *guard = &sweep->course->guard;
    const struct norma_case *one = &sweep->cases->items[guard->step / sweep->thread_count];
    const int threads = sweep->threads[guard->step % sweep->thread_count];
    const char *name = guard->running == NORMA_NOBODY ? "something other than a kernel"
                                                      : sweep->roster->items[guard->running]->name;
    char command[NORMA_CRASH_COMMAND];
    norma_verify_command(name, threads, sweep->seed, one->text, command, sizeof command);
    if (guard->running == NORMA_NOBODY) {
        norma_say("%s %s at %s", name, what, one->text);
    } else {
        norma_say("%s %s at %s; reproduce: %s", name, what, one->text, command);
    }
}

/* What stands in the line of the cursor was the worker's. */
static void clear_up(struct norma_course *course) {
    norma_table_erase(&course->table);
    norma_status_line("");
    norma_status_line(NULL);
}

/* A worker that ended early: false, if it is of no use to start another. */
static bool blame(const struct norma_sweep *sweep, const struct norma_ending *ending) {
    char what[200];
    const bool blamed = norma_guard_blame(&sweep->course->guard, sweep->roster->count, ending, "",
                                          what, sizeof what);
    if (blamed) {
        say_what_happened(sweep, what);
    } else {
        norma_say("the benchmark itself %s", what);
    }
    return blamed;
}

/* Sanitizers and valgrind change the status of a process in which they found something. */
static enum norma_sweep_end end_of(const struct norma_sweep *sweep,
                                   const struct norma_ending *ending) {
    if (ending->signal == 0 && ending->status == 0) {
        return sweep->course->end;
    }
    char how[100];
    norma_ending_print(ending, how, sizeof how);
    norma_say("when all was done, the benchmark ended with %s", how);
    return NORMA_SWEEP_BROKEN;
}

static enum norma_sweep_end supervise(const struct norma_sweep *sweep) {
    struct supervision supervision = {.sweep = sweep};
    const struct norma_job job = {work, receive, &supervision.note, sizeof supervision.note,
                                  &supervision};
    struct norma_ending ending;
    do {
        if (!norma_worker_run(&job, &ending)) {
            norma_say("no process can be started");
            return NORMA_SWEEP_BROKEN;
        }
        if (ending.finished) {
            return end_of(sweep, &ending);
        }
        clear_up(sweep->course);
    } while (!norma_interrupted() && blame(sweep, &ending));
    return norma_interrupted() ? NORMA_SWEEP_INTERRUPTED : NORMA_SWEEP_BROKEN;
}

enum norma_sweep_end norma_sweep_run(struct norma_sweep *sweep, size_t *done, size_t *failed) {
    sweep->course = norma_worker_memory(sizeof *sweep->course);
    if (!sweep->course) {
        norma_say("not enough memory");
        return NORMA_SWEEP_BROKEN;
    }
    sweep->course->table = norma_table_open();
    sweep->course->guard.running = NORMA_NOBODY;
    const enum norma_sweep_end end = supervise(sweep);
    *done = sweep->course->done;
    *failed = sweep->course->failed;
    norma_worker_memory_release(sweep->course, sizeof *sweep->course);
    sweep->course = NULL;
    return end;
}

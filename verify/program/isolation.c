/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/program/program.h"

#include <stdio.h>

#include "verify/harness/tool/tool.h"
#include "verify/program/verify_run.h"

/* ---- in this process ------------------------------------------------------------------------ */

static void report_case(void *report, const struct verify_case *result) {
    verify_report_case(report, result);
}

void verify_run_here(const struct verify_options *options, const struct verify_steps *steps,
                     struct verify_report *report) {
    struct verify_run run = {
        .options = options,
        .steps = steps,
        .taker = {report_case, report},
    };
    for (size_t i = 0; i < steps->count && verify_report_good(report); i++) {
        verify_run_step(&run, i);
    }
    verify_fences_release(&run.fences);
}

/* ---- in workers ----------------------------------------------------------------------------- */

struct isolation {
    const struct verify_options *options;
    const struct verify_steps *steps;
    struct verify_report *report;
    struct verify_guard *guard;
    struct verify_case received;
    size_t reported; /* number of cases that workers have sent */
    size_t met;      /* number of cases that the worker has reached */
    int pipe;        /* from the worker to its parent */
};

/* Sends a case to the parent, unless an earlier worker that ended in the middle of this step has
 * sent it already. */
static void send_case(void *context, const struct verify_case *result) {
    struct isolation *isolation = context;
    if (isolation->met++ >= isolation->reported) {
        tool_worker_send(isolation->pipe, result, sizeof *result);
    }
}

static unsigned timeout_of_step(const struct isolation *isolation) {
    const struct verify_step *step = &isolation->steps->list[isolation->guard->step];
    if (isolation->options->case_timeout > 0) {
        return isolation->options->case_timeout;
    }
    if (step->kind != VERIFY_CASE_PROBLEM) {
        return verify_guard_timeout(0);
    }
    const struct norma_problem *problem = &isolation->options->problems.list[step->index];
    return verify_guard_timeout(reference_most_elements(problem));
}

/* Runs the current step, without the implementations that crashed there, and all steps after it. */
static void work(void *context, int pipe) {
    struct isolation *isolation = context;
    struct verify_guard *guard = isolation->guard;
    isolation->pipe = pipe;
    isolation->met = isolation->steps->list[guard->step].first_case;
    struct verify_run run = {
        .options = isolation->options,
        .steps = isolation->steps,
        .guard = guard,
        .taker = {send_case, isolation},
    };
    while (guard->step < isolation->steps->count) {
        guard->timeout_seconds = timeout_of_step(isolation);
        guard->running = VERIFY_NO_IMPLEMENTATION;
        verify_run_step(&run, guard->step);
        verify_guard_next_step(guard);
    }
}

static bool receive(void *context) {
    struct isolation *isolation = context;
    verify_report_case(isolation->report, &isolation->received);
    isolation->reported++;
    return verify_report_good(isolation->report);
}

/* Checks the end of a worker that did all its work. Sanitizers and valgrind change the status of a
 * process in which they found something. */
static bool ended_well(const struct tool_ending *ending) {
    if (ending->signal != 0) {
        char how[100];
        tool_ending_print(ending, how, sizeof how);
        tool_say("at its end, the worker was ended by %s", how);
    } else if (ending->status != 0) {
        tool_say("at its end, the worker's status was %d", ending->status);
    }
    return ending->signal == 0 && ending->status == 0;
}

/* Removes the line that a worker showed and could not remove itself. */
static void clear_status_line(void) {
    tool_status_line("");
    tool_status_line(NULL);
}

/* Runs one worker, from the current step on. Returns false if another worker would be of no use. */
static bool run_worker(struct isolation *isolation, const struct tool_job *job) {
    struct tool_ending ending;
    char text[200];
    verify_report_flush(isolation->report);
    if (!tool_worker_run(job, &ending)) {
        tool_say("no process can be started; --no-isolation needs none");
        return false;
    }
    clear_status_line();
    if (tool_interrupted() || !verify_report_good(isolation->report)) {
        return true; /* this process ended it */
    }
    if (ending.finished) {
        return ended_well(&ending);
    }
    if (!verify_guard_record_crash(isolation->guard, isolation->options->implementation_count,
                                   &ending, TOOL_FAULT_BY_FENCE, text, sizeof text)) {
        tool_say("the verifier itself %s", text);
        return false;
    }
    return true;
}

static bool is_complete(const struct isolation *isolation) {
    return isolation->reported == isolation->steps->cases;
}

bool verify_run_isolated(const struct verify_options *options, const struct verify_steps *steps,
                         struct verify_report *report) {
    static struct isolation isolation;
    isolation = (struct isolation){.options = options, .steps = steps, .report = report};
    const struct tool_job job = {work, receive, &isolation.received, sizeof isolation.received,
                                 &isolation};
    isolation.guard = tool_worker_memory(sizeof *isolation.guard);
    if (!isolation.guard) {
        tool_say("not enough memory");
        return false;
    }
    tool_interrupt_watch(0);
    bool going = true;
    while (going && !is_complete(&isolation) && verify_report_good(report) && !tool_interrupted()) {
        going = run_worker(&isolation, &job);
    }
    tool_worker_memory_release(isolation.guard, sizeof *isolation.guard);
    return going;
}

/* The time limit of a worker: it ends one that hangs, and a stop is no hang.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _DEFAULT_SOURCE
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 1, LONGER = 2 }; /* seconds */

static struct tool_ending run(void (*work)(void *context, int pipe)) {
    const struct tool_job job = {.work = work};
    struct tool_ending ending;
    cr_assert(tool_worker_run(&job, &ending));
    return ending;
}

static void hang(void *context, int pipe) {
    (void)context, (void)pipe;
    tool_worker_time_limit(LIMIT);
    for (;;) {
        pause();
    }
}

Test(time_limit, ends_a_worker_that_hangs, .timeout = 60) {
    const struct tool_ending ending = run(hang);
    cr_expect_not(ending.finished);
    cr_expect_eq(ending.signal, SIGALRM);
}

/* Starts a process that continues this one after the limit, and again: the first may come before
 * the stop. */
static pid_t start_helper(void) {
    const pid_t worker = getpid(), helper = fork();
    if (helper < 0) {
        abort(); /* the stop would have no end */
    }
    while (helper == 0) {
        sleep(LONGER);
        if (getppid() != worker) {
            _exit(0);
        }
        kill(worker, SIGCONT);
    }
    return helper;
}

static void be_stopped(void *context, int pipe) {
    (void)context, (void)pipe;
    const pid_t helper = start_helper();
    tool_worker_time_limit(LIMIT);
    raise(SIGSTOP);
    tool_worker_time_limit(0);
    kill(helper, SIGKILL);
    waitpid(helper, NULL, 0);
}

/* However long the worker waits for a processor then: what it cannot take does not count. */
Test(time_limit, does_not_count_a_stop, .timeout = 60) {
    const struct tool_ending ending = run(be_stopped);
    cr_expect(ending.finished, "%s", tool_signal_name(ending.signal));
}

static void be_stopped_and_hang(void *context, int pipe) {
    be_stopped(context, pipe);
    hang(context, pipe);
}

Test(time_limit, ends_a_worker_that_hangs_after_a_stop, .timeout = 60) {
    cr_expect_eq(run(be_stopped_and_hang).signal, SIGALRM);
}

static void take_none(void *context, int pipe) {
    (void)context, (void)pipe;
    tool_worker_time_limit(LIMIT);
    tool_worker_time_limit(0);
    sleep(LONGER);
}

Test(time_limit, can_be_taken_back, .timeout = 60) {
    cr_expect(run(take_none).finished);
}

/* Ctrl-C and termination.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/interrupt.h"
#include "verify/harness/tool/worker.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

static unsigned grace; /* seconds */

/* What came, for all processes that this one has started since. */
static volatile sig_atomic_t own;
static volatile sig_atomic_t *caught = &own;

static volatile sig_atomic_t noted; /* by this process */

static void end_worker(int signal_number) {
    (void)signal_number;
    tool_worker_end();
}

/* The second one ends the program at once. */
static void note(int signal_number) {
    if (noted) {
        tool_worker_end();
        signal(signal_number, SIG_DFL);
        raise(signal_number);
        return;
    }
    noted = true;
    *caught = signal_number;
    if (grace == 0) {
        tool_worker_end();
    } else {
        alarm(grace);
    }
}

static void handle(int signal_number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

/* Not where the caller has it ignored: nohup, a shell's background job. */
static void watch(int signal_number) {
    struct sigaction before;
    if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
        handle(signal_number, note);
    }
}

static void share(void) {
    volatile sig_atomic_t *shared = tool_worker_memory(sizeof *shared);
    if (caught == &own && shared) {
        caught = shared;
    }
}

void tool_interrupt_watch(unsigned grace_seconds) {
    grace = grace_seconds;
    share();
    handle(SIGALRM, end_worker);
    watch(SIGINT);
    watch(SIGTERM);
    watch(SIGHUP);
}

int tool_interrupted(void) {
    return *caught;
}

/* Ctrl-C and termination.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "interrupt.h"
#include "worker.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/* A worker that looks at norma_interrupted ends by itself; in a kernel that hangs it does not. */
enum { GRACE_SECONDS = 2 };

/* What came, for all processes that this one has started since. */
static volatile sig_atomic_t own;
static volatile sig_atomic_t *caught = &own;

static volatile sig_atomic_t noted; /* by this process */

static void end_worker(int signal_number) {
    (void)signal_number;
    norma_worker_end();
}

/* The second one ends the program at once. */
static void note(int signal_number) {
    if (noted) {
        norma_worker_end();
        signal(signal_number, SIG_DFL);
        raise(signal_number);
        return;
    }
    noted = true;
    *caught = signal_number;
    alarm(GRACE_SECONDS);
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
    volatile sig_atomic_t *shared = norma_worker_memory(sizeof *shared);
    if (caught == &own && shared) {
        caught = shared;
    }
}

void norma_interrupt_watch(void) {
    share();
    handle(SIGALRM, end_worker);
    watch(SIGINT);
    watch(SIGTERM);
    watch(SIGHUP);
}

int norma_interrupted(void) {
    return *caught;
}

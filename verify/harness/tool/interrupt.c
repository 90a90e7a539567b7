/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/interrupt.h"
#include "verify/harness/tool/worker.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

static unsigned grace; /* seconds */

/* The signal that came, in memory shared with all processes that this one has started since. */
static volatile sig_atomic_t own;
static volatile sig_atomic_t *caught = &own;

static volatile sig_atomic_t noted; /* by this process */

static void end_worker(int signal_number) {
    (void)signal_number;
    tool_worker_end();
}

static void note(int signal_number) {
    *caught = signal_number;
}

/* The second signal ends the program at once. */
static void note_first(int signal_number) {
    if (noted) {
        tool_worker_end();
        signal(signal_number, SIG_DFL);
        raise(signal_number);
        return;
    }
    noted = true;
    note(signal_number);
    if (grace == 0) {
        tool_worker_end();
    } else {
        alarm(grace);
    }
}

static void handle(int signal_number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

static void handle_all(void (*handler)(int), int flags) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction before;
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            handle(signals[i], handler, flags);
        }
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
    handle(SIGALRM, end_worker, SA_RESTART);
    handle_all(note_first, SA_RESTART);
}

void tool_interrupt_note(void) {
    handle_all(note, 0);
}

int tool_interrupted(void) {
    return *caught;
}

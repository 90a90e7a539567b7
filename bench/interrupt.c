/* Ctrl-C and termination.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t caught;

static void note(int signal_number) {
    caught = signal_number;
}

/* Not where the caller has it ignored: nohup, a shell's background job. */
static void watch(int signal_number, const struct sigaction *action) {
    struct sigaction before;
    if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
        sigaction(signal_number, action, NULL);
    }
}

void norma_interrupt_watch(void) {
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    sigemptyset(&action.sa_mask);
    watch(SIGINT, &action);
    watch(SIGTERM, &action);
    watch(SIGHUP, &action);
}

int norma_interrupted(void) {
    return caught;
}

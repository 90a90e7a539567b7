/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "guard.h"

#include <stdio.h>
#include <unistd.h>

/* What a case takes on a quiet machine is a hundredth of it. */
enum { LEAST = 60, ELEMENTS_A_SECOND = 100000 };

void norma_guard_next_step(struct norma_guard *guard) {
    guard->step++;
    for (size_t i = 0; i < NORMA_MAX_IMPLEMENTATIONS; i++) {
        struct norma_loss *loss = &guard->losses[i];
        *loss = (struct norma_loss){.lost = guard->hangs[i] >= NORMA_MOST_HANGS};
        if (loss->lost) {
            snprintf(loss->message, sizeof loss->message, "not run, as it hung %d times before",
                     NORMA_MOST_HANGS);
        }
    }
}

void norma_guard_voting(struct norma_guard *guard, const char *voter) {
    if (guard) {
        snprintf(guard->voter, sizeof guard->voter, "%s", voter);
    }
}

void norma_guard_running(struct norma_guard *guard, int index, struct norma_setup setup) {
    if (!guard) {
        return;
    }
    guard->running = index;
    guard->setup = setup;
    norma_guard_voting(guard, "");
    alarm(guard->patience);
}

unsigned norma_guard_patience(int64_t elements) {
    return (unsigned)(LEAST + elements / ELEMENTS_A_SECOND);
}

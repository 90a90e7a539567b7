/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "guard.h"

#include <unistd.h>

/* What a case takes on a quiet machine is a hundredth of it. */
enum { LEAST = 60, ELEMENTS_A_SECOND = 100000 };

void norma_guard_running(struct norma_guard *guard, int index, struct norma_setup setup) {
    if (!guard) {
        return;
    }
    guard->running = index;
    guard->setup = setup;
    alarm(guard->patience);
}

unsigned norma_guard_patience(int64_t elements) {
    return (unsigned)(LEAST + elements / ELEMENTS_A_SECOND);
}

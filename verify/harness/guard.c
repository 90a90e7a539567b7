/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/guard.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* On a quiet machine a case takes about a hundredth of this time. */
enum { LEAST = 60, ELEMENTS_A_SECOND = 100000 };

void verify_guard_next_step(struct verify_guard *guard) {
    guard->step++;
    for (size_t i = 0; i < VERIFY_MAX_IMPLEMENTATIONS; i++) {
        struct verify_crash_record *crash = &guard->crashes[i];
        *crash = (struct verify_crash_record){.crashed = guard->hangs[i] >= VERIFY_MOST_HANGS};
        if (crash->crashed) {
            snprintf(crash->message, sizeof crash->message, "not run, as it hung %d times before",
                     VERIFY_MOST_HANGS);
        }
    }
}

void verify_guard_voting(struct verify_guard *guard, const char *voter) {
    if (guard) {
        snprintf(guard->voter, sizeof guard->voter, "%s", voter);
    }
}

void verify_guard_running(struct verify_guard *guard, int index, struct verify_setup setup) {
    if (!guard) {
        return;
    }
    guard->running = index;
    guard->setup = setup;
    verify_guard_voting(guard, "");
    tool_worker_time_limit(guard->timeout_seconds);
}

unsigned verify_guard_timeout(int64_t elements) {
    return (unsigned)(LEAST + elements / ELEMENTS_A_SECOND);
}

/* ---- crashes --------------------------------------------------------------------------------- */

/* Prints how the process ended. */
static void describe(const struct verify_guard *guard, const struct tool_ending *ending,
                     const char *fault, char *text, size_t size) {
    char how[100];
    tool_ending_print(ending, how, sizeof how);
    if (*guard->voter) {
        const int length = snprintf(text, size, "while %s voted: ", guard->voter);
        text += length;
        size -= (size_t)length;
    }
    if (ending->signal == SIGALRM) {
        snprintf(text, size, "did not end within %u s (--case-timeout)", guard->timeout_seconds);
    } else if (ending->signal == SIGKILL) {
        snprintf(text, size, "was ended by %s", how);
    } else if (ending->signal != 0) {
        snprintf(
            text, size, "crashed with %s%s", how,
            tool_crash_cause(ending->signal, ending->misaligned, ending->has_address ? fault : ""));
    } else {
        snprintf(text, size, "ended the program: %s", how);
    }
}

static void record(struct verify_guard *guard, size_t index, const char *message) {
    struct verify_crash_record *crash = &guard->crashes[index];
    crash->crashed = true;
    crash->setup = guard->setup;
    snprintf(crash->message, sizeof crash->message, "%s", message);
}

bool verify_guard_record_crash(struct verify_guard *guard, size_t count,
                               const struct tool_ending *ending, const char *fault, char *text,
                               size_t size) {
    char message[256];
    bool any = false;
    describe(guard, ending, fault, text, size);
    if (ending->signal == SIGALRM && guard->running != VERIFY_NO_IMPLEMENTATION) {
        guard->hangs[guard->running]++;
    }
    if (guard->running != VERIFY_NO_IMPLEMENTATION && !guard->crashes[guard->running].crashed) {
        record(guard, (size_t)guard->running, text);
        return true;
    }
    snprintf(message, sizeof message, "outside of the kernels: %.200s", text);
    for (size_t i = 0; i < count; i++) {
        if (!guard->crashes[i].crashed) {
            record(guard, i, message);
            any = true;
        }
    }
    return any;
}

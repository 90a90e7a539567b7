/* A record of the kernel that runs and of those that crashed, hung or exited. It must lie in memory
 * that outlives the process in which kernels run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_GUARD_H
#define VERIFY_HARNESS_GUARD_H

#include "verify/harness/fence.h"
#include "verify/harness/tool/tool.h"
#include "verify/truth/truth.h"

enum {
    VERIFY_MAX_IMPLEMENTATIONS = 64,
    VERIFY_NO_IMPLEMENTATION = -1,
    VERIFY_MOST_HANGS = 3 /* after so many hangs, an implementation is not run any more */
};

/* The data and the memory of one execution. */
struct verify_setup {
    enum verify_data data;
    enum verify_placement placement;
};

/* An implementation that is not run at this step, with the reason. */
struct verify_crash_record {
    bool crashed; /* it ended the process at this step, or hung too often before */
    struct verify_setup setup;
    char message[256];
};

struct verify_guard {
    size_t step;               /* the current step of the run */
    int running;               /* index of the implementation that runs, or of none */
    struct verify_setup setup; /* that it runs on */
    char voter[64];            /* the implementation that votes on its result; empty: none */
    unsigned timeout_seconds;  /* that an implementation may take; 0: no limit */
    struct verify_crash_record crashes[VERIFY_MAX_IMPLEMENTATIONS]; /* at this step */
    int hangs[VERIFY_MAX_IMPLEMENTATIONS];                          /* at all steps */
};

/* Moves on to the next step, at which all implementations run but those that hung too often. */
void verify_guard_next_step(struct verify_guard *guard);

/* Notes that implementation `index` runs from now on, and starts its timeout. Does nothing if guard
 * is NULL. */
void verify_guard_running(struct verify_guard *guard, int index, struct verify_setup setup);

/* Notes that a third implementation votes on the result from now on; "": none any more. */
void verify_guard_voting(struct verify_guard *guard, const char *voter);

/* Records that the process ended early, as a failure of the implementation that ran. If none ran,
 * or the one that ran had crashed before, all `count` implementations may be the cause and are
 * recorded. Prints what happened into text, with what may have caused it; `fault` is that of a
 * fault at a known address, in parentheses. Returns false if all had crashed before. */
bool verify_guard_record_crash(struct verify_guard *guard, size_t count,
                               const struct tool_ending *ending, const char *fault, char *text,
                               size_t size);

/* Returns the timeout in seconds for a problem of so many elements. It is long enough for emulation
 * and for a busy machine. */
unsigned verify_guard_timeout(int64_t elements);

#endif

/* What has to be known of a process that a kernel may end: what it was about, and what it is not to
 * try again. It lies in memory that outlives the process.
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
    VERIFY_MOST_HANGS = 3 /* of an implementation, before it is not tried any more */
};

/* How one execution is set up. */
struct verify_setup {
    enum verify_data data;
    enum verify_placement placement;
};

/* An implementation that ended the process at this step. */
struct verify_crash_record {
    bool crashed;
    struct verify_setup setup;
    char message[256];
};

struct verify_guard {
    size_t step;               /* of the run, that is at hand */
    int running;               /* index of who runs, or VERIFY_NO_IMPLEMENTATION */
    struct verify_setup setup; /* on what */
    char voter[64];            /* asked about its result; or empty */
    unsigned timeout_seconds;  /* seconds that it may take; 0: for ever */
    struct verify_crash_record crashes[VERIFY_MAX_IMPLEMENTATIONS]; /* at this step */
    int hangs[VERIFY_MAX_IMPLEMENTATIONS];                          /* at all steps */
};

/* The next step is at hand: nobody is lost but who hung too often. */
void verify_guard_next_step(struct verify_guard *guard);

/* Implementation number `index` runs from now on; NULL: nobody wants to know. */
void verify_guard_running(struct verify_guard *guard, int index, struct verify_setup setup);

/* A third implementation is asked about the result of who runs; "": no more. */
void verify_guard_voting(struct verify_guard *guard, const char *voter);
/* The process ended so: whoever ran has failed; where nobody did, or who is lost already, all
 * `count` implementations may have brought it about. text says what happened, with the hint where
 * it was a fault. False: all are lost already. */
bool verify_guard_record_crash(struct verify_guard *guard, size_t count,
                               const struct tool_ending *ending, const char *hint, char *text,
                               size_t size);

/* Patience for a problem of so many elements, emulated and on a busy machine. */
unsigned verify_guard_timeout(int64_t elements);

#endif

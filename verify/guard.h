/* What has to be known of a process that a kernel may end: what it was about, and what it is not to
 * try again. It lies in memory that outlives the process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_GUARD_H
#define NORMA_VERIFY_GUARD_H

#include "check.h"
#include "worker.h"

enum {
    NORMA_MAX_IMPLEMENTATIONS = 64,
    NORMA_NOBODY = -1,
    NORMA_MOST_HANGS = 3 /* of an implementation, before it is not tried any more */
};

/* An implementation that ended the process at this step. */
struct norma_loss {
    bool lost;
    struct norma_setup setup;
    char message[256];
};

struct norma_guard {
    size_t step;                                         /* of the run, that is at hand */
    int running;                                         /* index of who runs, or NORMA_NOBODY */
    struct norma_setup setup;                            /* on what */
    char voter[64];                                      /* asked about its result; or empty */
    unsigned patience;                                   /* seconds that it may take; 0: for ever */
    struct norma_loss losses[NORMA_MAX_IMPLEMENTATIONS]; /* at this step */
    int hangs[NORMA_MAX_IMPLEMENTATIONS];                /* at all steps */
};

/* The next step is at hand: nobody is lost but who hung too often. */
void norma_guard_next_step(struct norma_guard *guard);

/* Implementation number `index` runs from now on; NULL: nobody wants to know. */
void norma_guard_running(struct norma_guard *guard, int index, struct norma_setup setup);

/* A third implementation is asked about the result of who runs; "": no more. */
void norma_guard_voting(struct norma_guard *guard, const char *voter);
/* The process ended so: whoever ran has failed; where nobody did, or who is lost already, all
 * `count` implementations may have brought it about. text says what happened, with the hint where
 * it was a fault. False: all are lost already. */
bool norma_guard_blame(struct norma_guard *guard, size_t count, const struct norma_ending *ending,
                       const char *hint, char *text, size_t size);

/* Patience for a problem of so many elements, emulated and on a busy machine. */
unsigned norma_guard_patience(int64_t elements);

#endif

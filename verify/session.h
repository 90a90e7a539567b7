/* All checks of one problem on implementations: every kind of data in every placement, then the
 * same again in other ways, and values that are not finite.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_SESSION_H
#define NORMA_VERIFY_SESSION_H

#include "guard.h"

/* How far one implementation has come on one problem. */
struct norma_progress {
    const struct norma_implementation *implementation;
    void *state;
    norma_status created;
    bool failed;
    int checks;
    double share;
    double median_share;      /* of elements, of normal data; 0: of none */
    uint64_t hash;            /* of what it made of normal data; 0: nothing yet */
    struct norma_setup setup; /* of the failure */
    enum norma_check_kind check;
    char message[256];
    char vote[160];
};

struct norma_session {
    const struct norma_implementation *const *implementations;
    size_t count;
    const struct norma_problem *problem;
    int threads;
    uint64_t seed;
    bool thorough; /* every kind of data but the extremes in every placement */
    bool single;   /* no part of a suite: all of what its problems have in turn, by `turn` */
    size_t turn;
    bool vote;                  /* on failure a third implementation is asked */
    struct norma_guard *guard;  /* NULL: a kernel that ends the process ends all */
    struct norma_fences fences; /* zero-initialize; norma_fences_release at the end */
    struct norma_progress progress[NORMA_MAX_IMPLEMENTATIONS];
};

/* Makes a plan with each implementation that is not lost, and checks those. */
void norma_session_check(struct norma_session *session);
/* Destroys the plans. What became of each stays in progress. */
void norma_session_end(struct norma_session *session);

/* The command that checks one implementation on the problem of the session. */
void norma_session_command(const struct norma_session *session, const char *implementation,
                           char *text, size_t size);

#endif

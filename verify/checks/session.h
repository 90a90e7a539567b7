/* All checks of one problem on implementations: every kind of data in every placement, then the
 * same again in other ways, and values that are not finite.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SESSION_H
#define VERIFY_CHECKS_SESSION_H

#include "verify/checks/check.h"

/* How far one implementation has come on one problem. */
struct verify_progress {
    const struct reference_implementation *implementation;
    void *state;
    norma_status created;
    bool failed;
    int checks;
    double share;
    double median_share;       /* of elements, of normal data; 0: of none */
    uint64_t hash;             /* of what it made of normal data; 0: nothing yet */
    struct verify_setup setup; /* of the failure */
    enum verify_check_kind check;
    char message[256];
    char vote[160];
};

struct verify_session {
    const struct reference_implementation *const *implementations;
    size_t count;
    const struct norma_problem *problem;
    int threads;
    uint64_t seed;
    bool thorough; /* every kind of data but the extremes in every placement */
    bool single;   /* no part of a suite: all of what its problems have in turn, by `turn` */
    size_t turn;
    bool vote;                   /* on failure a third implementation is asked */
    struct verify_guard *guard;  /* NULL: a kernel that ends the process ends all */
    struct verify_fences fences; /* zero-initialize; verify_fences_release at the end */
    struct verify_progress progress[VERIFY_MAX_IMPLEMENTATIONS];
};

/* Makes a plan with each implementation that is not lost, and checks those. */
void verify_session_check(struct verify_session *session);
/* Destroys the plans. What became of each stays in progress. */
void verify_session_end(struct verify_session *session);

/* The command that checks one implementation on the problem of the session. */
void verify_session_command(const struct verify_session *session, const char *implementation,
                            char *text, size_t size);

#endif

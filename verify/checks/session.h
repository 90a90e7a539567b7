/* All checks of one problem on implementations: every kind of data in every placement, and what
 * norma promises on top.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SESSION_H
#define VERIFY_CHECKS_SESSION_H

#include "verify/checks/check.h"

/* The results of one implementation on one problem so far. */
struct verify_progress {
    const struct reference_implementation *implementation;
    void *state;
    norma_status created;
    bool failed;
    int checks;
    double share;
    double median_share;       /* of the elements, on normal data; 0: there are none */
    uint64_t hash;             /* of the results on normal data; 0: there are none yet */
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
    bool thorough; /* all kinds of data but the extremes in every placement, not in one by turns */
    bool single; /* the user named the problem: all checks, also those that suites take by turns */
    size_t turn; /* the number of the problem in the suite */
    bool vote;   /* on failure a third implementation votes */
    struct verify_guard *guard;  /* NULL: a kernel that ends the process ends the run */
    struct verify_fences fences; /* must be zero-initialized, and released at the end */
    struct verify_progress progress[VERIFY_MAX_IMPLEMENTATIONS];
};

/* Creates a plan with each implementation that did not crash at this problem before, and checks
 * it. */
void verify_session_check(struct verify_session *session);

/* Destroys the plans; the results stay in progress. */
void verify_session_end(struct verify_session *session);

/* Prints the command that checks one implementation on the problem of the session. */
void verify_session_command(const struct verify_session *session, const char *implementation,
                            char *text, size_t size);

#endif

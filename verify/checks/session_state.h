/* The state of a session: the problem, the implementations, and their results so far.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SESSION_STATE_H
#define VERIFY_CHECKS_SESSION_STATE_H

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

#endif

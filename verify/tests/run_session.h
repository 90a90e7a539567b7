/* A session that tests run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TESTS_RUN_SESSION_H
#define VERIFY_TESTS_RUN_SESSION_H

#include "verify/checks/session.h"

/* Runs a session of so many implementations on one thread. What it found stays in its progress. */
static inline void run_session(struct verify_session *session,
                               const struct reference_implementation *const *list, size_t count,
                               const struct norma_problem *problem) {
    session->implementations = list;
    session->count = count;
    session->problem = problem;
    session->threads = 1;
    session->seed = 1;
    verify_session_check(session);
    verify_session_end(session);
    verify_fences_release(&session->fences);
}

#endif

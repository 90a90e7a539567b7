/* The turn of one implementation in a session, and what norma promises on top of error bounds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SESSION_TURN_H
#define VERIFY_CHECKS_SESSION_TURN_H

#include "verify/checks/session_state.h"

static const struct verify_setup verify_usual_setup = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};

/* Prints the command that checks one implementation on the problem of the session. */
void verify_session_command(const struct verify_session *session, const char *implementation,
                            char *text, size_t size);

/* Notes for crash messages that an implementation runs from now on. */
void verify_session_announce(const struct verify_session *session,
                             const struct reference_implementation *implementation);

/* Does so, and notes it in the guard as well. */
void verify_session_turn(const struct verify_session *session,
                         const struct verify_progress *progress, struct verify_setup setup);

struct verify_subject verify_session_subject(struct verify_session *session,
                                             const struct reference_implementation *implementation,
                                             void *state);

/* Checks whether an implementation can do the problem and has not failed yet. */
bool verify_progress_open(const struct verify_progress *progress);

void verify_progress_fail(struct verify_progress *progress, struct verify_setup setup,
                          const struct verify_verdict *verdict);

/* Makes the checks of what norma alone promises, some by turns. `truth` must be of normal data. */
void verify_session_promises(struct verify_session *session, struct verify_truth *truth);

#endif

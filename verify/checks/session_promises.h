/* The checks of what norma promises on top of error bounds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SESSION_PROMISES_H
#define VERIFY_CHECKS_SESSION_PROMISES_H

#include "verify/checks/session_turn.h"

/* Makes the checks of what norma alone promises, some by turns. `truth` must be of normal data. */
void verify_session_promises(struct verify_session *session, struct verify_truth *truth);

#endif

/* All checks of one problem on implementations: every kind of data in every placement, and what
 * norma promises on top.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SESSION_H
#define VERIFY_CHECKS_SESSION_H

#include "verify/checks/session_turn.h"

/* Creates a plan with each implementation that did not crash at this problem before, and checks
 * it. */
void verify_session_check(struct verify_session *session);

/* Destroys the plans; the results stay in progress. */
void verify_session_end(struct verify_session *session);

#endif

/* The checks of what norma promises on top of error bounds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SESSION_PROMISES_H
#define VERIFY_CHECKS_SESSION_PROMISES_H

#include "verify/checks/session_turn.h"

/* Makes the checks of what norma alone promises on the data of a truth, some by turns: all on
 * normal data, those of the bits on others that norma has code of its own for, and none on the
 * rest. Nothing can be compared with the truth afterwards, as these checks may change its
 * inputs. */
void verify_session_promises(struct verify_session *session, struct verify_truth *truth);

#endif

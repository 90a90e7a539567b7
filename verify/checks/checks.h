/* Checks of implementations on problems, and the built-in problems. This header is for other
 * folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_CHECKS_H
#define VERIFY_CHECKS_CHECKS_H

#include "verify/checks/check.h"
#include "verify/checks/controls.h"
#include "verify/checks/problem_list.h"
#include "verify/checks/session.h"
#include "verify/checks/suite.h"

#endif

/* What other folders may use of this one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_HARNESS_H
#define VERIFY_HARNESS_HARNESS_H

#include "reference/reference.h"
#include "verify/harness/command.h"
#include "verify/harness/fence.h"
#include "verify/harness/guard.h"
#include "verify/harness/implementations.h"
#include "verify/harness/plugin.h"
#include "verify/harness/user_profile.h"
#include "verify/truth/truth.h"

#endif

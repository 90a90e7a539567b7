/* What other folders may use of this one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_TOOL_H
#define VERIFY_HARNESS_TOOL_TOOL_H

#include "verify/harness/tool/arguments.h"
#include "verify/harness/tool/command_line.h"
#include "verify/harness/tool/crash.h"
#include "verify/harness/tool/exit_codes.h"
#include "verify/harness/tool/installed.h"
#include "verify/harness/tool/interrupt.h"
#include "verify/harness/tool/lines.h"
#include "verify/harness/tool/memory.h"
#include "verify/harness/tool/message.h"
#include "verify/harness/tool/random.h"
#include "verify/harness/tool/worker.h"

#endif

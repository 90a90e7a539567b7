/* The tool kit of all programs: command lines, messages, memory, files, signals, workers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_TOOL_H
#define VERIFY_HARNESS_TOOL_TOOL_H

#include "verify/harness/tool/arguments.h"
#include "verify/harness/tool/control_groups.h"
#include "verify/harness/tool/crash.h"
#include "verify/harness/tool/interrupt.h"
#include "verify/harness/tool/json_lines.h"
#include "verify/harness/tool/memory.h"
#include "verify/harness/tool/memory_limit.h"
#include "verify/harness/tool/message.h"
#include "verify/harness/tool/options.h"
#include "verify/harness/tool/outputs.h"
#include "verify/harness/tool/random.h"
#include "verify/harness/tool/text_files.h"
#include "verify/harness/tool/threads.h"
#include "verify/harness/tool/worker.h"

#endif

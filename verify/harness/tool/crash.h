/* Says which kernel crashed, where, and how to reproduce it, in programs that run kernels in their
 * own process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_CRASH_H
#define VERIFY_HARNESS_TOOL_CRASH_H

#include <stdbool.h>

/* Installs handlers for SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT. They write the command of
 * tool_crash_case to standard error and end the program with status 1. */
void tool_crash_install(void);

/* The cause of a fault where tensors lie between fences. */
#define TOOL_FAULT_BY_FENCE " (outside of a tensor or in an input, if next to a fence)"

enum { TOOL_CRASH_COMMAND = 1680 };

/* Returns what may have caused a crash, in parentheses after a space. `fault` is the cause of a
 * fault at a known address; "": there is no address. Async-signal-safe. */
const char *tool_crash_cause(int signal_number, bool misaligned, const char *fault);

/* Notes the command that reproduces what runs now, until the next call. */
void tool_crash_case(const char *command);

#endif

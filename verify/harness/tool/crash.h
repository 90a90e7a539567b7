/* Says which kernel crashed, where, and how to reproduce it, in programs that run kernels in their
 * own process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_CRASH_H
#define VERIFY_HARNESS_TOOL_CRASH_H

/* Installs handlers for SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT. They write the command of
 * tool_crash_case to standard error and end the program with status 1. */
void tool_crash_install(void);

enum { TOOL_CRASH_COMMAND = 1680 };

/* Notes the command that reproduces what runs now, until the next call. */
void tool_crash_case(const char *command);

#endif

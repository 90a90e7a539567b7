/* When a kernel crashes: say which one, where, and how to reproduce it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_CRASH_H
#define VERIFY_HARNESS_TOOL_CRASH_H

/* Installs handlers for SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT; they write the case of
 * tool_crash_case to stderr, as said by `name`, and end the program with status 1. */
void tool_crash_install(const char *name);

enum { TOOL_CRASH_COMMAND = 1680 };

/* What runs now: the command that reproduces it. Kept until the next call. */
void tool_crash_case(const char *command);

#endif

/* What is said to the user on standard error: messages, and one status line that they do not mix
 * with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_MESSAGE_H
#define VERIFY_HARNESS_TOOL_MESSAGE_H

#include <stdbool.h>

/* Why something could not be done. */
struct tool_message {
    char text[512];
};

/* Fills the message and returns false, so that a function can fail in one statement. */
bool tool_fail(struct tool_message *message, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One line on standard error, after "norma-bench: ". */
void tool_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Shows text in place of the last status line; NULL removes it. Quiet unless standard error is a
 * terminal. */
void tool_status_line(const char *text);

/* Flushes standard output: the exit code, or that of a usage error, said aloud, if what was printed
 * could not be written. */
int tool_finish_stdout(int code);

#endif

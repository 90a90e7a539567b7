/* Messages of a program on standard error, and its exit codes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_MESSAGE_H
#define VERIFY_HARNESS_TOOL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

enum tool_exit {
    TOOL_EXIT_FINE = 0,
    TOOL_EXIT_FAILED = 1,  /* a result was wrong, or slower than before */
    TOOL_EXIT_USAGE = 2,   /* bad command line or input, or output that cannot be written */
    TOOL_EXIT_MISSING = 3, /* something needed is missing: a required implementation, gnuplot */
    TOOL_EXIT_SIGNAL = 128 /* plus the number of the signal that interrupted the run */
};

/* Names the program, whose messages begin with this name. Must be called first in main; name and
 * version are kept as pointers. */
void tool_program_begin(const char *name, const char *version);
const char *tool_program_name(void);
const char *tool_program_version(void);

/* Why something could not be done. */
struct tool_message {
    char text[512];
};

/* Fills the message and returns false, so that a function can fail in one statement. */
bool tool_fail(struct tool_message *message, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes one line to standard error, after the program's name and a colon. */
void tool_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says the same and exits with this code; functions registered with atexit clean up. */
_Noreturn void tool_die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Shows text in place of the last status line, as much of it as fits into one line; NULL removes
 * the line. Does nothing unless the cursor of standard error can be moved. tool_say removes the
 * line first, so that the two do not mix. Thread-safe, as tool_say is. */
void tool_status_line(const char *text);

/* Checks whether a descriptor is a terminal that understands escape sequences; TERM=dumb says that
 * it does not. norma's programs use no colours, so that NO_COLOR changes nothing. */
bool tool_moves_cursor(int file);

/* Returns the number of columns of a terminal; 80, as old ones have, if it does not tell. */
size_t tool_columns(int file);

/* Returns the seconds since some moment, the same one throughout a run, also in its workers, for
 * reports and progress. Kernels are timed with a clock of norma-bench. */
double tool_seconds(void);

/* Flushes standard output. Returns the code, or that of a usage error, with a message, if some of
 * what was printed could not be written. */
int tool_finish_stdout(int code);

#endif

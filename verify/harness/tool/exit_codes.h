/* What every program of norma returns to the shell.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_EXIT_CODES_H
#define VERIFY_HARNESS_TOOL_EXIT_CODES_H

enum tool_exit {
    TOOL_EXIT_FINE = 0,
    TOOL_EXIT_FAILED = 1,  /* a result was wrong, or slower than it was */
    TOOL_EXIT_USAGE = 2,   /* bad command line or input, or output that cannot be written */
    TOOL_EXIT_MISSING = 3, /* what is needed is not there: a required implementation, gnuplot */
    TOOL_EXIT_SIGNAL = 128 /* plus the number of the signal that interrupted the run */
};

#endif

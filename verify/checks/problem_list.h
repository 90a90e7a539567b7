/* A growing list of problems, from arguments, files or standard input.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_PROBLEM_LIST_H
#define VERIFY_CHECKS_PROBLEM_LIST_H

#include <stdio.h>

#include <norma.h>

/* Must be zero-initialized; `list` must be freed at the end. */
struct verify_problems {
    struct norma_problem *list;
    size_t count, capacity;
};

/* Appends a problem. Returns false if there is not enough memory. */
bool verify_problems_add(struct verify_problems *problems, const struct norma_problem *problem);

/* Appends the problems of an argument: a problem, "@FILE" with one problem per line, or "-" for
 * standard input. Comments, from # to the end of the line, blank lines and a byte order mark are
 * skipped, as norma-bench does, so that its --list can be read. On failure explains on stderr,
 * with file, line and the place in the text, and returns false. */
bool verify_problems_read(struct verify_problems *problems, const char *argument);

#endif

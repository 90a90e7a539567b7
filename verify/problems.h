/* A growing list of problems, from arguments, files or standard input.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_PROBLEMS_H
#define NORMA_VERIFY_PROBLEMS_H

#include <stdio.h>

#include "norma.h"

/* Zero-initialize; free `list` at the end. */
struct norma_problems {
    struct norma_problem *list;
    size_t count, capacity;
};

bool norma_problems_add(struct norma_problems *problems, const struct norma_problem *problem);

/* Reads an argument: a problem, "@FILE" with one problem per line, or "-" for standard input; blank
 * lines and lines that begin with # are skipped. On failure explains on stderr, with file, line
 * and the place in the text, and returns false. */
bool norma_problems_read(struct norma_problems *problems, const char *argument);

#endif

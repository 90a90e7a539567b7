/* Reads text files line by line: comments and blank lines left out, errors with file and line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_LINES_H
#define NORMA_BENCH_LINES_H

#include "message.h"

#include <stddef.h>
#include <stdio.h>

enum { NORMA_LINE_LENGTH = 4096 };

struct norma_lines {
    FILE *file;
    const char *name;                 /* for messages: the path, or "standard input" */
    size_t number;                    /* of the current line, from 1 */
    char text[NORMA_LINE_LENGTH + 1]; /* without comment and trailing blanks */
};

/* path "-": standard input. The path must outlive the reader. */
bool norma_lines_open(struct norma_lines *lines, const char *path, struct norma_message *error);

/* Brings the next line that is not blank into lines->text: 1; 0 at the end; -1 and *error where the
 * file cannot be read or is not text. */
int norma_lines_next(struct norma_lines *lines, struct norma_message *error);

void norma_lines_close(struct norma_lines *lines);

/* Fails with "file:line:column: expected ..., found ..." for the place in lines->text. */
bool norma_lines_expected(const struct norma_lines *lines, const char *place, const char *expected,
                          struct norma_message *error);

#endif

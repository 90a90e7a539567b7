/* Reads text files line by line: comments and blank lines left out, errors with file and line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_LINES_H
#define VERIFY_HARNESS_TOOL_LINES_H

#include "verify/harness/tool/message.h"

#include <stddef.h>
#include <stdio.h>

enum { TOOL_LINE_LENGTH = 4096 };

struct tool_lines {
    FILE *file;
    const char *name;                /* for messages: the path, or "standard input" */
    size_t number;                   /* of the current line, from 1 */
    char text[TOOL_LINE_LENGTH + 1]; /* without comment and trailing blanks */
};

/* path "-": standard input. The path must outlive the reader. */
bool tool_lines_open(struct tool_lines *lines, const char *path, struct tool_message *error);

/* Brings the next line that is not blank into lines->text: 1; 0 at the end; -1 and *error where the
 * file cannot be read or is not text. */
int tool_lines_next(struct tool_lines *lines, struct tool_message *error);

void tool_lines_close(struct tool_lines *lines);

/* Fails with "file:line:column: expected ..., found ..." for the place in lines->text. */
bool tool_lines_expected(const struct tool_lines *lines, const char *place, const char *expected,
                         struct tool_message *error);

#endif

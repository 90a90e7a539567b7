/* Text files, read line by line, and the files that belong to the program.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_TEXT_FILES_H
#define VERIFY_HARNESS_TOOL_TEXT_FILES_H

#include "verify/harness/tool/message.h"

#include <stddef.h>
#include <stdio.h>

enum { TOOL_LINE_LENGTH = 4096 };

/* A text file that is being read. */
struct tool_lines {
    FILE *file;
    const char *name;                /* for messages: the path, or "standard input" */
    size_t number;                   /* of the current line, from 1 */
    char text[TOOL_LINE_LENGTH + 1]; /* without comment, trailing blanks and byte order mark */
};

/* Opens a file, or standard input if the path is "-". The path must outlive the reader. */
bool tool_lines_open(struct tool_lines *lines, const char *path, struct tool_message *error);

/* Reads the next line that is not blank into lines->text and returns 1. Returns 0 at the end, and
 * -1 with *error if the file cannot be read or is not text. */
int tool_lines_next(struct tool_lines *lines, struct tool_message *error);

void tool_lines_close(struct tool_lines *lines);

/* Fails with "file:line:column: expected ..., found ..." for a place in lines->text. */
bool tool_lines_expected(const struct tool_lines *lines, const char *place, const char *expected,
                         struct tool_message *error);

/* Returns the path, which the caller frees, of a file relative to the folder that the program is
 * in: what was built or installed may be moved. NULL if the system does not tell where that is. */
char *tool_beside_program(const char *relative);

#endif

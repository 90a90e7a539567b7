/* Reads JSON Lines: a JSON object with a string "type" in each line. Blank lines
 * and a byte order mark are skipped; a compressed file is an error that says how to read it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_JSON_LINES_H
#define VERIFY_HARNESS_TOOL_JSON_LINES_H

#include "verify/harness/tool/message.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* A file that is being read. */
struct tool_records {
    FILE *file;
    const char *name; /* for messages */
    char *line;
    size_t length;
    size_t number;       /* of the current line, from 1 */
    long complete_bytes; /* of all lines that have an end */
    bool ended;          /* the current line has an end */
    bool cut_off; /* the last line has no end and is not JSON, as an interrupted run leaves it */
    bool failed;
};

void tool_records_begin(struct tool_records *records, FILE *file, const char *name);

/* Returns the next record. Returns NULL at the end, at a last line that was cut off, and, after
 * setting `failed` and *error, if the file cannot be read or is not JSON Lines. */
json_t *tool_records_next(struct tool_records *records, struct tool_message *error);

void tool_records_end(struct tool_records *records);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/tool/json_lines.h"
#include "verify/harness/tool/first_bytes.h"
#include "verify/harness/tool/memory.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Enough for a record of a million samples. */
enum { LONGEST_LINE = 1 << 24 };

void tool_records_begin(struct tool_records *records, FILE *file, const char *name) {
    *records =
        (struct tool_records){.file = file, .name = name, .line = tool_allocate(LONGEST_LINE, 1)};
}

void tool_records_end(struct tool_records *records) {
    free(records->line);
}

/* Reads a line with its end, if it has one. Returns false at the end of the file. Not with getline,
 * since a "line" of a device may be larger than memory. */
static bool read_line(struct tool_records *records) {
    int byte = 0;
    records->length = 0;
    while (records->length < LONGEST_LINE && byte != '\n' && (byte = getc(records->file)) != EOF) {
        records->line[records->length++] = (char)byte;
    }
    records->ended = byte == '\n';
    records->complete_bytes += records->ended ? (long)records->length : 0;
    records->number += records->length > 0;
    return records->length > 0;
}

/* Removes a byte order mark, with which some editors begin a file. */
static void drop_mark(struct tool_records *records) {
    if (records->number == 1) {
        const size_t mark = tool_mark_length(records->line, records->length);
        records->length -= mark;
        memmove(records->line, records->line + mark, records->length);
    }
}

/* Fails with the command that reads the file. */
static bool fail_compressed(const struct tool_records *records, const char *command,
                            struct tool_message *error) {
    const bool standard = records->file == stdin;
    return tool_fail(error, "%s is compressed; decompress it first, as with: %s%s%s", records->name,
                     command, standard ? "" : " ", standard ? "" : records->name);
}

static bool is_blank(const struct tool_records *records) {
    size_t i = 0;
    while (i < records->length && isspace((unsigned char)records->line[i])) {
        i++;
    }
    return i == records->length;
}

/* An interrupted run can leave a record half written, without its end of line. Anything else that
 * is not JSON is an error: otherwise the wrong file would look like the file of a short run. */
static json_t *parse_line(struct tool_records *records, struct tool_message *error) {
    json_error_t where;
    json_t *record = json_loadb(records->line, records->length, JSON_REJECT_DUPLICATES, &where);
    if (!record && records->line[0] == '{' && !records->ended) {
        records->cut_off = true;
    } else if (!record) {
        records->failed = !tool_fail(error, "%s:%zu: not JSON: %s (column %d)", records->name,
                                     records->number, where.text, where.column);
    } else if (!json_is_string(json_object_get(record, "type"))) {
        records->failed = !tool_fail(error, "%s:%zu: expected a JSON object with a string \"type\"",
                                     records->name, records->number);
        json_decref(record);
        record = NULL;
    }
    return record;
}

json_t *tool_records_next(struct tool_records *records, struct tool_message *error) {
    bool more;
    do {
        more = read_line(records);
        drop_mark(records);
    } while (more && is_blank(records));
    if (ferror(records->file)) {
        records->failed = !tool_fail(error, "cannot read %s: %s", records->name, strerror(errno));
        return NULL;
    }
    const char *command =
        records->number == 1 ? tool_decompressor(records->line, records->length) : NULL;
    if (command) {
        records->failed = !fail_compressed(records, command, error);
        return NULL;
    }
    if (records->length == LONGEST_LINE) {
        records->failed = !tool_fail(error, "%s:%zu: expected a line of less than 16 MiB",
                                     records->name, records->number);
        return NULL;
    }
    return more ? parse_line(records, error) : NULL;
}

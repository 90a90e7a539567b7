/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/text_files.h"
#include "verify/harness/tool/first_bytes.h"
#include "verify/harness/tool/memory.h"
#include "verify/harness/tool/outputs.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

bool tool_lines_open(struct tool_lines *lines, const char *path, struct tool_message *error) {
    *lines = (struct tool_lines){
        .file = tool_input_open(path),
        .name = strcmp(path, "-") == 0 ? "standard input" : path,
    };
    return lines->file || tool_fail(error, "cannot open %s: %s", path, strerror(errno));
}

void tool_lines_close(struct tool_lines *lines) {
    if (lines->file != stdin) {
        fclose(lines->file);
    }
}

/* Reads up to the end of the line. Not with getline, since a "line" of a binary file or a device
 * may be larger than memory. Returns 1, 0 or -1 as tool_lines_next does. */
static int read_raw(struct tool_lines *lines, size_t *length, struct tool_message *error) {
    int byte = EOF;
    *length = 0;
    lines->number++;
    while (*length < TOOL_LINE_LENGTH && (byte = getc(lines->file)) != EOF && byte != '\n') {
        lines->text[(*length)++] = (char)byte;
    }
    lines->text[*length] = '\0';
    if (ferror(lines->file)) {
        tool_fail(error, "cannot read %s: %s", lines->name, strerror(errno));
        return -1;
    }
    if (*length == TOOL_LINE_LENGTH) {
        tool_fail(error, "%s:%zu:%zu: expected a line of at most %d characters", lines->name,
                  lines->number, *length, TOOL_LINE_LENGTH - 1);
        return -1;
    }
    return byte != EOF || *length > 0;
}

/* Removes a byte order mark, with which some editors begin a file. */
static void drop_mark(struct tool_lines *lines, size_t *length) {
    if (lines->number == 1) {
        const size_t mark = tool_mark_length(lines->text, *length);
        *length -= mark;
        memmove(lines->text, lines->text + mark, *length + 1);
    }
}

static void strip(char *text) {
    text[strcspn(text, "#")] = '\0';
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1])) {
        text[--length] = '\0';
    }
}

int tool_lines_next(struct tool_lines *lines, struct tool_message *error) {
    size_t length;
    int got;
    while ((got = read_raw(lines, &length, error)) == 1) {
        drop_mark(lines, &length);
        if (strlen(lines->text) < length) {
            tool_fail(error, "%s:%zu:%zu: expected text, found byte 0x00: not a text file",
                      lines->name, lines->number, strlen(lines->text) + 1);
            return -1;
        }
        strip(lines->text);
        if (lines->text[0]) {
            return 1;
        }
    }
    return got;
}

bool tool_lines_expected(const struct tool_lines *lines, const char *place, const char *expected,
                         struct tool_message *error) {
    size_t column = (size_t)(place - lines->text) + 1;
    unsigned char byte = (unsigned char)*place;
    char found[16];
    if (byte == '\0' && place == lines->text + strlen(lines->text) && column > 1) {
        snprintf(found, sizeof found, "the end");
    } else if (isprint(byte)) {
        snprintf(found, sizeof found, "'%c'", byte);
    } else {
        snprintf(found, sizeof found, "byte 0x%02x", byte);
    }
    return tool_fail(error, "%s:%zu:%zu: expected %s, found %s", lines->name, lines->number, column,
                     expected, found);
}

char *tool_beside_program(const char *relative) {
    char program[4096];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program);
    if (length <= 0 || (size_t)length == sizeof program) {
        return NULL;
    }
    program[length] = '\0';
    const char *slash = strrchr(program, '/');
    return slash ? tool_text("%.*s/%s", (int)(slash - program), program, relative) : NULL;
}

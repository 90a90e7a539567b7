/* Reads text files line by line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lines.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

bool norma_lines_open(struct norma_lines *lines, const char *path, struct norma_message *error) {
    bool standard = strcmp(path, "-") == 0;
    *lines = (struct norma_lines){
        .file = standard ? stdin : fopen(path, "r"),
        .name = standard ? "standard input" : path,
    };
    return lines->file || norma_fail(error, "cannot open %s: %s", path, strerror(errno));
}

void norma_lines_close(struct norma_lines *lines) {
    if (lines->file != stdin) {
        fclose(lines->file);
    }
}

/* Reads up to the end of the line. Not getline: a "line" of a binary file or a device may be larger
 * than memory. Returns 1, 0 or -1 as norma_lines_next does. */
static int read_raw(struct norma_lines *lines, size_t *length, struct norma_message *error) {
    int byte = EOF;
    *length = 0;
    lines->number++;
    while (*length < NORMA_LINE_LENGTH && (byte = getc(lines->file)) != EOF && byte != '\n') {
        lines->text[(*length)++] = (char)byte;
    }
    lines->text[*length] = '\0';
    if (ferror(lines->file)) {
        norma_fail(error, "cannot read %s: %s", lines->name, strerror(errno));
        return -1;
    }
    if (*length == NORMA_LINE_LENGTH) {
        norma_fail(error, "%s:%zu:%zu: expected a line of at most %d characters", lines->name,
                   lines->number, *length, NORMA_LINE_LENGTH - 1);
        return -1;
    }
    return byte != EOF || *length > 0;
}

static void strip(char *text) {
    text[strcspn(text, "#")] = '\0';
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1])) {
        text[--length] = '\0';
    }
}

int norma_lines_next(struct norma_lines *lines, struct norma_message *error) {
    size_t length;
    int got;
    while ((got = read_raw(lines, &length, error)) == 1) {
        const char *nul = memchr(lines->text, '\0', length);
        if (nul) {
            norma_lines_expected(lines, nul, "text", error);
            return -1;
        }
        strip(lines->text);
        if (lines->text[0]) {
            return 1;
        }
    }
    return got;
}

bool norma_lines_expected(const struct norma_lines *lines, const char *place, const char *expected,
                          struct norma_message *error) {
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
    return norma_fail(error, "%s:%zu:%zu: expected %s, found %s", lines->name, lines->number,
                      column, expected, found);
}

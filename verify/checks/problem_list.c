/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/checks/problem_list.h"

#include <stdlib.h>
#include <string.h>

#include "verify/harness/tool/tool.h"

bool verify_problems_add(struct verify_problems *problems, const struct norma_problem *problem) {
    if (problems->count == problems->capacity) {
        const size_t capacity = problems->capacity ? 2 * problems->capacity : 64;
        struct norma_problem *list = realloc(problems->list, capacity * sizeof *list);
        if (!list) {
            return false;
        }
        problems->list = list;
        problems->capacity = capacity;
    }
    problems->list[problems->count++] = *problem;
    return true;
}

/* Appends a problem given as text. `where` is "" or "file:line: ", for messages. */
static bool add_text(struct verify_problems *problems, const char *text, const char *where) {
    struct norma_problem problem;
    struct norma_parse_error error;
    if (norma_problem_parse(text, &problem, &error) != NORMA_STATUS_OK) {
        tool_say("%s%s\n  %s\n  %*s^", where, error.message, text, (int)error.position, "");
        return false;
    }
    if (!verify_problems_add(problems, &problem)) {
        tool_say("not enough memory for the list of problems");
        return false;
    }
    return true;
}

static bool add_line(struct verify_problems *problems, const struct tool_lines *lines) {
    char where[4200];
    snprintf(where, sizeof where, "%.4096s:%zu: ", lines->name, lines->number);
    return add_text(problems, lines->text + strspn(lines->text, " \t"), where);
}

static bool add_lines(struct verify_problems *problems, const char *path) {
    struct tool_lines lines;
    struct tool_message error;
    if (!tool_lines_open(&lines, path, &error)) {
        tool_say("%s", error.text);
        return false;
    }
    bool good = true;
    int got = 0;
    while (good && (got = tool_lines_next(&lines, &error)) == 1) {
        good = add_line(problems, &lines);
    }
    tool_lines_close(&lines);
    if (got < 0) {
        tool_say("%s", error.text);
    }
    return good && got == 0;
}

bool verify_problems_read(struct verify_problems *problems, const char *argument) {
    if (strcmp(argument, "-") == 0) {
        return add_lines(problems, argument);
    }
    return argument[0] == '@' ? add_lines(problems, argument + 1)
                              : add_text(problems, argument, "");
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/checks/problem_list.h"

#include <errno.h>
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

static void strip(char *line) {
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r\n", line[length - 1])) {
        line[--length] = '\0';
    }
}

static bool add_lines(struct verify_problems *problems, FILE *file, const char *name) {
    char *line = NULL;
    size_t size = 0;
    bool good = true;
    long number = 0;
    ssize_t length = 0;
    while (good && (length = getline(&line, &size, file)) >= 0) {
        number++;
        char where[4200];
        snprintf(where, sizeof where, "%.4096s:%ld: ", name, number);
        if (strlen(line) != (size_t)length) {
            tool_say("%sa NUL byte: this is not a text file", where);
            good = false;
            break;
        }
        strip(line);
        const char *text = line + strspn(line, " \t");
        if (*text != '\0' && *text != '#') {
            good = add_text(problems, text, where);
        }
    }
    if (good && ferror(file)) {
        tool_say("cannot read %s: %s", name, strerror(errno));
        good = false;
    }
    free(line);
    return good;
}

bool verify_problems_read(struct verify_problems *problems, const char *argument) {
    const bool standard = strcmp(argument, "-") == 0;
    if (!standard && argument[0] != '@') {
        return add_text(problems, argument, "");
    }
    FILE *file = tool_input_open(standard ? "-" : argument + 1);
    if (!file) {
        tool_say("cannot open %s: %s", argument + 1, strerror(errno));
        return false;
    }
    const bool good = add_lines(problems, file, standard ? "standard input" : argument + 1);
    if (!standard) {
        fclose(file);
    }
    return good;
}

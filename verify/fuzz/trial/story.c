/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/story.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *story;

void fuzz_story_begin(char *text) {
    story = text;
    story[0] = '\0';
}

static void add(const char *format, va_list arguments) {
    const size_t length = strlen(story);
    vsnprintf(story + length, FUZZ_STORY - length, format, arguments);
}

void fuzz_tell(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add(format, arguments);
    va_end(arguments);
}

void fuzz_demand(bool holds, const char *format, ...) {
    if (holds) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    fuzz_tell("expected: ");
    add(format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s\n", story);
    abort();
}

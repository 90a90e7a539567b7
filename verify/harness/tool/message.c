/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *program_name = "norma", *program_version = "";

void tool_program_begin(const char *name, const char *version) {
    program_name = name;
    program_version = version;
}

const char *tool_program_name(void) {
    return program_name;
}

const char *tool_program_version(void) {
    return program_version;
}

bool tool_fail(struct tool_message *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message->text, sizeof message->text, format, arguments);
    va_end(arguments);
    return false;
}

static void say(const char *format, va_list arguments) {
    tool_status_line(NULL);
    fprintf(stderr, "%s: ", program_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void tool_say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

void tool_die(int code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    exit(code);
}

void tool_status_line(const char *text) {
    static bool shown;
    if (!shown && (!text || !isatty(STDERR_FILENO))) {
        return;
    }
    fprintf(stderr, "\r\033[K%s", text ? text : "");
    fflush(stderr);
    shown = text != NULL;
}

int tool_finish_stdout(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return code;
    }
    tool_say("cannot write standard output: %s", strerror(errno));
    return TOOL_EXIT_USAGE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include "verify/harness/tool/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
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

/* Holds the lock of the stream, which may be taken again, so that a status line that another thread
 * shows does not get into the message. */
static void say(const char *format, va_list arguments) {
    flockfile(stderr);
    tool_status_line(NULL);
    fprintf(stderr, "%s: ", program_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    funlockfile(stderr);
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

bool tool_moves_cursor(int file) {
    const char *terminal = getenv("TERM");
    return isatty(file) && !(terminal && strcmp(terminal, "dumb") == 0);
}

size_t tool_columns(int file) {
    struct winsize size;
    return ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void tool_status_line(const char *text) {
    static bool shown;
    flockfile(stderr);
    if (text ? tool_moves_cursor(STDERR_FILENO) : shown) {
        const int room = (int)tool_columns(STDERR_FILENO) - 1;
        fprintf(stderr, "\r\033[K%.*s", room, text ? text : "");
        fflush(stderr);
        shown = text != NULL;
    }
    funlockfile(stderr);
}

double tool_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int tool_finish_stdout(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return code;
    }
    tool_say("cannot write standard output: %s", strerror(errno));
    return TOOL_EXIT_USAGE;
}

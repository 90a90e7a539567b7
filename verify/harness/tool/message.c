/* What is said to the user on standard error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/message.h"
#include "verify/harness/tool/exit_codes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool tool_fail(struct tool_message *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message->text, sizeof message->text, format, arguments);
    va_end(arguments);
    return false;
}

void tool_say(const char *format, ...) {
    tool_status_line(NULL);
    va_list arguments;
    va_start(arguments, format);
    fputs("norma-bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
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

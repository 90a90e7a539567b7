/* What is said to the user on standard error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "message.h"
#include "commands.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool norma_fail(struct norma_message *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message->text, sizeof message->text, format, arguments);
    va_end(arguments);
    return false;
}

void norma_say(const char *format, ...) {
    norma_status_line(NULL);
    va_list arguments;
    va_start(arguments, format);
    fputs("norma-bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void norma_status_line(const char *text) {
    static bool shown;
    if (!shown && (!text || !isatty(STDERR_FILENO))) {
        return;
    }
    fprintf(stderr, "\r\033[K%s", text ? text : "");
    fflush(stderr);
    shown = text != NULL;
}

int norma_finish_stdout(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return code;
    }
    norma_say("cannot write standard output: %s", strerror(errno));
    return NORMA_EXIT_USAGE;
}

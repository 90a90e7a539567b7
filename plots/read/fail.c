/* Failing with a message, and memory that fails that way.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "plots/read/fail.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

void plot_fail(int code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("norma-plot: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(code);
}

static _Noreturn void fail_memory(void) {
    plot_fail(TOOL_EXIT_USAGE, "out of memory: give fewer result files at a time");
}

void *plot_resize(void *pointer, size_t count, size_t size) {
    if (size > 0 && count > SIZE_MAX / size) {
        fail_memory();
    }
    void *resized = realloc(pointer, count * size);
    if (resized == NULL) {
        fail_memory();
    }
    return resized;
}

char *plot_text(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        fail_memory();
    }
    char *text = plot_resize(NULL, (size_t)length + 1, 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

void plot_memory_open(struct plot_memory *memory) {
    memory->text = NULL;
    memory->size = 0;
    memory->stream = open_memstream(&memory->text, &memory->size);
    if (memory->stream == NULL) {
        fail_memory();
    }
}

char *plot_memory_close(struct plot_memory *memory) {
    int failed = ferror(memory->stream);
    if (fclose(memory->stream) != 0 || failed) {
        fail_memory();
    }
    return memory->text;
}

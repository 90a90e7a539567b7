/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "verify/harness/tool/memory.h"
#include "verify/harness/tool/message.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void fail(void) {
    tool_die(TOOL_EXIT_USAGE, "out of memory: give fewer files or smaller problems at a time; what "
                              "was written so far is complete");
}

static void *checked(void *memory) {
    if (!memory) {
        fail();
    }
    return memory;
}

void *tool_allocate(size_t count, size_t size) {
    return checked(calloc(count ? count : 1, size));
}

void *tool_grow(void *array, size_t count, size_t size) {
    if (count & (count - 1)) {
        return array; /* capacities are powers of two, so it is full only at one of them */
    }
    return checked(realloc(array, (count ? 2 * count : 1) * size));
}

char *tool_copy_text(const char *text) {
    return checked(strdup(text));
}

char *tool_text(const char *format, ...) {
    struct tool_stream memory;
    va_list arguments;
    tool_stream_open(&memory);
    va_start(arguments, format);
    vfprintf(memory.stream, format, arguments);
    va_end(arguments);
    return tool_stream_close(&memory);
}

void tool_stream_open(struct tool_stream *memory) {
    *memory = (struct tool_stream){NULL, NULL, 0};
    memory->stream = checked(open_memstream(&memory->text, &memory->size));
}

char *tool_stream_close(struct tool_stream *memory) {
    const int failed = ferror(memory->stream);
    if (fclose(memory->stream) != 0 || failed) {
        fail();
    }
    return memory->text;
}

/* Small allocations, which end the program with a message where there is no memory. Tensors are not
 * among them (bench/measure/buffers.h).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_MEMORY_H
#define VERIFY_HARNESS_TOOL_MEMORY_H

#include <stddef.h>
#include <stdio.h>

/* Returns zeroed memory for count elements of this size; the caller frees it. */
void *tool_allocate(size_t count, size_t size);

/* Makes room for one more element in an array of count elements, which must have grown by this
 * function alone. The capacity grows by powers of two. */
void *tool_grow(void *array, size_t count, size_t size);

/* Return text that the caller frees: a copy, and what printf would print. */
char *tool_copy_text(const char *text);
char *tool_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A stream that writes into memory. */
struct tool_stream {
    FILE *stream;
    char *text;
    size_t size;
};

void tool_stream_open(struct tool_stream *memory);

/* Returns the text; the caller frees it. */
char *tool_stream_close(struct tool_stream *memory);

#endif

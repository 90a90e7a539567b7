/* One way out for what norma-plot cannot go on from, and memory that is either there or ends the
 * program that way.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_FAIL_H
#define NORMA_PLOTS_FAIL_H

#include <stddef.h>
#include <stdio.h>

enum norma_exit {
    NORMA_EXIT_BAD_INPUT = 2, /* usage, unreadable or malformed input, unwritable output */
    NORMA_EXIT_MISSING = 3    /* gnuplot is missing or cannot draw */
};

/* Prints "norma-plot: message" on stderr and exits; what was registered with atexit cleans up. */
_Noreturn void norma_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Like realloc(pointer, count * size), but never NULL; count is at least 1. */
void *norma_resize(void *pointer, size_t count, size_t size);

/* A formatted text of its own; the caller frees it. */
char *norma_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A stream that writes into memory. norma_memory_close returns the text; the caller frees it. */
struct norma_memory {
    FILE *stream;
    char *text;
    size_t size;
};
void norma_memory_open(struct norma_memory *memory);
char *norma_memory_close(struct norma_memory *memory);

#endif

/* One way out for what norma-plot cannot go on from, and memory that is either there or ends the
 * program that way.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_FAIL_H
#define PLOTS_READ_FAIL_H

#include "verify/harness/tool/tool.h"

#include <stddef.h>
#include <stdio.h>

/* Prints "norma-plot: message" on stderr and exits; what was registered with atexit cleans up. */
_Noreturn void plot_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Like realloc(pointer, count * size), but never NULL; count is at least 1. */
void *plot_resize(void *pointer, size_t count, size_t size);

/* A formatted text of its own; the caller frees it. */
char *plot_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A stream that writes into memory. plot_memory_close returns the text; the caller frees it. */
struct plot_memory {
    FILE *stream;
    char *text;
    size_t size;
};
void plot_memory_open(struct plot_memory *memory);
char *plot_memory_close(struct plot_memory *memory);

#endif

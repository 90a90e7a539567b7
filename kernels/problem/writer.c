/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/problem/writer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <norma.h>

__attribute__((format(printf, 2, 3))) void norma_append(struct norma_writer *writer,
                                                        const char *format, ...) {
    const size_t room = writer->length < writer->size ? writer->size - writer->length : 0;
    va_list arguments;
    va_start(arguments, format);
    const int length =
        vsnprintf(room ? writer->text + writer->length : NULL, room, format, arguments);
    va_end(arguments);
    writer->length += length > 0 ? (size_t)length : 0;
}

void norma_append_item(struct norma_writer *writer, const char *item) {
    norma_append(writer, "%s%s", writer->length ? ", " : "", item);
}

void norma_append_sizes(struct norma_writer *writer, const int64_t *sizes, int count) {
    for (int i = 0; i < count && i < NORMA_MAX_SPATIAL; i++) {
        norma_append(writer, "%s%" PRId64, i ? "x" : "", sizes[i]);
    }
}

/* 17 digits always suffice. Both zeros have the same text, as operators do not distinguish them. */
void norma_append_real(struct norma_writer *writer, double value) {
    char text[32];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value == 0 ? 0 : value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    norma_append(writer, "%s", text);
}

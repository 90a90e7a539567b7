/* Writes text, for printing and for messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PROBLEM_WRITER_H
#define KERNELS_PROBLEM_WRITER_H

#include <stddef.h>
#include <stdint.h>

/* Appends as snprintf does: never beyond size, while length counts all that would be written. */
struct norma_writer {
    char *text;
    size_t size, length;
};

__attribute__((format(printf, 2, 3))) void norma_append(struct norma_writer *writer,
                                                        const char *format, ...);
/* Appends the next item of a list "a, b, c". */
void norma_append_item(struct norma_writer *writer, const char *item);
/* Appends sizes as "28x28". */
void norma_append_sizes(struct norma_writer *writer, const int64_t *sizes, int count);
/* Appends a number with the fewest digits that strtod reads back as the same number. */
void norma_append_real(struct norma_writer *writer, double value);

#endif

/* Small allocations that end the program, with a message, where there is no memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_MEMORY_H
#define NORMA_BENCH_MEMORY_H

#include <stddef.h>

void *norma_allocate(size_t count, size_t size); /* zeroed */

/* Room for one more element in an array of count elements; grows by powers of two. */
void *norma_grow(void *array, size_t count, size_t size);

char *norma_copy_text(const char *text);

#endif

/* Small allocations that end the program, with a message, where there is no memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_MEMORY_H
#define VERIFY_HARNESS_TOOL_MEMORY_H

#include <stddef.h>

void *tool_allocate(size_t count, size_t size); /* zeroed */

/* Room for one more element in an array of count elements; grows by powers of two. */
void *tool_grow(void *array, size_t count, size_t size);

char *tool_copy_text(const char *text);

#endif

/* Small allocations that cannot fail. Tensors are not among them: see buffers.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/harness/tool/memory.h"
#include "verify/harness/tool/exit_codes.h"
#include "verify/harness/tool/message.h"

#include <stdlib.h>
#include <string.h>

static void *checked(void *memory) {
    if (!memory) {
        tool_say("out of memory; what was written so far is complete");
        exit(TOOL_EXIT_USAGE);
    }
    return memory;
}

void *tool_allocate(size_t count, size_t size) {
    return checked(calloc(count ? count : 1, size));
}

void *tool_grow(void *array, size_t count, size_t size) {
    if (count & (count - 1)) {
        return array; /* capacities are powers of two: full only at one of them */
    }
    return checked(realloc(array, (count ? 2 * count : 1) * size));
}

char *tool_copy_text(const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(tool_allocate(size, 1), text, size);
}

/* Memory between two unmapped pages: reading or writing outside of a tensor is a fault, or, where a
 * tensor does not fill its pages, a broken canary.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_FENCE_H
#define NORMA_VERIFY_FENCE_H

#include <stdbool.h>
#include <stddef.h>

enum norma_placement {
    NORMA_PLACE_BACK,      /* the last byte touches the unmapped page behind */
    NORMA_PLACE_FRONT,     /* the first byte touches the unmapped page before */
    NORMA_PLACE_UNALIGNED, /* as front, 4 bytes later: no SIMD alignment */
    NORMA_PLACE_IN_PLACE,  /* as back, and y is x (backward: dx is dy) */
    NORMA_PLACE_COUNT
};

/* "back", "front", "unaligned", "in-place"; NULL beyond the last. */
const char *norma_placement_name(enum norma_placement placement);

/* Zero-initialize; reused for one tensor after another. */
struct norma_fence {
    unsigned char *map; /* the page before, `capacity` bytes, the page behind */
    size_t capacity;
    unsigned char *data;
    size_t bytes;
};

/* Room for `bytes` bytes, filled with NaNs, the rest near it with a canary. NULL: no memory. */
void *norma_fence_place(struct norma_fence *fence, size_t bytes, enum norma_placement placement);

/* Nothing outside of what was placed last has been written to. */
bool norma_fence_intact(const struct norma_fence *fence);

void norma_fence_release(struct norma_fence *fence);

#endif

/* Memory between two unmapped pages. An access outside of a tensor is a fault, or, where a tensor
 * does not fill its pages, a write breaks the canary.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_FENCE_H
#define VERIFY_HARNESS_FENCE_H

#include <stdbool.h>
#include <stddef.h>

enum verify_placement {
    VERIFY_PLACE_BACK,      /* the last byte touches the unmapped page behind */
    VERIFY_PLACE_FRONT,     /* the first byte touches the unmapped page before */
    VERIFY_PLACE_UNALIGNED, /* between canaries, off an alignment by the bytes that are given */
    VERIFY_PLACE_IN_PLACE,  /* as back, and y is x (backward: dx is dy) */
    VERIFY_PLACE_COUNT
};

/* Returns "back", "front", "unaligned" or "in-place"; NULL beyond the last. */
const char *verify_placement_name(enum verify_placement placement);

/* The memory of one tensor, which can be reused for another. Must be zero-initialized. */
struct verify_fence {
    unsigned char *map; /* the page before, `capacity` bytes, the page behind */
    size_t capacity;
    unsigned char *data;
    size_t bytes;
    bool read_only;
};

/* The bytes that SIMD kernels may like to be aligned to. */
enum { VERIFY_ALIGNMENT = 64 };

/* Makes sure that so many bytes can be placed anywhere. Returns false if there is not enough
 * memory. */
bool verify_fence_reserve(struct verify_fence *fence, size_t bytes);

/* Returns memory of `bytes` bytes, filled with NaNs and surrounded by a canary; NULL if there is
 * not enough memory. Unaligned, it lies `shift` bytes behind an alignment; shift must be less than
 * VERIFY_ALIGNMENT. */
void *verify_fence_place(struct verify_fence *fence, size_t bytes, enum verify_placement placement,
                         size_t shift);

/* Does the same with memory that is aligned as malloc's, where the fence behind lies up to
 * 15 bytes further away. Unaligned, shift must be a multiple of 16. */
void *verify_fence_place_aligned(struct verify_fence *fence, size_t bytes,
                                 enum verify_placement placement, size_t shift);

/* Makes a write to the memory that was placed last a fault, until memory is placed again. */
void verify_fence_protect(struct verify_fence *fence);

/* Checks whether the canary around the memory that was placed last is unchanged. */
bool verify_fence_intact(const struct verify_fence *fence);

void verify_fence_release(struct verify_fence *fence);

#endif

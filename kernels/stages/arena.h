/* Takes arrays off a piece of memory or, where there is none, only counts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_ARENA_H
#define KERNELS_STAGES_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct norma_arena {
    double *start; /* NULL: only counts */
    size_t count;  /* doubles so far */
};

/* NULL where the array is not wanted. */
static inline double *norma_arena_take(struct norma_arena *arena, bool wanted, int64_t count) {
    double *array = arena->start && wanted ? arena->start + arena->count : NULL;
    arena->count += wanted ? (size_t)count : 0;
    return array;
}

#endif

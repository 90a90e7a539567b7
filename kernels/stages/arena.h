/* Takes arrays off a piece of memory or, where there is none, only counts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_ARENA_H
#define KERNELS_STAGES_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct norma_carver {
    double *start; /* NULL: only counts */
    size_t count;  /* doubles so far */
};

/* NULL where the array is not wanted. */
static inline double *norma_carve(struct norma_carver *carver, bool wanted, int64_t count) {
    double *array = carver->start && wanted ? carver->start + carver->count : NULL;
    carver->count += wanted ? (size_t)count : 0;
    return array;
}

#endif

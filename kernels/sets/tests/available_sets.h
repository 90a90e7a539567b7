/* The sets to test, and data for their primitives.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_SETS_TESTS_AVAILABLE_SETS_H
#define KERNELS_SETS_TESTS_AVAILABLE_SETS_H

#include <stdint.h>
#include <string.h>

#include "kernels/sets/sets.h"

enum { LONGEST = NORMA_CHUNK, SPANS = 3, ALL = SPANS * LONGEST };

/* Fills an array with values around `mean`. A linear congruential generator is random enough here.
 * */
static inline void fill(float *values, size_t count, float mean, uint32_t seed) {
    uint32_t state = seed;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = mean + (float)(state >> 8) * 0x1p-23f - 1.0f;
    }
}

/* Fills an array with labels 0 to 2, in blocks and single. */
static inline void fill_labels(uint8_t *labels, size_t count) {
    for (size_t i = 0; i < count; i++) {
        labels[i] = (uint8_t)(i % 7 == 3 ? 2 : i / 5 % 2);
    }
}

/* Returns the portable set, which is the last of the build. */
static inline const struct norma_set *portable(void) {
    size_t last = 0;
    while (norma_set_at(last + 1)) {
        last++;
    }
    return norma_set_at(last);
}

static const int64_t lengths[] = {1,  2,  3,  7,  8,   9,   15,  16,   17,   23,
                                  31, 32, 33, 49, 127, 128, 129, 1000, 4095, 4096};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

#define FOR_EACH_SET(set)                                                                          \
    for (size_t set_index = 0; norma_set_at(set_index); set_index++)                               \
        for (const struct norma_set *set = norma_set_at(set_index); set && set->available();       \
             set = NULL)

#endif

/* A small seeded generator of random numbers (splitmix64). The same seed gives the same sequence on
 * every machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_TOOL_RANDOM_H
#define VERIFY_HARNESS_TOOL_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Returns the next 64 bits and advances the state. */
static inline uint64_t tool_random_next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Returns a number in [0, bound); bound must be below 2^32. The bias of the multiplication is below
 * 2^-32 * bound. */
static inline size_t tool_random_below(uint64_t *state, size_t bound) {
    return (size_t)(((tool_random_next(state) >> 32) * (uint64_t)bound) >> 32);
}

#endif

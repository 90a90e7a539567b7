/* Random numbers: the same on every machine for the same seed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_FUZZ_RANDOM_H
#define NORMA_FUZZ_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* SplitMix64: every seed is a good start, of a stream that *state goes on with. */
uint64_t norma_random(uint64_t *state);

/* 0 to bound - 1. */
size_t norma_random_below(uint64_t *state, size_t bound);

#endif

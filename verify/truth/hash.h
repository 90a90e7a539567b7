/* A hash of numbers, to the bit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_HASH_H
#define VERIFY_TRUTH_HASH_H

#include <stdint.h>

/* Of nothing. */
uint64_t verify_hash_start(void);

/* How it goes on: with a word, or with `count` floats. NaNs count as one: which of them it is
 * depends on the processor, and nobody promises it. */
uint64_t verify_hash_word(uint64_t hash, uint64_t word);
uint64_t verify_hash_floats(uint64_t hash, const float *values, int64_t count);

#endif

/* A part of a run, so that several processes or machines can share it. The parts together are the
 * whole, and each step is the same as in the whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_SHARD_H
#define VERIFY_PROGRAM_SHARD_H

#include "verify/truth/truth.h"

/* Part `index` of `count`; the whole is part 0 of 1. */
struct verify_shard {
    size_t index, count;
};

/* Checks whether step `number` of the whole belongs to a part. Each part has one of every `count`
 * consecutive steps, but not always the one at the same place; otherwise the checks that every
 * fourth problem has would all fall into one part. */
static inline bool verify_shard_has(const struct verify_shard *shard, size_t number) {
    const uint64_t turn = verify_hash_word(verify_hash_start(), number / shard->count);
    return (number + turn) % shard->count == shard->index;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "shard.h"

#include "hash.h"

/* Of each `count` steps that follow each other every part has one, but not always at the same
 * place: what is checked at each fourth problem would all be in one part. */
bool norma_shard_has(const struct norma_shard *shard, size_t number) {
    const uint64_t turn = norma_hash_word(norma_hash_start(), number / shard->count);
    return (number + turn) % shard->count == shard->index;
}

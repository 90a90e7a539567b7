/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/program/shard.h"

#include "verify/truth/truth.h"

/* Of each `count` steps that follow each other every part has one, but not always at the same
 * place: what is checked at each fourth problem would all be in one part. */
bool verify_shard_has(const struct verify_shard *shard, size_t number) {
    const uint64_t turn = verify_hash_word(verify_hash_start(), number / shard->count);
    return (number + turn) % shard->count == shard->index;
}

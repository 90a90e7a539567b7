/* A part of a run, so that several processes or machines can share it: all parts are the whole, and
 * each step is the same as in the whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_SHARD_H
#define VERIFY_PROGRAM_SHARD_H

#include <stdbool.h>
#include <stddef.h>

/* Part `index` of `count`; the whole is 0 of 1. */
struct verify_shard {
    size_t index, count;
};

/* Does step `number` of the whole belong to it? */
bool verify_shard_has(const struct verify_shard *shard, size_t number);

#endif

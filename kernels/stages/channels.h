/* A block of channels, as the operators see it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_CHANNELS_H
#define KERNELS_STAGES_CHANNELS_H

#include "kernels/operators/operators.h"
#include "kernels/stages/columns.h"
#include "kernels/stages/tile.h"

/* Channels whose coefficients are computed together, in double and on the stack. */
enum { NORMA_BLOCK = 256, NORMA_BLOCK_ELEMENTS = 16 * 1024 };

/* One entry per channel from one per run. */
struct norma_spread {
    double mean[NORMA_BLOCK], inverse_std[NORMA_BLOCK];
    double dy[NORMA_BLOCK], product[NORMA_BLOCK];
};

/* Which channels: `count` from sample and channel, both from the tile's corner. */
struct norma_block {
    int64_t sample, region, channel, count;
};

/* Its channels from number `done` on, `most` of them or what is left. */
struct norma_block norma_rest_of(const struct norma_block *block, int64_t done, int64_t most);

/* Of at most NORMA_BLOCK channels. *spread is where the result's arrays may live. */
struct norma_channels norma_channels_of(const struct norma_execution *execution,
                                        const struct norma_tile *tile,
                                        const struct norma_statistics *statistics,
                                        const struct norma_block *block,
                                        struct norma_spread *spread);

/* The sums that belong to them. */
struct norma_sums norma_sums_of(const struct norma_execution *execution,
                                const struct norma_tile *tile,
                                const struct norma_statistics *statistics,
                                const struct norma_block *block, struct norma_spread *spread);

/* Channels that are gone over together, with their coefficients or centres on the stack.
 * NORMA_BLOCK, unless their planes are long enough for the fixed costs not to matter; channels-last
 * NORMA_COLUMNS, as pieces of rows are read more slowly than whole ones. */
int64_t norma_block_size(const struct norma_plan *plan);

#endif

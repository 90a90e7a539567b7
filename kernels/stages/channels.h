/* A block of channels, as the operators see it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_CHANNELS_H
#define NORMA_CHANNELS_H

#include "operators/operator.h"
#include "stages/tile.h"

/* Channels whose coefficients are computed together, on the stack. */
enum { NORMA_BLOCK = 256, NORMA_BLOCK_ELEMENTS = 16 * 1024 };

/* One entry per channel from one per run. */
struct norma_spread {
    double mean[NORMA_BLOCK], inverse_std[NORMA_BLOCK];
    double dy[NORMA_BLOCK], product[NORMA_BLOCK];
};

/* Which channels: `count` <= NORMA_BLOCK from sample and channel, both from the tile's corner. */
struct norma_block {
    int64_t sample, region, channel, count;
};

/* *spread is where the result's arrays may live. */
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

/* Channels whose coefficients are computed and applied together: NORMA_BLOCK, unless their planes
 * are long enough for the coefficients' fixed costs not to matter; channels-last always, as less
 * than a row is not worth going there for. */
int64_t norma_block_size(const struct norma_plan *plan);

#endif

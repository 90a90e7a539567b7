/* The stages of an execution - moments, statistics, apply - over a tile of the tensor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_STAGES_H
#define NORMA_STAGES_H

#include "plan.h"

/* Samples [sample, sample + samples) x channels [channel, channel + channels). */
struct norma_tile {
    int64_t sample, samples, channel, channels;
};

/* Scratch arrays of a tile, carved out of the workspace. inverse_std and style_std hold m2 until
 * norma_tile_statistics has run. */
struct norma_statistics {
    double *mean, *inverse_std;             /* [samples][runs] */
    double *style_mean, *style_std;         /* [samples][channels] */
    double *batch_mean, *batch_inverse_std; /* [channels] */
};

/* Doubles that a tile of this size needs. */
size_t norma_tile_scratch(const struct norma_plan *plan, int64_t samples, int64_t channels);

struct norma_statistics norma_tile_carve(const struct norma_plan *plan,
                                         const struct norma_tile *tile, double *scratch);

/* Stage 1: the moments of the tile's runs, of x and of the style. */
void norma_tile_moments(const struct norma_plan *plan, const struct norma_args *args,
                        const struct norma_tile *tile, const struct norma_statistics *statistics);

/* Stage 2: from moments to standard deviations, over the batch as well; returns to the caller the
 * statistics that were asked for and updates the running ones. */
void norma_tile_statistics(const struct norma_plan *plan, const struct norma_args *args,
                           const struct norma_tile *tile,
                           const struct norma_statistics *statistics);

/* Stage 3: coefficients and affine. */
void norma_tile_apply(const struct norma_plan *plan, const struct norma_args *args,
                      const struct norma_tile *tile, const struct norma_statistics *statistics);

/* Stage 3 for positions [first, last) of some channels of one sample; more than one channel only if
 * the positions are all of S. */
void norma_apply_channels(const struct norma_plan *plan, const struct norma_args *args,
                          const struct norma_tile *tile, const struct norma_statistics *statistics,
                          int64_t sample, int64_t channel, int64_t channels, int64_t first,
                          int64_t last);

#endif

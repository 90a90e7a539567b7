/* The way over a tile's elements once their coefficients are known, which is the same forward and
 * backward. A visitor says what is computed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_WALK_H
#define KERNELS_STAGES_WALK_H

#include "kernels/stages/channels.h"

/* Coefficients of at most a block of channels, as the sets take them. Forward, y is
 * (x - centre) scale + shift; backward, dx is dy scale + (x - centre) x_scale + shift. */
struct norma_coefficients {
    float *centre, *scale, *shift, *x_scale;
    /* Channels whose coefficients leave the range of float, and whether there are any. */
    bool *in_double, any_in_double;
};

struct norma_visitor {
    /* Computes the coefficients of a block. */
    void (*compute)(const struct norma_stage_context *context, const struct norma_block *block,
                    struct norma_coefficients *coefficients);
    /* Applies them, from number `first` on, to elements of as many of the block's channels. Regions
     * come in order from 0; in planes the first one must write the elements of all (but for
     * channels in double, whose other elements may stay unwritten), and the others only their
     * own. */
    void (*apply)(const struct norma_stage_context *context, const struct norma_piece *piece,
                  const struct norma_coefficients *coefficients, int64_t first);
    /* Computes both in double, of a block and a piece that have one channel. */
    void (*in_double)(const struct norma_stage_context *context, const struct norma_block *block,
                      const struct norma_piece *piece);
    /* Computes rows [first, last) of the tile, for plans with row_statistics; but for those that
     * are computed apart, like other tensors, with coefficients of every channel. */
    void (*rows)(const struct norma_stage_context *context, int64_t first, int64_t last);
    /* Returns how many rows from `first` on are computed by the above at once; 0: `first` is
     * apart. */
    int64_t (*rows_together)(const struct norma_stage_context *context, int64_t first,
                             int64_t last);
    /* Computes a slice, for plans with an alpha per element. */
    void (*elements)(const struct norma_stage_context *context, const struct norma_slice *slice);
    /* Positions of a plane that all its regions are applied to before the next positions. */
    int64_t region_positions;
    bool last_sample_first; /* from the last sample to the first: the last ones are still cached */
};

/* Visits a whole tile. */
void norma_walk_tile(const struct norma_stage_context *context,
                     const struct norma_visitor *visitor);

/* Visits a part of the tile. */
void norma_walk_slice(const struct norma_stage_context *context, const struct norma_slice *slice,
                      const struct norma_visitor *visitor);

#endif

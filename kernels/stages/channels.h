/* Blocks of channels, their elements, and their statistics in the form that operators take.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_CHANNELS_H
#define KERNELS_STAGES_CHANNELS_H

#include <math.h>
#include <string.h>

#include "kernels/spans/spans.h"
#include "kernels/stages/context.h"

/* ---- blocks ------------------------------------------------------------------------------- */

enum {
    /* The most channels that an operator gets at a time, with its results on the stack. */
    NORMA_BLOCK = 256,
    /* A block in planes has no more channels than make so many elements, but one at least. */
    NORMA_BLOCK_ELEMENTS = 16 * 1024
};

/* `count` channels of a sample's region. Sample and channel count from the tile's corner. */
struct norma_block {
    int64_t sample, region, channel, count;
};

/* Returns the block's channels from number `done` on, at most `most` of them. */
struct norma_block norma_rest_of(const struct norma_block *block, int64_t done, int64_t most);

/* Returns how many channels are processed together. In planes it is NORMA_BLOCK, or less if the
 * planes are long enough for the fixed costs not to matter. Channels-last it is NORMA_COLUMNS,
 * because pieces of rows are read more slowly than whole ones. */
int64_t norma_block_size(const struct norma_plan *plan);

/* ---- buffers ------------------------------------------------------------------------------
 *
 * A thread has memory for four doubles of each of the channels that are processed together: for
 * moments or sums of chunks, and at another time for coefficients. On the stack that would be 64
 * KiB, and some threads have no more. */

/* Returns the channels that a thread's buffers are for; 0: the plan needs none. */
int64_t norma_buffer_channels(const struct norma_plan *plan);

/* Returns the doubles of a thread's buffers. */
static inline int64_t norma_buffer_size(const struct norma_plan *plan) {
    return 4 * norma_buffer_channels(plan);
}

/* Returns the thread's buffers as memory for moments and sums. */
struct norma_column_buffers norma_column_buffers_of(const struct norma_stage_context *context);

/* ---- pieces ------------------------------------------------------------------------------- */

/* Elements of x that a set's primitive takes at a time: `spans` times `length` of them. In planes
 * these follow each other; channels-last each span is part of a row. */
struct norma_piece {
    int64_t offset; /* of the first element */
    int64_t length, spans;
    int64_t stride;                          /* elements from a row to the next; 0: in planes */
    const struct norma_selection *selection; /* the elements of one region; NULL: all */
};

/* Returns the elements of a block's channels at positions [first, last). */
struct norma_piece norma_piece_of(const struct norma_stage_context *context,
                                  const struct norma_block *block, int64_t first, int64_t last);

/* Returns the bits of the magnitude, which are in the order of the magnitudes, NaN above all.
 * Compilers vectorize differences of integers where, without AVX-512, they do not vectorize
 * comparisons of doubles. */
static inline int64_t norma_magnitude(double value) {
    const double magnitude = fabs(value);
    int64_t bits;
    memcpy(&bits, &magnitude, sizeof bits);
    return bits;
}

/* Returns `zero` if the value is 0, else `other`, without a branch. */
static inline double norma_if_zero(double value, double zero, double other) {
    const uint64_t mask = -((uint64_t)(norma_magnitude(value) - 1) >> 63);
    uint64_t a, b;
    double chosen;
    memcpy(&a, &zero, sizeof a);
    memcpy(&b, &other, sizeof b);
    a = (a & mask) | (b & ~mask);
    memcpy(&chosen, &a, sizeof chosen);
    return chosen;
}

/* Returns a constant as a float that belongs to the centre as a float: the centre's rounding error,
 * times the slope, moves into it. Without an error it stays as it is, -0.0 included. */
static inline float norma_constant_of(double constant, double centre, double slope) {
    const double residue = (double)(float)centre - centre;
    const double moved = constant + residue * slope;
    return (float)norma_if_zero(residue, constant, moved);
}

/* ---- what operators see ------------------------------------------------------------------- */

/* Memory for values of each channel where the statistics have one value for several channels. */
struct norma_channel_buffers {
    double mean[NORMA_BLOCK], inverse_std[NORMA_BLOCK];
    double dy[NORMA_BLOCK], product[NORMA_BLOCK];
};

/* Returns the statistics of at most NORMA_BLOCK channels, whose arrays are parts of the tile's
 * statistics or lie in *buffers. */
struct norma_channels norma_channels_of(const struct norma_stage_context *context,
                                        const struct norma_block *block,
                                        struct norma_channel_buffers *buffers);

/* Returns the sums that belong to these channels, in the same way. */
struct norma_sums norma_sums_of(const struct norma_stage_context *context,
                                const struct norma_block *block,
                                struct norma_channel_buffers *buffers);

/* Gets a block with its statistics and sums. */
typedef void norma_block_work(const struct norma_stage_context *context,
                              const struct norma_block *block,
                              const struct norma_channels *channels, const struct norma_sums *sums);

/* Backward: calls work for all blocks of at most NORMA_BLOCK channels, in the order of samples,
 * regions and channels, which does not depend on the tile. */
void norma_for_each_block(const struct norma_stage_context *context, norma_block_work *work);

#endif

/* The data that a stage works on: an execution, a tile of its tensors, and the tile's statistics.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_CONTEXT_H
#define KERNELS_STAGES_CONTEXT_H

#include "kernels/plan/plan.h"

/* The arrays in the workspace. NULL: this plan does not need the array. */
struct norma_workspace {
    double *tiles; /* scratch memory of tiles: one for each thread; otherwise, without tiles, one */
    size_t tile_size;    /* doubles from one to the next */
    double *buffers;     /* of each thread: see channels.h */
    int64_t buffer_size; /* doubles from one thread's to the next */

    /* Two-phase: values of chunks, from which those of the whole are merged in order. */
    double *chunk_mean, *chunk_m2;    /* of x: see struct norma_moments_work */
    double *style_mean, *style_m2;    /* of the style tensor, the same */
    double *chunk_dy, *chunk_product; /* [N][C][chunks]; channels-last [N][chunks][C]; planes of
                                         one chunk each have their sums there themselves */
    double *chunk_element;            /* [N][chunks], of whole samples */

    /* Values of each plane, [N][R][C]. Backward: sums of dy and of dy (x - centre) and, once these
     * have been used, what the plane adds to the gradients of beta and gamma; the third has what it
     * adds to the gradient of the gate or of alpha. With row_statistics these are of each group of
     * rows. Forward, for adain's loss: the first two have the squares of the differences between
     * the means, and between the deviations, of content and style. */
    double *plane_dy, *plane_product, *plane_weight;

    double *region_count;                    /* [N][R]: positions of each region; NULL: R = 1 */
    double *element_weight, *element_factor; /* [N]: see norma_element_factors */
    int32_t *styled; /* [N]: the sample whose style this one is, with style=swap */
};

struct norma_execution {
    const struct norma_plan *plan;
    const struct norma_args *args;
    struct norma_workspace workspace;
    double batch_count; /* elements that the batch's statistics are of */
    bool staged;        /* in steps, so that other processes may have parts of the batch */
    bool loss;          /* the caller requests the style loss */
};

/* Samples [sample, sample + samples) x channels [channel, channel + channels). */
struct norma_tile {
    int64_t sample, samples, channel, channels;
};

/* The scratch arrays of a tile. `spans` are those of one of its samples. NULL: this plan does not
 * need the array. Forward, inverse_std, style_std and batch_inverse_std hold sums of squared
 * deviations (m2) until norma_tile_statistics has run; inverse_std of an operator that mixes
 * samples always does. */
struct norma_statistics {
    double *mean, *inverse_std;             /* [samples][R][spans] */
    double *style_mean, *style_std;         /* [samples][K][channels]; mixed styles end in k = 0 */
    double *batch_mean, *batch_inverse_std; /* [channels] */
    double *inverse_norm, *norm_slope;      /* [samples], of operators that mix samples */
    double *set_dy, *set_product;           /* [samples][R][spans], backward */
    double *batch_dy, *batch_product;       /* [channels], backward */
    /* [R][spans] of one sample, two-phase of all, backward: see recovered_means.h. */
    double *x_mean, *x_m2;
    double *batch_x; /* [channels], backward: sums of x - mean, where the mean is large */
};

/* The argument of the functions of the stages. */
struct norma_stage_context {
    const struct norma_execution *execution;
    struct norma_tile tile;
    struct norma_statistics statistics;
    double *buffers; /* of the thread that works on the tile: see channels.h */
};

/* Positions [first, last) of channels [channel, channel + channels) of one sample; of some where a
 * sample is a row with statistics of its own, or a plane whose coefficients are the same for all.
 * Sample and channel count from the tile's corner. It has all positions of S if it has more than
 * one channel or sample in planes, and all channels of the tile if channels are columns. */
struct norma_slice {
    int64_t sample, samples, channel, channels, first, last;
};

/* Returns the doubles of scratch memory that a tile of this size needs. */
size_t norma_tile_scratch(const struct norma_plan *plan, int64_t samples, int64_t channels);

/* Returns the context of a tile whose statistics lie in the scratch memory of a thread. */
struct norma_stage_context norma_tile_context(const struct norma_execution *execution,
                                              struct norma_tile tile, int thread);

/* Returns the context of a tile whose statistics are part of those of a larger one. There must be
 * one sample and at most one style: arrays with several rows are as wide as the larger tile. The
 * operator must not mix samples. */
struct norma_stage_context norma_part_of_context(const struct norma_stage_context *everything,
                                                 struct norma_tile tile);

/* Returns the context of the same tile for a thread of those that share it. */
struct norma_stage_context norma_context_of_thread(const struct norma_stage_context *shared,
                                                   int thread);

/* ---- indices ------------------------------------------------------------------------------
 *
 * Samples and channels count from the tile's corner. */

/* Returns the number of spans of one of the tile's samples. */
static inline int64_t norma_spans_of(const struct norma_stage_context *context) {
    return context->tile.channels / context->execution->plan->channels_per_span;
}

/* Returns the index of the first entry of a sample's region in [samples][R][spans]. */
static inline int64_t norma_set_row(const struct norma_stage_context *context, int64_t sample,
                                    int64_t region) {
    return (sample * context->execution->plan->regions + region) * norma_spans_of(context);
}

/* Returns the index of a plane in the whole tensor's arrays [N][R][C]. */
static inline int64_t norma_plane_entry(const struct norma_stage_context *context, int64_t sample,
                                        int64_t region, int64_t channel) {
    const struct norma_plan *plan = context->execution->plan;
    return ((context->tile.sample + sample) * plan->regions + region) * plan->problem.c +
           context->tile.channel + channel;
}

/* Returns the offset in x of the element at a position of a channel. */
static inline int64_t norma_offset_of(const struct norma_stage_context *context, int64_t sample,
                                      int64_t channel, int64_t position) {
    const struct norma_plan *plan = context->execution->plan;
    const int64_t n = context->tile.sample + sample, c = context->tile.channel + channel;
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return (n * plan->spatial + position) * plan->problem.c + c;
    case NORMA_ORDER_PLANES:
        break;
    }
    return (n * plan->problem.c + c) * plan->spatial + position;
}

/* Returns the labels of a sample's positions. There must be several regions. */
static inline const uint8_t *norma_labels_of(const struct norma_stage_context *context,
                                             int64_t sample) {
    const struct norma_execution *execution = context->execution;
    return execution->args->labels + (context->tile.sample + sample) * execution->plan->spatial;
}

/* ---- tensors of the epilogue -------------------------------------------------------------- */

/* Returns the residual from an offset on; NULL: there is none to be added. */
static inline const void *norma_residual_at(const struct norma_execution *execution,
                                            int64_t offset) {
    const void *residual = norma_adds_residual(execution->plan) ? execution->args->residual : NULL;
    return norma_element_at(execution->plan, residual, offset);
}

/* Returns, from an offset on, the saved y that says where a ReLU lets dy through; NULL: there is no
 * ReLU. */
static inline const void *norma_relu_output_at(const struct norma_execution *execution,
                                               int64_t offset) {
    const void *y = norma_has_relu(execution->plan) ? execution->args->y : NULL;
    return norma_element_at(execution->plan, y, offset);
}

/* Returns the gradient of the residual from an offset on; NULL: it is not requested. */
static inline void *norma_dresidual_at(const struct norma_execution *execution, int64_t offset) {
    void *dresidual = norma_adds_residual(execution->plan) ? execution->args->dresidual : NULL;
    return norma_output_at(execution->plan, dresidual, offset);
}

/* Checks whether the result is stored past the caches. In place it is not: its memory has just been
 * read. */
static inline bool norma_streams(const struct norma_execution *execution) {
    const struct norma_args *args = execution->args;
    const bool in_place = execution->plan->backward ? args->dx == args->dy : args->x == args->y;
    return execution->plan->stream && !in_place;
}

/* ---- arrays in the workspace -------------------------------------------------------------- */

/* Memory that is divided into arrays. Without memory it only counts what they need. */
struct norma_arena {
    double *start; /* NULL: there is no memory, only a count */
    size_t count;  /* doubles that have been taken */
};

/* Takes an array of `count` doubles, if it is needed. Returns NULL if it is not, or if there is no
 * memory. */
static inline double *norma_arena_take(struct norma_arena *arena, bool needed, int64_t count) {
    double *array = arena->start && needed ? arena->start + arena->count : NULL;
    arena->count += needed ? (size_t)count : 0;
    return array;
}

#endif

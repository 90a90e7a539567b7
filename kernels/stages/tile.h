/* A tile of the tensor, the scratch arrays that go with it, and the stages that it goes through:
 * forward moments, statistics, apply; backward statistics, sums, apply.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_TILE_H
#define KERNELS_STAGES_TILE_H

#include "kernels/plan/plan.h"

/* One execution: the plan, the caller's tensors, and what in the workspace belongs to the whole
 * tensor instead of a tile. */
struct norma_execution {
    const struct norma_plan *plan;
    const struct norma_args *args;
    /* Values of each plane, [N][R][C]. Backward: sums of dy and of dy (x - centre), and once these
     * have been used what the plane adds to the gradients of beta, gamma, and of gate or alpha.
     * Forward, of adain: squares of the differences between content and style, for the loss. */
    double *first, *second, *third;
    double batch_count;   /* elements that the batch's statistics are of */
    double *region_count; /* [N][R]: positions of each region; NULL with one region */
    int32_t *styled;      /* [N]: the sample whose style this one is, style=swap backward */
};

/* Samples [sample, sample + samples) x channels [channel, channel + channels). */
struct norma_tile {
    int64_t sample, samples, channel, channels;
};

/* Scratch arrays of a tile, carved out of the workspace; R regions, K styles, `runs` statistics
 * sets in a sample's channels. Forward, inverse_std, style_std and batch_inverse_std hold m2 until
 * norma_tile_statistics has run (of a coupled operator inverse_std does for ever). */
struct norma_statistics {
    double *mean, *inverse_std;             /* [samples][R][runs] */
    double *style_mean, *style_std;         /* [samples][K][channels]; mixed styles end in k = 0 */
    double *batch_mean, *batch_inverse_std; /* [channels] */
    double *inverse_norm, *norm_slope;      /* [samples], coupled */
    double *set_dy, *set_product;           /* [samples][R][runs], backward */
    double *batch_dy, *batch_product;       /* [channels], backward */
};

static inline int64_t norma_spans_of(const struct norma_plan *plan, const struct norma_tile *tile) {
    return tile->channels / plan->channels_per_span;
}

/* The row of a statistics array. */
static inline int64_t norma_set_row(const struct norma_plan *plan, const struct norma_tile *tile,
                                    int64_t sample, int64_t region) {
    return (sample * plan->regions + region) * norma_spans_of(plan, tile);
}

/* Entry of the whole tensor's [N][R][C] arrays; sample and channel from the tile's corner. */
static inline int64_t norma_plane_entry(const struct norma_plan *plan,
                                        const struct norma_tile *tile, int64_t sample,
                                        int64_t region, int64_t channel) {
    return ((tile->sample + sample) * plan->regions + region) * plan->problem.c + tile->channel +
           channel;
}

/* Offset of the element at a position of a channel. */
static inline int64_t norma_offset_of(const struct norma_plan *plan, const struct norma_tile *tile,
                                      int64_t sample, int64_t channel, int64_t position) {
    const int64_t n = tile->sample + sample, c = tile->channel + channel;
    return plan->columns ? (n * plan->spatial + position) * plan->problem.c + c
                         : (n * plan->problem.c + c) * plan->spatial + position;
}

/* Doubles that a tile of this size needs. */
size_t norma_tile_scratch(const struct norma_plan *plan, int64_t samples, int64_t channels);

struct norma_statistics norma_tile_arrays(const struct norma_plan *plan,
                                          const struct norma_tile *tile, double *scratch);

/* The tile's part of the arrays of everything: of one sample and at most one style, as rows of
 * several are as long as everything is wide. Not of coupled operators. */
struct norma_statistics norma_tile_part(const struct norma_plan *plan,
                                        const struct norma_tile *tile,
                                        const struct norma_statistics *everything);

/* ---- statistics --------------------------------------------------------------------------- */

/* The moments of the tile's runs, of x and of the style. */
void norma_tile_moments(const struct norma_execution *execution, const struct norma_tile *tile,
                        const struct norma_statistics *statistics);

/* Forward: from moments to standard deviations, over the batch as well; returns to the caller the
 * statistics that were asked for and updates the running ones. */
void norma_tile_statistics(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics);

/* The two halves of it: the moments of the batch, and the rest. */
void norma_tile_merge_batch(const struct norma_execution *execution, const struct norma_tile *tile,
                            const struct norma_statistics *statistics);
void norma_tile_finish_statistics(const struct norma_execution *execution,
                                  const struct norma_tile *tile,
                                  const struct norma_statistics *statistics, double batch_count);

/* Backward: the statistics that the forward pass returned. */
void norma_tile_load_statistics(const struct norma_execution *execution,
                                const struct norma_tile *tile,
                                const struct norma_statistics *statistics);

/* Mixes several styles, by weight, into the first [AdaIN eq. 15]. */
void norma_tile_mix_styles(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics);

/* ---- forward ------------------------------------------------------------------------------ */

void norma_tile_apply(const struct norma_execution *execution, const struct norma_tile *tile,
                      const struct norma_statistics *statistics);

/* Positions [first, last) of some channels of one sample; more than one channel only if the
 * positions are all of S. */
void norma_apply_channels(const struct norma_execution *execution, const struct norma_tile *tile,
                          const struct norma_statistics *statistics, int64_t sample,
                          int64_t channel, int64_t channels, int64_t first, int64_t last);

/* The affine's coefficients of some channels of one sample, rounded to float; any number of them.
 */
void norma_tile_coefficients(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_statistics *statistics, int64_t sample,
                             float *centre, float *scale, float *shift);

/* Applies the affine to one whole plane; channels-last to rows from number `first` on of
 * the tensor, with coefficients of every channel. */
void norma_apply_affine(const struct norma_execution *execution, int64_t plane, const float *centre,
                        const float *scale, const float *shift);
void norma_apply_affine_rows(const struct norma_execution *execution, int64_t first, int64_t rows,
                             const float *centre, const float *scale, const float *shift);

/* The style loss, once all tiles are done [AdaIN eq. 13]. */
void norma_style_loss(const struct norma_execution *execution);

/* ---- backward ----------------------------------------------------------------------------- */

/* The sums of the tile's planes. */
void norma_tile_sums(const struct norma_execution *execution, const struct norma_tile *tile,
                     const struct norma_statistics *statistics);

/* Chunks that the sums of a plane are taken of; channels-last, those of a sample's rows. */
int64_t norma_sum_chunks(const struct norma_plan *plan);

/* The sums of chunks [first, first + count) of plane number `plane`; without regions. */
void norma_plane_sums(const struct norma_execution *execution, const struct norma_tile *everything,
                      const struct norma_statistics *statistics, int64_t plane, int64_t first,
                      int64_t count, double *dy_sum, double *product);

/* Channels-last: the sums of chunk number `chunk` of a sample's rows, of channels [first, last);
 * into arrays of every channel. */
void norma_row_sums(const struct norma_execution *execution, const struct norma_tile *everything,
                    const struct norma_statistics *statistics, int64_t sample, int64_t chunk,
                    int64_t first, int64_t last, double *dy_sum, double *product);

/* From the planes' sums to those of statistics sets. */
void norma_tile_set_sums(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics);

void norma_tile_gradient(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics);

/* As norma_apply_channels. */
void norma_gradient_channels(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_statistics *statistics, int64_t sample,
                             int64_t channel, int64_t channels, int64_t first, int64_t last);

/* The gradients of the style of some channels of one of the sample's styles. */
void norma_style_channels(const struct norma_execution *execution, int64_t sample, int64_t style,
                          int64_t channel, int64_t channels);

/* From the planes' sums to what they add to the gradients of the parameters. */
void norma_tile_parameters(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics);

/* The gradients of the parameters of some channels, once their planes of all samples are done; and
 * of an alpha that is one number, once all tiles are. */
void norma_parameter_gradients(const struct norma_execution *execution, int64_t channel,
                               int64_t channels);
void norma_number_gradient(const struct norma_execution *execution);

/* ---- backward of unitization with an alpha per element ------------------------------------ */

/* The sum of alpha dy x, divided by the squared divisor where there is one, over chunks [first,
 * first
 * + count) of a sample. */
void norma_element_products(const struct norma_execution *execution, int64_t sample, int64_t first,
                            int64_t count, double *products);
/* ... over all of them, in order. */
double norma_element_product(const struct norma_execution *execution, int64_t sample);

/* dx of elements [first, first + count) of a sample, from the product above. */
void norma_element_gradient(const struct norma_execution *execution, int64_t sample, double product,
                            int64_t first, int64_t count);

/* dalpha of elements [first, first + count). Before dx, which may be dy, is written. weight and
 * factor: scratch, [N] each. */
void norma_element_factors(const struct norma_execution *execution, double *weight, double *factor);
void norma_element_alpha(const struct norma_execution *execution, const double *weight,
                         const double *factor, int64_t first, int64_t count);

#endif

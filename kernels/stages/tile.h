/* The stages that a tile goes through: forward moments, statistics and the affine of x; backward
 * statistics, sums and the affine of dy and x.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_TILE_H
#define KERNELS_STAGES_TILE_H

#include "kernels/stages/context.h"

/* ---- statistics --------------------------------------------------------------------------- */

/* Computes the moments of the tile's spans and styles that the plan computes from the data. */
void norma_tile_moments(const struct norma_stage_context *context);

/* Forward: turns moments into standard deviations, over the batch as well, writes the statistics
 * that the caller requests, and updates the running ones. */
void norma_tile_statistics(const struct norma_stage_context *context);

/* Do the two halves of it: merge the moments of the batch; the rest. */
void norma_tile_merge_batch(const struct norma_stage_context *context);
void norma_tile_finish_statistics(const struct norma_stage_context *context, double batch_count);

/* Does the batch's part of the second half, in training: updates the running statistics, turns m2
 * over `count` elements into standard deviations, and writes what the caller requests. */
void norma_tile_finish_batch(const struct norma_stage_context *context, double count);

/* Backward: loads the statistics that the forward pass returned. */
void norma_tile_load_statistics(const struct norma_stage_context *context);

/* Fills what depends on all samples and channels, if the operator mixes samples. Backward, the sums
 * of all planes must be there. */
void norma_tile_mix_samples(const struct norma_stage_context *context);

/* Writes the style loss, once all tiles are done [AdaIN eq. 13]. */
void norma_style_loss(const struct norma_execution *execution);

/* ---- forward ------------------------------------------------------------------------------ */

/* Computes y. */
void norma_tile_apply(const struct norma_stage_context *context);
void norma_slice_apply(const struct norma_stage_context *context, const struct norma_slice *slice);

/* Writes the affine's coefficients of all the tile's channels of one sample, rounded to float. */
void norma_tile_coefficients(const struct norma_stage_context *context, int64_t sample,
                             const struct norma_stage_affine *affine);

/* Applies an affine to planes [first, first + planes) of the tensor. */
void norma_apply_affine(const struct norma_execution *execution, int64_t first, int64_t planes,
                        const struct norma_stage_affine *affine);

/* Channels-last: applies an affine, which has every channel, to rows of the tensor. */
void norma_apply_affine_rows(const struct norma_execution *execution, int64_t first, int64_t rows,
                             const struct norma_stage_affine *affine);

/* Checks whether the elements of a row are standardized by coefficients of the row, and then scaled
 * and shifted by those of their columns. All operators with rows are but unit, which blends. */
static inline bool norma_has_row_affine(const struct norma_plan *plan) {
    return plan->row_statistics && !plan->descriptor->weight;
}

/* Writes the coefficients of x^ = (x - centre) scale + shift for rows [first, first + rows) of the
 * tile. The shift is what rounding the mean to the centre changed. Without such a change it is -0,
 * which keeps the sign of a zero. Unit's three are parts of the inverse norm, which is their
 * sum. */
void norma_rows_affine(const struct norma_stage_context *context, int64_t first, int64_t rows,
                       const struct norma_stage_affine *affine);

/* Takes the inverse norms of the tile's rows back from such coefficients. */
void norma_rows_load_norms(const struct norma_stage_context *context,
                           const struct norma_stage_affine *affine);

/* Computes y of rows [first, first + rows) of the tensor from such coefficients, but of unit. */
void norma_rows_apply_affine(const struct norma_execution *execution, int64_t first, int64_t rows,
                             const struct norma_stage_affine *affine);

/* ---- backward ----------------------------------------------------------------------------- */

/* Computes the sums of the tile's planes. */
void norma_tile_sums(const struct norma_stage_context *context);

/* Computes the sums of planes of some channels of one of its samples. */
void norma_plane_sums(const struct norma_stage_context *context, int64_t sample, int64_t channel,
                      int64_t channels);

/* Computes the sums of statistics sets from those of planes. */
void norma_tile_set_sums(const struct norma_stage_context *context);

/* Returns the number of chunks that the sums of a plane are taken of; channels-last, that the rows
 * of a sample are. */
int64_t norma_sum_chunks(const struct norma_plan *plan);

/* Two-phase: computes the sums of chunks [first, first + count) of a plane. There must be one
 * region. */
void norma_plane_chunk_sums(const struct norma_stage_context *everything, int64_t plane,
                            int64_t first, int64_t count);

/* The same channels-last: computes the sums of channels [first, last) of one chunk of a sample's
 * rows. */
void norma_row_chunk_sums(const struct norma_stage_context *everything, int64_t sample,
                          int64_t chunk, int64_t first, int64_t last);

/* Computes dx. */
void norma_tile_gradient(const struct norma_stage_context *context);
void norma_slice_gradient(const struct norma_stage_context *context,
                          const struct norma_slice *slice);

/* Writes the gradients of the style of channels [channel, channel + channels) of one of a sample's
 * styles. */
void norma_style_channels(const struct norma_execution *execution, int64_t sample, int64_t style,
                          int64_t channel, int64_t channels);

/* Replaces the planes' sums by what they add to the gradients of the parameters. */
void norma_tile_parameters(const struct norma_stage_context *context);

/* Writes the gradients of the parameters of some channels, once their planes of all samples are
 * done. */
void norma_parameter_gradients(const struct norma_execution *execution, int64_t channel,
                               int64_t channels);

/* Writes the gradient of an alpha that is one number, once all tiles are done. */
void norma_number_gradient(const struct norma_execution *execution);

#endif

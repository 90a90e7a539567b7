/* The moments of one sample.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_SAMPLE_MOMENTS_H
#define KERNELS_STAGES_SAMPLE_MOMENTS_H

#include "kernels/spans/spans.h"
#include "kernels/stages/context.h"

/* Computes the moments of all the tile's spans of one sample: [R][spans]. */
void norma_sample_moments(const struct norma_stage_context *context, int64_t sample,
                          struct norma_moment_arrays moments);

/* Computes the moments of channels [channel, channel + count) of a style. `row` counts the styles
 * of all samples. Needs memory for a chunk. */
void norma_style_moments(const struct norma_execution *execution, int64_t row, int64_t channel,
                         int64_t count, struct norma_moment_arrays moments,
                         const struct norma_column_buffers *buffers);

#endif

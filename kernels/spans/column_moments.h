/* Channels-last: moments of spans and regions, of any number of columns.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_SPANS_COLUMN_MOMENTS_H
#define KERNELS_SPANS_COLUMN_MOMENTS_H

#include "kernels/spans/columns.h"

/* Computes the moments of each column. Needs memory for a chunk. */
void norma_moments_of_matrix(const struct norma_plan *plan, struct norma_matrix matrix,
                             struct norma_moment_arrays moments,
                             const struct norma_column_buffers *buffers);

/* Computes the moments of the spans that some channels of one sample make. */
void norma_column_moments_of_spans(const struct norma_plan *plan, const void *x, int64_t channels,
                                   struct norma_moment_arrays moments,
                                   const struct norma_column_buffers *buffers);

/* Computes the moments of the regions of some channels of one sample: [R][channels]. Writes zeros
 * where a region has no position. */
void norma_column_moments_of_regions(const struct norma_plan *plan, const void *x, int64_t channels,
                                     const uint8_t *labels, struct norma_moment_arrays moments,
                                     const struct norma_column_buffers *buffers);

/* Merges the moments of channels [channel, channel + count), of `rows` elements each, into those of
 * their spans. It must be called for the channels in order. */
void norma_merge_channels(int64_t channels_per_span, int64_t rows, int64_t channel, int64_t count,
                          struct norma_moment_arrays channels, struct norma_moment_arrays spans);

#endif

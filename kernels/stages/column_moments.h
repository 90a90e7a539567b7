/* Channels-last: moments of matrices whose rows are positions and whose columns are channels.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_COLUMN_MOMENTS_H
#define KERNELS_STAGES_COLUMN_MOMENTS_H

#include "kernels/plan/plan.h"

/* Of any number of columns. */
void norma_moments_of_matrix(const struct norma_set *set, const float *x, int64_t rows,
                             int64_t stride, int64_t columns, double *mean, double *m2);

/* Of the runs that some channels of one sample make: of each channel or, where a run has several,
 * of these together. */
void norma_column_moments_of_spans(const struct norma_plan *plan, const float *x, int64_t channels,
                                   double *mean, double *m2);

/* Of the regions of some channels of one sample: [R][channels]; zeros where a region has no
 * position. */
void norma_column_moments_of_regions(const struct norma_plan *plan, const float *x,
                                     int64_t channels, const uint8_t *labels, double *mean,
                                     double *m2);

/* Merges the moments of channels [channel, channel + count), of `rows` elements each, into those of
 * their runs; channels come in order. */
void norma_merge_channels(int64_t channels_per_span, int64_t rows, int64_t channel, int64_t count,
                          const double *mean, const double *m2, double *run_mean, double *run_m2);

#endif

/* Batch normalization of every run, forward and backward: one execution for each piece.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_ONEDNN_BATCH_H
#define NORMA_ONEDNN_BATCH_H

#include "geometry.h"

struct norma_onednn_batch {
    struct norma_onednn_step step;
    struct norma_onednn_pieces pieces;
};

/* Of the runs; what the step does not use is NULL. */
struct norma_onednn_run_arrays {
    float *mean, *variance, *scale, *shift;
    float *scale_gradient, *shift_gradient;
};

norma_status norma_onednn_batch_create(struct norma_onednn_batch *self,
                                       const struct norma_onednn_geometry *geometry,
                                       const struct norma_onednn_batch_options *options);
norma_status norma_onednn_batch_run(const struct norma_onednn_batch *self, const float *x, float *y,
                                    const struct norma_onednn_run_arrays *arrays);

/* With epsilon 0. `given`: the statistics are constants. */
norma_status norma_onednn_batch_create_backward(struct norma_onednn_batch *self,
                                                const struct norma_onednn_geometry *geometry,
                                                bool given);
/* dx may be dy. */
norma_status norma_onednn_batch_run_backward(const struct norma_onednn_batch *self, const float *x,
                                             const float *dy, float *dx,
                                             const struct norma_onednn_run_arrays *arrays);

#endif

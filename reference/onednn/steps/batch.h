/* Batch normalization of every plane, forward and backward, with one execution for each piece.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_BATCH_H
#define REFERENCE_ONEDNN_STEPS_BATCH_H

#include "reference/onednn/steps/geometry.h"

struct onednn_batch {
    struct onednn_step step;
    struct onednn_pieces pieces;
};

/* Arrays with an entry for each plane; NULL where the step does not use them. */
struct onednn_plane_arrays {
    float *mean, *variance, *scale, *shift;
    float *scale_gradient, *shift_gradient;
};

norma_status onednn_batch_create(struct onednn_batch *self, const struct onednn_geometry *geometry,
                                 const struct onednn_batch_options *options);
norma_status onednn_batch_run(const struct onednn_batch *self, const float *x, float *y,
                              const struct onednn_plane_arrays *arrays);

/* Creates the backward step, with epsilon 0. If `given`, the statistics are constants. */
norma_status onednn_batch_create_backward(struct onednn_batch *self,
                                          const struct onednn_geometry *geometry, bool given);
/* Runs the backward step; dx may be dy. */
norma_status onednn_batch_run_backward(const struct onednn_batch *self, const float *x,
                                       const float *dy, float *dx,
                                       const struct onednn_plane_arrays *arrays);

#endif

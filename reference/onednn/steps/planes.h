/* Work on every run (n, c) by itself: standardizing it, and giving it a scale and a shift. With
 * these two, an operator is the coefficients in between.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_PLANES_H
#define REFERENCE_ONEDNN_STEPS_PLANES_H

#include "reference/onednn/steps/batch.h"
#include "reference/onednn/steps/epilogue.h"

/* y = (x - mean) / sqrt(variance + epsilon); then, if `scale` is there, y = y scale + shift. By
 * rows these are of the elements of a row, the same for all, else of the runs. */
struct onednn_standardize {
    bool by_rows; /* layer normalization of the matrix of runs, else batch */
    struct onednn_step rows;
    struct onednn_batch batch;
    float *mean, *variance; /* of the runs, from the last execution */
    float *scale, *shift;   /* set by the caller; NULL without */
};

/* Plain runs of up to 2^20 elements are rows. These have no ReLU. */
norma_status onednn_standardize_create(struct onednn_standardize *self,
                                       const struct onednn_geometry *geometry, double epsilon,
                                       bool affine, bool relu);
/* y may be x. */
norma_status onednn_standardize_run(const struct onednn_standardize *self, const float *x,
                                    float *y);
void onednn_standardize_destroy(struct onednn_standardize *self);

/* y = (x - mean) scale + shift, and the epilogue of that; or added to y. */
struct onednn_affine_options {
    bool centred;    /* there is a mean */
    bool accumulate; /* y += ..., without an epilogue */
    norma_epilogue epilogue;
};

struct onednn_affine {
    struct onednn_affine_options options;
    float *mean, *scale, *shift; /* of the runs, set by the caller; at first zeros */

    bool by_chain; /* binary subtract, multiply, add, ... in one pass; else batch, variance 1 */
    struct onednn_pieces pieces;
    struct onednn_step chain;

    struct onednn_batch batch;
    struct onednn_epilogue sum; /* after batch: the epilogue's, or that with y */
    float *ones;
    float *added; /* what is added to y, of its size */
};

norma_status onednn_affine_create(struct onednn_affine *self,
                                  const struct onednn_geometry *geometry,
                                  const struct onednn_affine_options *options);
/* y may be x. `residual`: of the epilogue. */
norma_status onednn_affine_run(const struct onednn_affine *self, const float *x, float *y,
                               const float *residual);
void onednn_affine_name(const struct onednn_affine *self, char *names, size_t size);
void onednn_affine_destroy(struct onednn_affine *self);

#endif

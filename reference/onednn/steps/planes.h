/* Work on every plane (n, c) by itself: standardizing it, and giving it a scale and a shift. With
 * these two, an operator only has to compute the coefficients in between.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_PLANES_H
#define REFERENCE_ONEDNN_STEPS_PLANES_H

#include "reference/onednn/steps/batch.h"
#include "reference/onednn/steps/epilogue.h"

/* y = (x - mean) / sqrt(variance + epsilon), and then, if there is a scale, y = y scale + shift. By
 * rows, scale and shift have an entry for each element of a row, the same for all rows; otherwise
 * one for each plane. */
struct onednn_standardize {
    bool by_rows; /* layer normalization of the matrix of planes, otherwise batch */
    struct onednn_step rows;
    struct onednn_batch batch;
    float *mean, *variance; /* one for each plane, from the last execution */
    float *scale, *shift;   /* set by the caller; NULL if there is no affine part */
};

/* Creates the step. Planes of up to 2^20 elements in the plain layout are rows, which have no
 * ReLU. */
norma_status onednn_standardize_create(struct onednn_standardize *self,
                                       const struct onednn_geometry *geometry, double epsilon,
                                       bool affine, bool relu);
/* Runs the step; y may be x. */
norma_status onednn_standardize_run(const struct onednn_standardize *self, const float *x,
                                    float *y);
void onednn_standardize_destroy(struct onednn_standardize *self);

/* Options of y = (x - mean) scale + shift. */
struct onednn_affine_options {
    bool centred;    /* a mean is subtracted */
    bool accumulate; /* the result is added to y; there is no epilogue */
    norma_epilogue epilogue;
};

struct onednn_affine {
    struct onednn_affine_options options;
    float *mean, *scale, *shift; /* one for each plane, set by the caller; zeros at first */

    bool by_chain; /* a chain of binary operations in one pass; otherwise batch with variance 1 */
    struct onednn_pieces pieces;
    struct onednn_step chain;

    struct onednn_batch batch;
    struct onednn_epilogue sum; /* after batch: the sum with the residual, or with y */
    float *ones;
    float *added; /* the result that is added to y, of its size */
};

norma_status onednn_affine_create(struct onednn_affine *self,
                                  const struct onednn_geometry *geometry,
                                  const struct onednn_affine_options *options);
/* Runs the pass; y may be x. `residual` is the epilogue's. */
norma_status onednn_affine_run(const struct onednn_affine *self, const float *x, float *y,
                               const float *residual);
void onednn_affine_name(const struct onednn_affine *self, char *names, size_t size);
void onednn_affine_destroy(struct onednn_affine *self);

#endif

/* Work on every run (n, c) by itself: standardizing it, and giving it a scale and a shift. With
 * these two, an operator is the coefficients in between.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_ONEDNN_RUNS_H
#define NORMA_ONEDNN_RUNS_H

#include "geometry.h"

/* Batch normalization of every run: the samples become channels where the layout lets them (plain
 * and blocked: one execution on (1, n c, 1, s)); in channels-last one execution a sample. */
struct norma_onednn_batch {
    struct norma_onednn_step step;
    int64_t executions;
    int64_t data_stride, run_stride; /* from one execution to the next */
};

/* y = (x - mean) / sqrt(variance + epsilon); then, if `scale` is there, y = y scale + shift. */
struct norma_onednn_standardize {
    bool by_rows; /* layer normalization of the matrix of runs, else batch */
    struct norma_onednn_step rows;
    struct norma_onednn_batch batch;
    float *mean, *variance; /* of the runs, from the last execution */
    float *scale, *shift;   /* of the runs, set by the caller; NULL without */
};

/* `affine` is free in other layouts than the plain one, where it is refused: as oneDNN's plain
 * batch normalization is several times slower than layer normalization and an affine pass. */
norma_status norma_onednn_standardize_create(struct norma_onednn_standardize *self,
                                             const struct norma_onednn_geometry *geometry,
                                             double epsilon, bool affine);
/* y may be x. */
norma_status norma_onednn_standardize(const struct norma_onednn_standardize *self, const float *x,
                                      float *y);
void norma_onednn_standardize_destroy(struct norma_onednn_standardize *self);

/* y = x scale + shift, in place. */
struct norma_onednn_affine {
    bool by_chain; /* binary multiply and add in one pass, else batch with mean 0, variance 1 */
    struct norma_onednn_step chain;
    struct norma_onednn_batch batch;
    float *zeros, *ones;
    float *scale, *shift; /* of the runs, set by the caller */
};

norma_status norma_onednn_affine_create(struct norma_onednn_affine *self,
                                        const struct norma_onednn_geometry *geometry);
norma_status norma_onednn_affine(const struct norma_onednn_affine *self, float *y);
void norma_onednn_affine_destroy(struct norma_onednn_affine *self);

#endif

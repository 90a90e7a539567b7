/* The composition that most operators share: standardize every run, work out a scale and a shift
 * for it, apply them in place. Where both are known beforehand and the layout has a primitive that
 * does the two at once, it is a single pass.
 *
 * Batch normalization writes past the caches, so what it wrote would come back from memory: after
 * it, scale and shift are applied to x, and what it wrote is for nobody.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_COMPOSITION_H
#define REFERENCE_ONEDNN_STEPS_COMPOSITION_H

#include "reference/onednn/steps/operation.h"
#include "reference/onednn/steps/planes.h"

struct onednn_composition {
    struct norma_problem problem;
    struct onednn_geometry geometry;
    struct onednn_standardize standardize;
    struct onednn_affine affine;
    float *discarded; /* what batch normalization wrote; NULL after rows, which write to y */
    struct onednn_epilogue epilogue; /* of a single pass; affine has its own */
    bool fused;
    float *scale, *shift; /* what an operator's coefficients fill: affine's, or standardize's */
};

/* rows: whose runs are standardized; usually the tensor's own geometry. `fused`: in a single pass;
 * the coefficients must not depend on the statistics, and the rows not be plain runs, which have no
 * coefficients of their own. */
norma_status onednn_composition_create(struct onednn_composition *self,
                                       const struct norma_problem *problem,
                                       const struct onednn_geometry *geometry,
                                       const struct onednn_geometry *rows, bool fused);

/* Fills scale and shift; self->standardize has the statistics unless self->fused. False: they are
 * all 1 and 0, and may be left out. */
typedef bool onednn_coefficients(void *operation, const struct norma_args *args);

/* `operation` is the operator's own, passed through to coefficients. */
norma_status onednn_compose(const struct onednn_composition *self, const struct norma_args *args,
                            onednn_coefficients *coefficients, void *operation);

/* Of the runs of the tensor, to mean and inverse_std, each [N][C], in the order of norma. */
void onednn_store_planes(const struct onednn_composition *self, float *mean, float *inverse_std);

/* For operations that begin with a composition. */
void onednn_composition_name(const void *operation, char *names, size_t size);
void onednn_composition_destroy(void *operation);

#endif

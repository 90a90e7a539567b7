/* The composition that most operators share: standardize every plane, compute a scale and a shift
 * for it, apply them in place. Where both are known beforehand and the layout has a primitive that
 * does the two at once, it is a single pass.
 *
 * Batch normalization writes past the caches, so that its output would come back from memory. After
 * it, scale and shift are therefore applied to x, and its output is discarded.
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
    float *discarded; /* output of batch normalization; NULL with rows, which write to y */
    struct onednn_epilogue epilogue; /* for a single pass; affine has its own */
    bool fused;
    float *scale, *shift; /* of affine or standardize, filled by onednn_coefficients */
};

/* Creates the composition. The planes of `rows` are standardized; it usually is the tensor's own
 * geometry. If `fused`, there is a single pass; then the coefficients must not depend on the
 * statistics, and the rows must not be planes in the plain layout, which have no coefficients of
 * their own. */
norma_status onednn_composition_create(struct onednn_composition *self,
                                       const struct norma_problem *problem,
                                       const struct onednn_geometry *geometry,
                                       const struct onednn_geometry *rows, bool fused);

/* Fills scale and shift; self->standardize has the statistics unless self->fused. Returns false if
 * they are all 1 and 0, and may be left out. */
typedef bool onednn_coefficients(void *operation, const struct norma_args *args);

/* Runs the composition. `operation` is the operator's own, and is passed to `coefficients`. */
norma_status onednn_compose(const struct onednn_composition *self, const struct norma_args *args,
                            onednn_coefficients *coefficients, void *operation);

/* Stores the statistics of the tensor's planes in mean and inverse_std, each [N][C]. */
void onednn_store_planes(const struct onednn_composition *self, float *mean, float *inverse_std);

/* Methods of operations whose first member is a struct onednn_composition. */
void onednn_composition_name(const void *operation, char *names, size_t size);
void onednn_composition_destroy(void *operation);

#endif

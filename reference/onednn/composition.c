/* Standardize, coefficients, affine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "composition.h"

#include "statistics.h"

norma_status norma_onednn_composition_create(struct norma_onednn_composition *self,
                                             const struct norma_problem *problem,
                                             const struct norma_onednn_geometry *geometry,
                                             const struct norma_onednn_geometry *rows, bool early) {
    self->problem = *problem;
    self->geometry = *geometry;
    self->fused = early && geometry->layout != NORMA_ONEDNN_PLAIN;
    norma_status status =
        norma_onednn_standardize_create(&self->standardize, rows, problem->epsilon, self->fused);
    if (status == NORMA_OK && !self->fused) {
        status = norma_onednn_affine_create(&self->affine, geometry);
    }
    self->scale = self->fused ? self->standardize.scale : self->affine.scale;
    self->shift = self->fused ? self->standardize.shift : self->affine.shift;
    return status;
}

norma_status norma_onednn_compose(const struct norma_onednn_composition *self,
                                  const struct norma_args *args,
                                  norma_onednn_coefficients *coefficients, void *operation) {
    if (self->fused) {
        coefficients(operation, args);
        return norma_onednn_standardize(&self->standardize, args->x, args->y);
    }
    const norma_status status = norma_onednn_standardize(&self->standardize, args->x, args->y);
    if (status != NORMA_OK || !coefficients(operation, args)) {
        return status;
    }
    return norma_onednn_affine(&self->affine, args->y);
}

void norma_onednn_store_runs(const struct norma_onednn_composition *self, float *mean,
                             float *inverse_std) {
    const struct norma_onednn_geometry *geometry = &self->geometry;
    const struct norma_onednn_standardize *of = &self->standardize;
#pragma omp parallel for
    for (int64_t i = 0; i < geometry->n * geometry->c; i++) {
        const int64_t run = i / geometry->c * geometry->channels + i % geometry->c;
        norma_onednn_store(mean, i, (double)of->mean[run]);
        norma_onednn_store(
            inverse_std, i,
            norma_onednn_inverse_std((double)of->variance[run], self->problem.epsilon));
    }
}

void norma_onednn_composition_name(const void *operation, char *names, size_t size) {
    const struct norma_onednn_composition *self = operation;
    norma_onednn_name(names, size, &self->standardize.rows);
    norma_onednn_name(names, size, &self->standardize.batch.step);
    norma_onednn_name(names, size, &self->affine.chain);
    norma_onednn_name(names, size, &self->affine.batch.step);
}

void norma_onednn_composition_destroy(void *operation) {
    struct norma_onednn_composition *self = operation;
    norma_onednn_standardize_destroy(&self->standardize);
    norma_onednn_affine_destroy(&self->affine);
}

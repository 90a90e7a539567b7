/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/composition.h"

#include <math.h>
#include <stdlib.h>

#include "reference/onednn/steps/onednn_statistics.h"

static norma_status create_fused(struct onednn_composition *self,
                                 const struct onednn_geometry *rows) {
    const norma_epilogue epilogue = self->problem.epilogue;
    const norma_status status = onednn_standardize_create(
        &self->standardize, rows, self->problem.epsilon, true, epilogue == NORMA_EPILOGUE_RELU);
    self->scale = self->standardize.scale;
    self->shift = self->standardize.shift;
    return status != NORMA_STATUS_OK
               ? status
               : onednn_epilogue_create(&self->epilogue, &self->geometry, epilogue);
}

static norma_status create_affine(struct onednn_composition *self) {
    const struct onednn_affine_options options = {.centred = !self->standardize.by_rows,
                                                  .epilogue = self->problem.epilogue};
    const norma_status status = onednn_affine_create(&self->affine, &self->geometry, &options);
    self->scale = self->affine.scale;
    self->shift = self->affine.shift;
    return status;
}

static norma_status create_two_passes(struct onednn_composition *self,
                                      const struct onednn_geometry *rows) {
    const norma_status status =
        onednn_standardize_create(&self->standardize, rows, self->problem.epsilon, false, false);
    if (status == NORMA_STATUS_OK && !self->standardize.by_rows) {
        self->discarded = onednn_allocate(onednn_elements(rows));
        if (self->discarded == NULL) {
            return NORMA_STATUS_NO_MEMORY;
        }
    }
    return status != NORMA_STATUS_OK ? status : create_affine(self);
}

norma_status onednn_composition_create(struct onednn_composition *self,
                                       const struct norma_problem *problem,
                                       const struct onednn_geometry *geometry,
                                       const struct onednn_geometry *rows, bool fused) {
    self->problem = *problem;
    self->geometry = *geometry;
    self->fused = fused;
    return fused ? create_fused(self, rows) : create_two_passes(self, rows);
}

static norma_status run_fused(const struct onednn_composition *self,
                              const struct norma_args *args) {
    const norma_status status = onednn_standardize_run(&self->standardize, args->x, args->y);
    return status != NORMA_STATUS_OK
               ? status
               : onednn_epilogue_run(&self->epilogue, args->y, args->residual);
}

/* Turns coefficients of the standardized planes into coefficients of x. */
static void refer_to_source(const struct onednn_composition *self) {
    const struct onednn_standardize *of = &self->standardize;
    const float epsilon = (float)self->problem.epsilon;
    for (int64_t plane = 0; plane < onednn_planes(&self->geometry); plane++) {
        self->affine.mean[plane] = of->mean[plane];
        self->affine.scale[plane] /= sqrtf(of->variance[plane] + epsilon);
    }
}

static norma_status run_two_passes(const struct onednn_composition *self,
                                   const struct norma_args *args, onednn_coefficients *coefficients,
                                   void *operation) {
    const bool rows = self->standardize.by_rows;
    const norma_status status =
        onednn_standardize_run(&self->standardize, args->x, rows ? args->y : self->discarded);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    const bool needed = coefficients(operation, args);
    if (!rows) {
        refer_to_source(self);
        return onednn_affine_run(&self->affine, args->x, args->y, args->residual);
    }
    return needed || self->problem.epilogue != NORMA_EPILOGUE_NONE
               ? onednn_affine_run(&self->affine, args->y, args->y, args->residual)
               : NORMA_STATUS_OK;
}

norma_status onednn_compose(const struct onednn_composition *self, const struct norma_args *args,
                            onednn_coefficients *coefficients, void *operation) {
    if (!self->fused) {
        return run_two_passes(self, args, coefficients, operation);
    }
    coefficients(operation, args);
    return run_fused(self, args);
}

void onednn_store_planes(const struct onednn_composition *self, float *mean, float *inverse_std) {
    const struct onednn_geometry *geometry = &self->geometry;
    const struct onednn_standardize *of = &self->standardize;
#pragma omp parallel for
    for (int64_t i = 0; i < geometry->n * geometry->c; i++) {
        const int64_t plane = i / geometry->c * geometry->channels + i % geometry->c;
        onednn_store(mean, i, (double)of->mean[plane]);
        onednn_store(inverse_std, i,
                     onednn_inverse_std((double)of->variance[plane], self->problem.epsilon));
    }
}

void onednn_composition_name(const void *operation, char *names, size_t size) {
    const struct onednn_composition *self = operation;
    onednn_name(names, size, &self->standardize.rows);
    onednn_name(names, size, &self->standardize.batch.step);
    onednn_affine_name(&self->affine, names, size);
    onednn_name(names, size, &self->epilogue.add);
}

void onednn_composition_destroy(void *operation) {
    struct onednn_composition *self = operation;
    onednn_standardize_destroy(&self->standardize);
    onednn_affine_destroy(&self->affine);
    onednn_step_destroy(&self->epilogue.add);
    free(self->discarded);
}

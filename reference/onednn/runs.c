/* Standardizing runs and giving them a scale and a shift.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "runs.h"

#include <stdlib.h>

/* Layer normalization is compiled for its row length, unrolled: about 60 ms and some megabytes of
 * code for each million elements. Longer rows than this go to batch normalization. */
enum { MAX_ROW = 1 << 20 };

/* ---- standardize -------------------------------------------------------------------------- */

norma_status norma_onednn_standardize_create(struct norma_onednn_standardize *self,
                                             const struct norma_onednn_geometry *geometry,
                                             double epsilon, bool affine, bool relu) {
    const bool plain = geometry->layout == NORMA_ONEDNN_PLAIN;
    const int64_t runs = norma_onednn_runs(geometry);
    const struct norma_onednn_batch_options options = {
        .epsilon = epsilon, .affine = affine, .relu = relu};
    if ((affine || relu) && plain) {
        return NORMA_UNSUPPORTED;
    }
    self->by_rows = plain && geometry->s <= MAX_ROW;
    self->mean = norma_onednn_allocate(runs);
    self->variance = norma_onednn_allocate(runs);
    if (affine) {
        self->scale = norma_onednn_allocate(runs);
        self->shift = norma_onednn_allocate(runs);
    }
    if (!self->mean || !self->variance || (affine && (!self->scale || !self->shift))) {
        return NORMA_NO_MEMORY;
    }
    return self->by_rows
               ? norma_onednn_create_layer_normalization(&self->rows, runs, geometry->s, epsilon)
               : norma_onednn_batch_create(&self->batch, geometry, &options);
}

norma_status norma_onednn_standardize(const struct norma_onednn_standardize *self, const float *x,
                                      float *y) {
    if (!self->by_rows) {
        return norma_onednn_batch_run(&self->batch, x, y,
                                      &(struct norma_onednn_run_arrays){self->mean, self->variance,
                                                                        self->scale, self->shift,
                                                                        NULL, NULL});
    }
    norma_onednn_bind(&self->rows, DNNL_ARG_SRC, x);
    norma_onednn_bind(&self->rows, DNNL_ARG_DST, y);
    norma_onednn_bind(&self->rows, DNNL_ARG_MEAN, self->mean);
    norma_onednn_bind(&self->rows, DNNL_ARG_VARIANCE, self->variance);
    return norma_onednn_run(&self->rows);
}

void norma_onednn_standardize_destroy(struct norma_onednn_standardize *self) {
    norma_onednn_step_destroy(&self->rows);
    norma_onednn_step_destroy(&self->batch.step);
    free(self->mean);
    free(self->variance);
    free(self->scale);
    free(self->shift);
}

/* ---- affine ------------------------------------------------------------------------------- */

static norma_status create_chain(struct norma_onednn_affine *self,
                                 const struct norma_onednn_geometry *geometry,
                                 norma_epilogue epilogue) {
    const struct norma_onednn_shape data = norma_onednn_tensor(geometry);
    const struct norma_onednn_shape per_run =
        norma_onednn_shape4(1, norma_onednn_runs(geometry), 1, 1, dnnl_nchw);
    const struct norma_onednn_link links[] = {
        {dnnl_binary_mul, per_run}, {dnnl_binary_add, per_run}, {dnnl_binary_add, data}};
    return norma_onednn_create_chain(&self->chain, &data,
                                     epilogue == NORMA_EPILOGUE_ADD_RELU ? 3 : 2, links,
                                     epilogue != NORMA_EPILOGUE_NONE);
}

static norma_status create_batch(struct norma_onednn_affine *self,
                                 const struct norma_onednn_geometry *geometry,
                                 norma_epilogue epilogue) {
    const struct norma_onednn_batch_options options = {
        .given = true, .affine = true, .relu = epilogue == NORMA_EPILOGUE_RELU};
    const norma_status status = norma_onednn_batch_create(&self->batch, geometry, &options);
    return status != NORMA_OK ? status
                              : norma_onednn_epilogue_create(&self->epilogue, geometry, epilogue);
}

norma_status norma_onednn_affine_create(struct norma_onednn_affine *self,
                                        const struct norma_onednn_geometry *geometry,
                                        norma_epilogue epilogue) {
    const int64_t runs = norma_onednn_runs(geometry);
    self->by_chain = geometry->layout == NORMA_ONEDNN_PLAIN;
    self->scale = norma_onednn_allocate(runs);
    self->shift = norma_onednn_allocate(runs);
    self->mean = norma_onednn_allocate(runs);
    self->ones = norma_onednn_allocate(runs);
    if (!self->scale || !self->shift || !self->mean || !self->ones) {
        return NORMA_NO_MEMORY;
    }
    for (int64_t i = 0; i < runs; i++) {
        self->ones[i] = 1.0F;
    }
    return self->by_chain ? create_chain(self, geometry, epilogue)
                          : create_batch(self, geometry, epilogue);
}

static norma_status run_batch(const struct norma_onednn_affine *self, const float *x, float *y,
                              const float *residual) {
    const norma_status status =
        norma_onednn_batch_run(&self->batch, x, y,
                               &(struct norma_onednn_run_arrays){
                                   self->mean, self->ones, self->scale, self->shift, NULL, NULL});
    return status != NORMA_OK ? status : norma_onednn_epilogue_run(&self->epilogue, y, residual);
}

norma_status norma_onednn_affine(const struct norma_onednn_affine *self, const float *x, float *y,
                                 const float *residual) {
    if (!self->by_chain) {
        return run_batch(self, x, y, residual);
    }
    norma_onednn_bind(&self->chain, DNNL_ARG_SRC_0, x);
    norma_onednn_bind(&self->chain, DNNL_ARG_DST, y);
    norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(0), self->scale);
    norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(1), self->shift);
    norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(2), residual);
    return norma_onednn_run(&self->chain);
}

void norma_onednn_affine_name(const struct norma_onednn_affine *self, char *names, size_t size) {
    norma_onednn_name(names, size, &self->chain);
    norma_onednn_name(names, size, &self->batch.step);
    norma_onednn_name(names, size, &self->epilogue.add);
}

void norma_onednn_affine_destroy(struct norma_onednn_affine *self) {
    norma_onednn_step_destroy(&self->chain);
    norma_onednn_step_destroy(&self->batch.step);
    norma_onednn_step_destroy(&self->epilogue.add);
    free(self->scale);
    free(self->shift);
    free(self->mean);
    free(self->ones);
}

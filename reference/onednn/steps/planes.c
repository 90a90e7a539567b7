/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/planes.h"

#include <stdlib.h>

/* Layer normalization is compiled for its row length, unrolled, which takes about 60 ms and some
 * megabytes of code for each million elements. Longer rows than this go to batch normalization. */
enum { MAX_ROW = 1 << 20 };

/* ---- standardize -------------------------------------------------------------------------- */

norma_status onednn_standardize_create(struct onednn_standardize *self,
                                       const struct onednn_geometry *geometry, double epsilon,
                                       bool affine, bool relu) {
    const int64_t planes = onednn_planes(geometry);
    const struct onednn_batch_options options = {
        .epsilon = epsilon, .affine = affine, .relu = relu};
    self->by_rows = geometry->layout == ONEDNN_PLAIN && geometry->s <= MAX_ROW;
    self->mean = onednn_allocate(planes);
    self->variance = onednn_allocate(planes);
    if (affine) {
        self->scale = onednn_allocate(self->by_rows ? geometry->s : planes);
        self->shift = onednn_allocate(self->by_rows ? geometry->s : planes);
    }
    if (!self->mean || !self->variance || (affine && (!self->scale || !self->shift))) {
        return NORMA_STATUS_NO_MEMORY;
    }
    return self->by_rows ? onednn_create_layer_normalization(&self->rows, planes, geometry->s,
                                                             epsilon, affine)
                         : onednn_batch_create(&self->batch, geometry, &options);
}

norma_status onednn_standardize_run(const struct onednn_standardize *self, const float *x,
                                    float *y) {
    if (!self->by_rows) {
        return onednn_batch_run(&self->batch, x, y,
                                &(struct onednn_plane_arrays){self->mean, self->variance,
                                                              self->scale, self->shift, NULL,
                                                              NULL});
    }
    onednn_bind(&self->rows, DNNL_ARG_SRC, x);
    onednn_bind(&self->rows, DNNL_ARG_DST, y);
    onednn_bind(&self->rows, DNNL_ARG_MEAN, self->mean);
    onednn_bind(&self->rows, DNNL_ARG_VARIANCE, self->variance);
    onednn_bind(&self->rows, DNNL_ARG_SCALE, self->scale);
    onednn_bind(&self->rows, DNNL_ARG_SHIFT, self->shift);
    return onednn_run(&self->rows);
}

void onednn_standardize_destroy(struct onednn_standardize *self) {
    onednn_step_destroy(&self->rows);
    onednn_step_destroy(&self->batch.step);
    free(self->mean);
    free(self->variance);
    free(self->scale);
    free(self->shift);
}

/* ---- affine ------------------------------------------------------------------------------- */

static bool adds(const struct onednn_affine_options *options) {
    return options->accumulate || options->epilogue == NORMA_EPILOGUE_ADD_RELU;
}

static norma_status create_chain(struct onednn_affine *self,
                                 const struct onednn_geometry *geometry) {
    const bool centred = self->options.centred;
    self->pieces = onednn_pieces_of(geometry);
    const struct onednn_shape *data = &self->pieces.shape;
    const struct onednn_shape per_plane = onednn_shape4(1, data->sizes[1], 1, 1, data->tag);
    const struct onednn_link links[] = {{dnnl_binary_sub, per_plane},
                                        {dnnl_binary_mul, per_plane},
                                        {dnnl_binary_add, per_plane},
                                        {dnnl_binary_add, *data}};
    const int count = 2 + centred + adds(&self->options);
    return onednn_create_chain(&self->chain, data, count, centred ? links : links + 1,
                               self->options.epilogue != NORMA_EPILOGUE_NONE);
}

static norma_status create_sum(struct onednn_affine *self, const struct onednn_geometry *geometry) {
    const struct onednn_shape data = onednn_tensor(geometry);
    const struct onednn_link add = {dnnl_binary_add, data};
    if (!self->options.accumulate) {
        return onednn_epilogue_create(&self->sum, geometry, self->options.epilogue);
    }
    self->added = onednn_allocate(onednn_elements(geometry));
    return self->added == NULL ? NORMA_STATUS_NO_MEMORY
                               : onednn_create_chain(&self->sum.add, &data, 1, &add, false);
}

static norma_status create_batch(struct onednn_affine *self,
                                 const struct onednn_geometry *geometry) {
    const int64_t planes = onednn_planes(geometry);
    const struct onednn_batch_options options = {
        .given = true, .affine = true, .relu = self->options.epilogue == NORMA_EPILOGUE_RELU};
    self->ones = onednn_allocate(planes);
    if (self->ones == NULL) {
        return NORMA_STATUS_NO_MEMORY;
    }
    for (int64_t i = 0; i < planes; i++) {
        self->ones[i] = 1.0F;
    }
    const norma_status status = onednn_batch_create(&self->batch, geometry, &options);
    return status != NORMA_STATUS_OK ? status : create_sum(self, geometry);
}

norma_status onednn_affine_create(struct onednn_affine *self,
                                  const struct onednn_geometry *geometry,
                                  const struct onednn_affine_options *options) {
    const int64_t planes = onednn_planes(geometry);
    self->options = *options;
    self->by_chain = geometry->layout != ONEDNN_BLOCKED;
    self->scale = onednn_allocate(planes);
    self->shift = onednn_allocate(planes);
    self->mean = onednn_allocate(planes);
    if (!self->scale || !self->shift || !self->mean) {
        return NORMA_STATUS_NO_MEMORY;
    }
    return self->by_chain ? create_chain(self, geometry) : create_batch(self, geometry);
}

static norma_status run_batch(const struct onednn_affine *self, const float *x, float *y,
                              const float *residual) {
    const bool accumulate = self->options.accumulate;
    const norma_status status =
        onednn_batch_run(&self->batch, x, accumulate ? self->added : y,
                         &(struct onednn_plane_arrays){self->mean, self->ones, self->scale,
                                                       self->shift, NULL, NULL});
    return status != NORMA_STATUS_OK
               ? status
               : onednn_epilogue_run(&self->sum, y, accumulate ? self->added : residual);
}

static norma_status run_piece(const struct onednn_affine *self, const float *x, float *y,
                              const float *addend, int64_t plane) {
    const int centred = self->options.centred;
    onednn_bind(&self->chain, DNNL_ARG_SRC_0, x);
    onednn_bind(&self->chain, DNNL_ARG_DST, y);
    if (centred) {
        onednn_bind(&self->chain, ONEDNN_OPERAND(0), self->mean + plane);
    }
    onednn_bind(&self->chain, ONEDNN_OPERAND(centred), self->scale + plane);
    onednn_bind(&self->chain, ONEDNN_OPERAND(centred + 1), self->shift + plane);
    onednn_bind(&self->chain, ONEDNN_OPERAND(centred + 2), addend);
    return onednn_run(&self->chain);
}

norma_status onednn_affine_run(const struct onednn_affine *self, const float *x, float *y,
                               const float *residual) {
    const float *const addend = self->options.accumulate ? y : residual;
    norma_status status = NORMA_STATUS_OK;
    if (!self->by_chain) {
        return run_batch(self, x, y, residual);
    }
    for (int64_t i = 0; status == NORMA_STATUS_OK && i < self->pieces.count; i++) {
        const int64_t first = i * self->pieces.elements;
        status = run_piece(self, x + first, y + first, adds(&self->options) ? addend + first : NULL,
                           i * self->pieces.planes);
    }
    return status;
}

void onednn_affine_name(const struct onednn_affine *self, char *names, size_t size) {
    onednn_name(names, size, &self->chain);
    onednn_name(names, size, &self->batch.step);
    onednn_name(names, size, &self->sum.add);
}

void onednn_affine_destroy(struct onednn_affine *self) {
    onednn_step_destroy(&self->chain);
    onednn_step_destroy(&self->batch.step);
    onednn_step_destroy(&self->sum.add);
    free(self->scale);
    free(self->shift);
    free(self->mean);
    free(self->ones);
    free(self->added);
}

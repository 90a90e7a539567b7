/* Standardizing runs and giving them a scale and a shift.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "runs.h"

#include <stdlib.h>

/* Layer normalization is compiled for its row length, unrolled: about 60 ms and some megabytes of
 * code for each million elements. Longer rows than this go to batch normalization. */
enum { MAX_ROW = 1 << 20 };

/* ---- batch normalization of every run ----------------------------------------------------- */

struct run_arrays {
    float *mean, *variance, *scale, *shift;
};

static norma_status create_batch(struct norma_onednn_batch *batch,
                                 const struct norma_onednn_geometry *geometry, double epsilon,
                                 bool given, bool affine) {
    const bool by_sample = geometry->layout == NORMA_ONEDNN_CHANNELS_LAST;
    const int64_t channels = by_sample ? geometry->c : norma_onednn_runs(geometry);
    const struct norma_onednn_shape shape =
        norma_onednn_shape4(1, channels, 1, geometry->s, geometry->tag);
    batch->executions = by_sample ? geometry->n : 1;
    batch->data_stride = norma_onednn_sample_elements(geometry);
    batch->run_stride = geometry->channels;
    return norma_onednn_create_batch_normalization(&batch->step, &shape, epsilon, given, affine);
}

static norma_status run_batch(const struct norma_onednn_batch *batch, const float *x, float *y,
                              const struct run_arrays *arrays) {
    norma_status status = NORMA_OK;
    for (int64_t i = 0; status == NORMA_OK && i < batch->executions; i++) {
        const int64_t run = i * batch->run_stride;
        norma_onednn_bind(&batch->step, DNNL_ARG_SRC, x + i * batch->data_stride);
        norma_onednn_bind(&batch->step, DNNL_ARG_DST, y + i * batch->data_stride);
        norma_onednn_bind(&batch->step, DNNL_ARG_MEAN, arrays->mean + run);
        norma_onednn_bind(&batch->step, DNNL_ARG_VARIANCE, arrays->variance + run);
        if (arrays->scale != NULL) {
            norma_onednn_bind(&batch->step, DNNL_ARG_SCALE, arrays->scale + run);
            norma_onednn_bind(&batch->step, DNNL_ARG_SHIFT, arrays->shift + run);
        }
        status = norma_onednn_run(&batch->step);
    }
    return status;
}

/* ---- standardize -------------------------------------------------------------------------- */

norma_status norma_onednn_standardize_create(struct norma_onednn_standardize *self,
                                             const struct norma_onednn_geometry *geometry,
                                             double epsilon, bool affine) {
    const bool plain = geometry->layout == NORMA_ONEDNN_PLAIN;
    const int64_t runs = norma_onednn_runs(geometry);
    if (affine && plain) {
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
               : create_batch(&self->batch, geometry, epsilon, false, affine);
}

norma_status norma_onednn_standardize(const struct norma_onednn_standardize *self, const float *x,
                                      float *y) {
    if (!self->by_rows) {
        return run_batch(
            &self->batch, x, y,
            &(struct run_arrays){self->mean, self->variance, self->scale, self->shift});
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
                                 const struct norma_onednn_geometry *geometry) {
    const int64_t runs = norma_onednn_runs(geometry);
    const struct norma_onednn_shape data = norma_onednn_shape4(1, runs, 1, geometry->s, dnnl_nchw);
    const struct norma_onednn_shape per_run = norma_onednn_shape4(1, runs, 1, 1, dnnl_nchw);
    const struct norma_onednn_link links[] = {{dnnl_binary_mul, per_run},
                                              {dnnl_binary_add, per_run}};
    return norma_onednn_create_chain(&self->chain, &data, 2, links);
}

norma_status norma_onednn_affine_create(struct norma_onednn_affine *self,
                                        const struct norma_onednn_geometry *geometry) {
    const int64_t runs = norma_onednn_runs(geometry);
    self->by_chain = geometry->layout == NORMA_ONEDNN_PLAIN;
    self->scale = norma_onednn_allocate(runs);
    self->shift = norma_onednn_allocate(runs);
    self->zeros = norma_onednn_allocate(runs);
    self->ones = norma_onednn_allocate(runs);
    if (!self->scale || !self->shift || !self->zeros || !self->ones) {
        return NORMA_NO_MEMORY;
    }
    for (int64_t i = 0; i < runs; i++) {
        self->ones[i] = 1.0F;
    }
    return self->by_chain ? create_chain(self, geometry)
                          : create_batch(&self->batch, geometry, 0.0, true, true);
}

norma_status norma_onednn_affine(const struct norma_onednn_affine *self, float *y) {
    if (!self->by_chain) {
        return run_batch(&self->batch, y, y,
                         &(struct run_arrays){self->zeros, self->ones, self->scale, self->shift});
    }
    norma_onednn_bind(&self->chain, DNNL_ARG_SRC_0, y);
    norma_onednn_bind(&self->chain, DNNL_ARG_DST, y);
    norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(0), self->scale);
    norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(1), self->shift);
    return norma_onednn_run(&self->chain);
}

void norma_onednn_affine_destroy(struct norma_onednn_affine *self) {
    norma_onednn_step_destroy(&self->chain);
    norma_onednn_step_destroy(&self->batch.step);
    free(self->scale);
    free(self->shift);
    free(self->zeros);
    free(self->ones);
}

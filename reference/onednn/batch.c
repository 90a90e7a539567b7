/* Batch normalization of every run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "batch.h"

norma_status norma_onednn_batch_create(struct norma_onednn_batch *self,
                                       const struct norma_onednn_geometry *geometry,
                                       const struct norma_onednn_batch_options *options) {
    self->pieces = norma_onednn_pieces(geometry);
    return norma_onednn_create_batch_normalization(&self->step, &self->pieces.shape, options);
}

norma_status norma_onednn_batch_create_backward(struct norma_onednn_batch *self,
                                                const struct norma_onednn_geometry *geometry,
                                                bool given) {
    self->pieces = norma_onednn_pieces(geometry);
    return norma_onednn_create_batch_normalization_backward(&self->step, &self->pieces.shape, 0.0,
                                                            given);
}

static void bind(const struct norma_onednn_batch *self, int argument, const float *array,
                 int64_t offset) {
    if (array != NULL) {
        norma_onednn_bind(&self->step, argument, array + offset);
    }
}

static void bind_parameters(const struct norma_onednn_batch *self,
                            const struct norma_onednn_run_arrays *arrays, int64_t run) {
    bind(self, DNNL_ARG_MEAN, arrays->mean, run);
    bind(self, DNNL_ARG_VARIANCE, arrays->variance, run);
    bind(self, DNNL_ARG_SCALE, arrays->scale, run);
    bind(self, DNNL_ARG_SHIFT, arrays->shift, run);
}

norma_status norma_onednn_batch_run(const struct norma_onednn_batch *self, const float *x, float *y,
                                    const struct norma_onednn_run_arrays *arrays) {
    norma_status status = NORMA_OK;
    for (int64_t i = 0; status == NORMA_OK && i < self->pieces.count; i++) {
        bind(self, DNNL_ARG_SRC, x, i * self->pieces.elements);
        bind(self, DNNL_ARG_DST, y, i * self->pieces.elements);
        bind_parameters(self, arrays, i * self->pieces.runs);
        status = norma_onednn_run(&self->step);
    }
    return status;
}

norma_status norma_onednn_batch_run_backward(const struct norma_onednn_batch *self, const float *x,
                                             const float *dy, float *dx,
                                             const struct norma_onednn_run_arrays *arrays) {
    norma_status status = NORMA_OK;
    for (int64_t i = 0; status == NORMA_OK && i < self->pieces.count; i++) {
        const int64_t run = i * self->pieces.runs;
        bind(self, DNNL_ARG_SRC, x, i * self->pieces.elements);
        bind(self, DNNL_ARG_DIFF_DST, dy, i * self->pieces.elements);
        bind(self, DNNL_ARG_DIFF_SRC, dx, i * self->pieces.elements);
        bind_parameters(self, arrays, run);
        bind(self, DNNL_ARG_SHIFT, arrays->scale, run);
        bind(self, DNNL_ARG_DIFF_SCALE, arrays->scale_gradient, run);
        bind(self, DNNL_ARG_DIFF_SHIFT, arrays->shift_gradient, run);
        status = norma_onednn_run(&self->step);
    }
    return status;
}

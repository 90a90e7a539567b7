/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/batch.h"

norma_status onednn_batch_create(struct onednn_batch *self, const struct onednn_geometry *geometry,
                                 const struct onednn_batch_options *options) {
    self->pieces = onednn_pieces_of(geometry);
    return onednn_create_batch_normalization(&self->step, &self->pieces.shape, options);
}

norma_status onednn_batch_create_backward(struct onednn_batch *self,
                                          const struct onednn_geometry *geometry, bool given) {
    self->pieces = onednn_pieces_of(geometry);
    return onednn_create_batch_normalization_backward(&self->step, &self->pieces.shape, 0.0, given);
}

static void bind(const struct onednn_batch *self, int argument, const float *array,
                 int64_t offset) {
    if (array != NULL) {
        onednn_bind(&self->step, argument, array + offset);
    }
}

static void bind_parameters(const struct onednn_batch *self,
                            const struct onednn_plane_arrays *arrays, int64_t plane) {
    bind(self, DNNL_ARG_MEAN, arrays->mean, plane);
    bind(self, DNNL_ARG_VARIANCE, arrays->variance, plane);
    bind(self, DNNL_ARG_SCALE, arrays->scale, plane);
    bind(self, DNNL_ARG_SHIFT, arrays->shift, plane);
}

norma_status onednn_batch_run(const struct onednn_batch *self, const float *x, float *y,
                              const struct onednn_plane_arrays *arrays) {
    norma_status status = NORMA_STATUS_OK;
    for (int64_t i = 0; status == NORMA_STATUS_OK && i < self->pieces.count; i++) {
        bind(self, DNNL_ARG_SRC, x, i * self->pieces.elements);
        bind(self, DNNL_ARG_DST, y, i * self->pieces.elements);
        bind_parameters(self, arrays, i * self->pieces.planes);
        status = onednn_run(&self->step);
    }
    return status;
}

norma_status onednn_batch_run_backward(const struct onednn_batch *self, const float *x,
                                       const float *dy, float *dx,
                                       const struct onednn_plane_arrays *arrays) {
    norma_status status = NORMA_STATUS_OK;
    for (int64_t i = 0; status == NORMA_STATUS_OK && i < self->pieces.count; i++) {
        const int64_t plane = i * self->pieces.planes;
        bind(self, DNNL_ARG_SRC, x, i * self->pieces.elements);
        bind(self, DNNL_ARG_DIFF_DST, dy, i * self->pieces.elements);
        bind(self, DNNL_ARG_DIFF_SRC, dx, i * self->pieces.elements);
        bind_parameters(self, arrays, plane);
        bind(self, DNNL_ARG_SHIFT, arrays->scale, plane);
        bind(self, DNNL_ARG_DIFF_SCALE, arrays->scale_gradient, plane);
        bind(self, DNNL_ARG_DIFF_SHIFT, arrays->shift_gradient, plane);
        status = onednn_run(&self->step);
    }
    return status;
}

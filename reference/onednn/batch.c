/* Batch normalization of every run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "batch.h"

static struct norma_onednn_shape place(struct norma_onednn_batch *self,
                                       const struct norma_onednn_geometry *geometry) {
    const bool by_sample = geometry->layout == NORMA_ONEDNN_CHANNELS_LAST;
    const int64_t channels = by_sample ? geometry->c : norma_onednn_runs(geometry);
    self->executions = by_sample ? geometry->n : 1;
    self->data_stride = norma_onednn_sample_elements(geometry);
    self->run_stride = geometry->channels;
    return norma_onednn_shape4(1, channels, 1, geometry->s, geometry->tag);
}

norma_status norma_onednn_batch_create(struct norma_onednn_batch *self,
                                       const struct norma_onednn_geometry *geometry,
                                       const struct norma_onednn_batch_options *options) {
    const struct norma_onednn_shape shape = place(self, geometry);
    return norma_onednn_create_batch_normalization(&self->step, &shape, options);
}

norma_status norma_onednn_batch_create_backward(struct norma_onednn_batch *self,
                                                const struct norma_onednn_geometry *geometry,
                                                bool given) {
    const struct norma_onednn_shape shape = place(self, geometry);
    return norma_onednn_create_batch_normalization_backward(&self->step, &shape, 0.0, given);
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
    for (int64_t i = 0; status == NORMA_OK && i < self->executions; i++) {
        bind(self, DNNL_ARG_SRC, x, i * self->data_stride);
        bind(self, DNNL_ARG_DST, y, i * self->data_stride);
        bind_parameters(self, arrays, i * self->run_stride);
        status = norma_onednn_run(&self->step);
    }
    return status;
}

norma_status norma_onednn_batch_run_backward(const struct norma_onednn_batch *self, const float *x,
                                             const float *dy, float *dx,
                                             const struct norma_onednn_run_arrays *arrays) {
    norma_status status = NORMA_OK;
    for (int64_t i = 0; status == NORMA_OK && i < self->executions; i++) {
        const int64_t run = i * self->run_stride;
        bind(self, DNNL_ARG_SRC, x, i * self->data_stride);
        bind(self, DNNL_ARG_DIFF_DST, dy, i * self->data_stride);
        bind(self, DNNL_ARG_DIFF_SRC, dx, i * self->data_stride);
        bind_parameters(self, arrays, run);
        bind(self, DNNL_ARG_SHIFT, arrays->scale, run);
        bind(self, DNNL_ARG_DIFF_SCALE, arrays->scale_gradient, run);
        bind(self, DNNL_ARG_DIFF_SHIFT, arrays->shift_gradient, run);
        status = norma_onednn_run(&self->step);
    }
    return status;
}

/* Backward: one pass or two.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "backward.h"

#include <stdlib.h>

/* ---- create ------------------------------------------------------------------------------- */

static norma_status create_gradient(struct norma_onednn_backward *self) {
    const int64_t runs = norma_onednn_runs(&self->geometry);
    float **const arrays[] = {&self->mean, &self->scale, &self->variance, &self->sum_x, &self->sum};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = norma_onednn_allocate(runs);
        if (*arrays[i] == NULL) {
            return NORMA_NO_MEMORY;
        }
    }
    for (int64_t i = 0; i < runs; i++) {
        self->variance[i] = 1.0F;
    }
    return norma_onednn_batch_create_backward(&self->gradient, &self->geometry, !self->one_pass);
}

/* One chain for each sample, as a chain with an operand per sample and channel is not compiled. */
static norma_status create_chain(struct norma_onednn_backward *self) {
    const struct norma_onednn_geometry *geometry = &self->geometry;
    const int64_t runs = norma_onednn_runs(geometry);
    const struct norma_onednn_shape data =
        norma_onednn_shape4(1, geometry->c, 1, geometry->s, geometry->tag);
    const struct norma_onednn_shape per_channel =
        norma_onednn_shape4(1, geometry->c, 1, 1, geometry->tag);
    const struct norma_onednn_link links[] = {{dnnl_binary_sub, per_channel},
                                              {dnnl_binary_mul, per_channel},
                                              {dnnl_binary_add, per_channel},
                                              {dnnl_binary_add, data}};
    self->slope = norma_onednn_allocate(runs);
    self->constant = norma_onednn_allocate(runs);
    return !self->slope || !self->constant
               ? NORMA_NO_MEMORY
               : norma_onednn_create_chain(&self->chain, &data, 4, links, false);
}

static norma_status create_affine(struct norma_onednn_backward *self) {
    const struct norma_onednn_shape data = norma_onednn_tensor(&self->geometry);
    const struct norma_onednn_link add = {dnnl_binary_add, data};
    self->linear = norma_onednn_allocate(norma_onednn_elements(&self->geometry));
    if (self->linear == NULL) {
        return NORMA_NO_MEMORY;
    }
    const norma_status status =
        norma_onednn_affine_create(&self->affine, &self->geometry, NORMA_EPILOGUE_NONE);
    self->slope = self->affine.scale;
    self->constant = self->affine.shift;
    return status != NORMA_OK ? status
                              : norma_onednn_create_chain(&self->add, &data, 1, &add, false);
}

norma_status norma_onednn_backward_create(struct norma_onednn_backward *self,
                                          const struct norma_problem *problem,
                                          const struct norma_onednn_geometry *geometry,
                                          bool one_pass) {
    self->problem = *problem;
    self->geometry = *geometry;
    self->one_pass = one_pass;
    self->by_chain = geometry->layout == NORMA_ONEDNN_CHANNELS_LAST;
    const norma_status status = create_gradient(self);
    if (status != NORMA_OK || one_pass) {
        return status;
    }
    return self->by_chain ? create_chain(self) : create_affine(self);
}

/* ---- execute ------------------------------------------------------------------------------ */

static norma_status run_chain(const struct norma_onednn_backward *self, const float *x, float *dx) {
    const int64_t sample = norma_onednn_sample_elements(&self->geometry);
    norma_status status = NORMA_OK;
    for (int64_t n = 0; status == NORMA_OK && n < self->geometry.n; n++) {
        const int64_t run = norma_onednn_run_of(self, n, 0);
        norma_onednn_bind(&self->chain, DNNL_ARG_SRC_0, x + n * sample);
        norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(0), self->mean + run);
        norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(1), self->slope + run);
        norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(2), self->constant + run);
        norma_onednn_bind(&self->chain, NORMA_ONEDNN_OPERAND(3), dx + n * sample);
        norma_onednn_bind(&self->chain, DNNL_ARG_DST, dx + n * sample);
        status = norma_onednn_run(&self->chain);
    }
    return status;
}

static norma_status run_affine(const struct norma_onednn_backward *self, const float *x,
                               float *dx) {
    for (int64_t i = 0; i < norma_onednn_runs(&self->geometry); i++) {
        self->affine.mean[i] = self->mean[i];
    }
    const norma_status status = norma_onednn_affine(&self->affine, x, self->linear, NULL);
    if (status != NORMA_OK) {
        return status;
    }
    norma_onednn_bind(&self->add, DNNL_ARG_SRC_0, self->linear);
    norma_onednn_bind(&self->add, NORMA_ONEDNN_OPERAND(0), dx);
    norma_onednn_bind(&self->add, DNNL_ARG_DST, dx);
    return norma_onednn_run(&self->add);
}

norma_status norma_onednn_backward(const struct norma_onednn_backward *self,
                                   const struct norma_args *args, norma_onednn_work *before,
                                   norma_onednn_work *after, void *operation) {
    before(operation, args);
    const norma_status status = norma_onednn_batch_run_backward(
        &self->gradient, args->x, args->dy, args->dx,
        &(struct norma_onednn_run_arrays){self->mean, self->variance, self->scale, NULL,
                                          self->sum_x, self->sum});
    if (status != NORMA_OK) {
        return status;
    }
    after(operation, args);
    if (self->one_pass) {
        return NORMA_OK;
    }
    return self->by_chain ? run_chain(self, args->x, args->dx)
                          : run_affine(self, args->x, args->dx);
}

/* ---- operation ---------------------------------------------------------------------------- */

void norma_onednn_backward_name(const void *operation, char *names, size_t size) {
    const struct norma_onednn_backward *self = operation;
    norma_onednn_name(names, size, &self->gradient.step);
    norma_onednn_name(names, size, &self->chain);
    norma_onednn_affine_name(&self->affine, names, size);
    norma_onednn_name(names, size, &self->add);
}

void norma_onednn_backward_destroy(void *operation) {
    struct norma_onednn_backward *self = operation;
    norma_onednn_step_destroy(&self->gradient.step);
    norma_onednn_step_destroy(&self->chain);
    norma_onednn_step_destroy(&self->add);
    if (self->by_chain) {
        free(self->slope);
        free(self->constant);
    }
    norma_onednn_affine_destroy(&self->affine);
    free(self->mean);
    free(self->scale);
    free(self->variance);
    free(self->sum_x);
    free(self->sum);
    free(self->linear);
}

/* Backward: one pass or two.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "backward.h"

#include <stdlib.h>
#include <string.h>

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

static norma_status create_correction(struct norma_onednn_backward *self) {
    const norma_status status = norma_onednn_affine_create(
        &self->correction, &self->geometry,
        &(struct norma_onednn_affine_options){.centred = true, .accumulate = true});
    self->slope = self->correction.scale;
    self->constant = self->correction.shift;
    return status;
}

norma_status norma_onednn_backward_create(struct norma_onednn_backward *self,
                                          const struct norma_problem *problem,
                                          const struct norma_onednn_geometry *geometry,
                                          bool one_pass) {
    self->problem = *problem;
    self->geometry = *geometry;
    self->one_pass = one_pass;
    const norma_status status = create_gradient(self);
    return status != NORMA_OK || one_pass ? status : create_correction(self);
}

/* ---- execute ------------------------------------------------------------------------------ */

static norma_status correct(const struct norma_onednn_backward *self, const float *x, float *dx) {
    const size_t bytes = (size_t)norma_onednn_runs(&self->geometry) * sizeof *self->mean;
    memcpy(self->correction.mean, self->mean, bytes);
    return norma_onednn_affine(&self->correction, x, dx, NULL);
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
    return self->one_pass ? NORMA_OK : correct(self, args->x, args->dx);
}

/* ---- operation ---------------------------------------------------------------------------- */

void norma_onednn_backward_name(const void *operation, char *names, size_t size) {
    const struct norma_onednn_backward *self = operation;
    norma_onednn_name(names, size, &self->gradient.step);
    norma_onednn_affine_name(&self->correction, names, size);
}

void norma_onednn_backward_destroy(void *operation) {
    struct norma_onednn_backward *self = operation;
    norma_onednn_step_destroy(&self->gradient.step);
    norma_onednn_affine_destroy(&self->correction);
    free(self->mean);
    free(self->scale);
    free(self->variance);
    free(self->sum_x);
    free(self->sum);
}

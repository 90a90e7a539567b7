/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/backward.h"

#include <stdlib.h>
#include <string.h>

/* ---- create ------------------------------------------------------------------------------- */

static norma_status create_gradient(struct onednn_backward *self) {
    const int64_t planes = onednn_planes(&self->geometry);
    float **const arrays[] = {&self->mean, &self->scale, &self->variance, &self->sum_x, &self->sum};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = onednn_allocate(planes);
        if (*arrays[i] == NULL) {
            return NORMA_STATUS_NO_MEMORY;
        }
    }
    for (int64_t i = 0; i < planes; i++) {
        self->variance[i] = 1.0F;
    }
    return onednn_batch_create_backward(&self->gradient, &self->geometry, !self->one_pass);
}

static norma_status create_correction(struct onednn_backward *self) {
    const norma_status status =
        onednn_affine_create(&self->correction, &self->geometry,
                             &(struct onednn_affine_options){.centred = true, .accumulate = true});
    self->slope = self->correction.scale;
    self->constant = self->correction.shift;
    return status;
}

norma_status onednn_backward_create(struct onednn_backward *self,
                                    const struct norma_problem *problem,
                                    const struct onednn_geometry *geometry, bool one_pass) {
    self->problem = *problem;
    self->geometry = *geometry;
    self->one_pass = one_pass;
    const norma_status status = create_gradient(self);
    return status != NORMA_STATUS_OK || one_pass ? status : create_correction(self);
}

/* ---- execute ------------------------------------------------------------------------------ */

static norma_status correct(const struct onednn_backward *self, const float *x, float *dx) {
    const size_t bytes = (size_t)onednn_planes(&self->geometry) * sizeof *self->mean;
    memcpy(self->correction.mean, self->mean, bytes);
    return onednn_affine_run(&self->correction, x, dx, NULL);
}

norma_status onednn_backward_run(const struct onednn_backward *self, const struct norma_args *args,
                                 onednn_work *before, onednn_work *after, void *operation) {
    before(operation, args);
    const norma_status status = onednn_batch_run_backward(
        &self->gradient, args->x, args->dy, args->dx,
        &(struct onednn_plane_arrays){self->mean, self->variance, self->scale, NULL, self->sum_x,
                                      self->sum});
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    after(operation, args);
    return self->one_pass ? NORMA_STATUS_OK : correct(self, args->x, args->dx);
}

/* ---- operation ---------------------------------------------------------------------------- */

void onednn_backward_name(const void *operation, char *names, size_t size) {
    const struct onednn_backward *self = operation;
    onednn_name(names, size, &self->gradient.step);
    onednn_affine_name(&self->correction, names, size);
}

void onednn_backward_destroy(void *operation) {
    struct onednn_backward *self = operation;
    onednn_step_destroy(&self->gradient.step);
    onednn_affine_destroy(&self->correction);
    free(self->mean);
    free(self->scale);
    free(self->variance);
    free(self->sum_x);
    free(self->sum);
}

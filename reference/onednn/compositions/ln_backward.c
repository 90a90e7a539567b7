/* Layer normalization backward by oneDNN's own primitive, for samples of one position, where its
 * gamma for each element of a row is the gamma of a channel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "reference/onednn/compositions/compositions.h"
#include "reference/onednn/steps/steps.h"

struct ln_backward {
    struct onednn_geometry geometry;
    struct onednn_step step;
    float *variance;               /* one for each sample */
    float *scale, *dgamma, *dbeta; /* one for each channel; the gradients are for callers without */
};

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct ln_backward *self = operation;
    (void)problem;
    (void)threads;
    self->geometry = *geometry;
    self->variance = onednn_allocate(geometry->n);
    self->scale = onednn_allocate(geometry->c);
    self->dgamma = onednn_allocate(geometry->c);
    self->dbeta = onednn_allocate(geometry->c);
    return !self->variance || !self->scale || !self->dgamma || !self->dbeta
               ? NORMA_STATUS_NO_MEMORY
               : onednn_create_layer_normalization_backward(&self->step, geometry->n, geometry->c);
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct ln_backward *self = operation;
    for (int64_t n = 0; n < self->geometry.n; n++) {
        self->variance[n] = onednn_variance_of(args->inverse_std[n]);
    }
    for (int64_t c = 0; c < self->geometry.c; c++) {
        self->scale[c] = (float)onednn_parameter(args->gamma, c, 1.0);
    }
    onednn_bind(&self->step, DNNL_ARG_SRC, args->x);
    onednn_bind(&self->step, DNNL_ARG_DIFF_DST, args->dy);
    onednn_bind(&self->step, DNNL_ARG_DIFF_SRC, args->dx);
    onednn_bind(&self->step, DNNL_ARG_MEAN, args->mean);
    onednn_bind(&self->step, DNNL_ARG_VARIANCE, self->variance);
    onednn_bind(&self->step, DNNL_ARG_SCALE, self->scale);
    onednn_bind(&self->step, DNNL_ARG_SHIFT, self->scale);
    onednn_bind(&self->step, DNNL_ARG_DIFF_SCALE, args->dgamma ? args->dgamma : self->dgamma);
    onednn_bind(&self->step, DNNL_ARG_DIFF_SHIFT, args->dbeta ? args->dbeta : self->dbeta);
    return onednn_run(&self->step);
}

static void name(const void *operation, char *names, size_t size) {
    const struct ln_backward *self = operation;
    onednn_name(names, size, &self->step);
}

static void destroy(void *operation) {
    struct ln_backward *self = operation;
    onednn_step_destroy(&self->step);
    free(self->variance);
    free(self->scale);
    free(self->dgamma);
    free(self->dbeta);
}

const struct onednn_operator onednn_ln_backward = {
    .size = sizeof(struct ln_backward),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};

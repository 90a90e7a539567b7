/* Batch normalization backward by oneDNN's own primitive, in every layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "reference/onednn/compositions/compositions.h"
#include "reference/onednn/steps/steps.h"

/* Arrays have geometry.channels elements, because the padding is channels to the primitive. */
struct bn_backward {
    struct norma_problem problem;
    struct onednn_geometry geometry;
    struct onednn_step step;
    float *mean, *variance, *scale, *dgamma, *dbeta;
};

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct bn_backward *self = operation;
    const struct onednn_shape shape = onednn_batch_shape(geometry);
    const bool running = problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
    float **const arrays[] = {&self->mean, &self->variance, &self->scale, &self->dgamma,
                              &self->dbeta};
    (void)threads;
    self->problem = *problem;
    self->geometry = *geometry;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = onednn_allocate(geometry->channels);
        if (*arrays[i] == NULL) {
            return NORMA_STATUS_NO_MEMORY;
        }
    }
    for (int64_t c = geometry->c; c < geometry->channels; c++) {
        self->variance[c] = 1.0F;
    }
    return onednn_create_batch_normalization_backward(&self->step, &shape,
                                                      running ? problem->epsilon : 0.0, running);
}

static void fill(const struct bn_backward *self, const struct norma_args *args) {
    const bool running = self->problem.pass == NORMA_PASS_INFERENCE_BACKWARD;
    for (int64_t c = 0; c < self->geometry.c; c++) {
        self->mean[c] = running ? args->running_mean[c] : args->mean[c];
        self->variance[c] =
            running ? args->running_variance[c] : onednn_variance_of(args->inverse_std[c]);
        self->scale[c] = (float)onednn_parameter(args->gamma, c, 1.0);
    }
}

static void store(const struct bn_backward *self, const struct norma_args *args) {
    const size_t bytes = (size_t)self->geometry.c * sizeof(float);
    if (args->dgamma != NULL) {
        memcpy(args->dgamma, self->dgamma, bytes);
    }
    if (args->dbeta != NULL) {
        memcpy(args->dbeta, self->dbeta, bytes);
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct bn_backward *self = operation;
    fill(self, args);
    onednn_bind(&self->step, DNNL_ARG_SRC, args->x);
    onednn_bind(&self->step, DNNL_ARG_DIFF_DST, args->dy);
    onednn_bind(&self->step, DNNL_ARG_DIFF_SRC, args->dx);
    onednn_bind(&self->step, DNNL_ARG_MEAN, self->mean);
    onednn_bind(&self->step, DNNL_ARG_VARIANCE, self->variance);
    onednn_bind(&self->step, DNNL_ARG_SCALE, self->scale);
    onednn_bind(&self->step, DNNL_ARG_SHIFT, self->scale);
    onednn_bind(&self->step, DNNL_ARG_DIFF_SCALE, self->dgamma);
    onednn_bind(&self->step, DNNL_ARG_DIFF_SHIFT, self->dbeta);
    const norma_status status = onednn_run(&self->step);
    if (status == NORMA_STATUS_OK) {
        store(self, args);
    }
    return status;
}

static void name(const void *operation, char *names, size_t size) {
    const struct bn_backward *self = operation;
    onednn_name(names, size, &self->step);
}

static void destroy(void *operation) {
    struct bn_backward *self = operation;
    onednn_step_destroy(&self->step);
    free(self->mean);
    free(self->variance);
    free(self->scale);
    free(self->dgamma);
    free(self->dbeta);
}

const struct onednn_operator onednn_bn_backward = {
    .size = sizeof(struct bn_backward),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};

/* Batch normalization by oneDNN's own primitive, in every layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "reference/onednn/compositions/compositions.h"
#include "reference/onednn/steps/steps.h"

/* Arrays have geometry.channels elements, because the padding is channels to the primitive. */
struct bn {
    struct norma_problem problem;
    struct onednn_geometry geometry;
    struct onednn_step step;
    struct onednn_epilogue epilogue;
    float *mean, *variance, *scale, *shift;
};

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct bn *self = operation;
    const struct onednn_shape shape = onednn_batch_shape(geometry);
    const struct onednn_batch_options options = {
        .epsilon = problem->epsilon,
        .given = problem->pass == NORMA_PASS_INFERENCE,
        .affine = true,
        .relu = problem->epilogue == NORMA_EPILOGUE_RELU,
    };
    (void)threads;
    self->problem = *problem;
    self->geometry = *geometry;
    self->mean = onednn_allocate(geometry->channels);
    self->variance = onednn_allocate(geometry->channels);
    self->scale = onednn_allocate(geometry->channels);
    self->shift = onednn_allocate(geometry->channels);
    if (!self->mean || !self->variance || !self->scale || !self->shift) {
        return NORMA_STATUS_NO_MEMORY;
    }
    const norma_status status = onednn_create_batch_normalization(&self->step, &shape, &options);
    return status != NORMA_STATUS_OK
               ? status
               : onednn_epilogue_create(&self->epilogue, geometry, problem->epilogue);
}

/* Binds the caller's array as it is, or, if it is missing or shorter than the primitive needs, a
 * copy in ours. */
static void bind_input(const struct bn *self, int argument, const float *values, float absent,
                       float *copy) {
    const struct onednn_geometry *geometry = &self->geometry;
    if (values != NULL && geometry->channels == geometry->c) {
        onednn_bind(&self->step, argument, values);
        return;
    }
    for (int64_t c = 0; c < geometry->c; c++) {
        copy[c] = values != NULL ? values[c] : absent;
    }
    onednn_bind(&self->step, argument, copy);
}

static void bind_statistics(const struct bn *self, const struct norma_args *args) {
    if (self->problem.pass == NORMA_PASS_INFERENCE) {
        bind_input(self, DNNL_ARG_MEAN, args->running_mean, 0.0F, self->mean);
        bind_input(self, DNNL_ARG_VARIANCE, args->running_variance, 1.0F, self->variance);
        return;
    }
    onednn_bind(&self->step, DNNL_ARG_MEAN, self->mean);
    onednn_bind(&self->step, DNNL_ARG_VARIANCE, self->variance);
}

static void store_statistics(const struct bn *self, const struct norma_args *args) {
    const struct onednn_geometry *geometry = &self->geometry;
    for (int64_t c = 0; c < geometry->c; c++) {
        onednn_store_batch(
            &self->problem, args, c, geometry->n * geometry->s,
            (struct onednn_moments){(double)self->mean[c], (double)self->variance[c]});
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct bn *self = operation;
    onednn_bind(&self->step, DNNL_ARG_SRC, args->x);
    onednn_bind(&self->step, DNNL_ARG_DST, args->y);
    bind_input(self, DNNL_ARG_SCALE, args->gamma, 1.0F, self->scale);
    bind_input(self, DNNL_ARG_SHIFT, args->beta, 0.0F, self->shift);
    bind_statistics(self, args);
    const norma_status status = onednn_run(&self->step);
    if (status == NORMA_STATUS_OK && self->problem.pass == NORMA_PASS_FORWARD) {
        store_statistics(self, args);
    }
    return status != NORMA_STATUS_OK
               ? status
               : onednn_epilogue_run(&self->epilogue, args->y, args->residual);
}

static void name(const void *operation, char *names, size_t size) {
    const struct bn *self = operation;
    onednn_name(names, size, &self->step);
    onednn_name(names, size, &self->epilogue.add);
}

static void destroy(void *operation) {
    struct bn *self = operation;
    onednn_step_destroy(&self->step);
    onednn_step_destroy(&self->epilogue.add);
    free(self->mean);
    free(self->variance);
    free(self->scale);
    free(self->shift);
}

const struct onednn_operator onednn_bn = {
    .size = sizeof(struct bn),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};

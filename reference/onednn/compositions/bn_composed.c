/* Batch normalization without oneDNN's batch normalization, which is generic code in the plain
 * layout and several times slower than this. In training the instances are standardized and pooled;
 * in inference y = (x - mean) scale + beta is one pass, which is faster in the channels-last
 * layout, too. It is not for s = 1, where oneDNN's own is fast (bn.c), and where the chain of
 * oneDNN 2.6.3 mixes up the channels.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>

#include "reference/onednn/steps/steps.h"

struct bn_composed {
    struct onednn_composition composition; /* for training */
    struct onednn_step chain;              /* for inference */
    float *scale, *shift;
};

/* Creates the chain. It subtracts the mean first, because x scale + shift would lose about |mean| /
 * std ulps. */
static norma_status create_inference(struct bn_composed *self,
                                     const struct onednn_geometry *geometry,
                                     norma_epilogue epilogue) {
    const struct onednn_shape data = onednn_batch_shape(geometry);
    const struct onednn_shape per_channel = onednn_shape4(1, geometry->c, 1, 1, geometry->tag);
    const struct onednn_link links[] = {{dnnl_binary_sub, per_channel},
                                        {dnnl_binary_mul, per_channel},
                                        {dnnl_binary_add, per_channel},
                                        {dnnl_binary_add, data}};
    const int count = epilogue == NORMA_EPILOGUE_ADD_RELU ? 4 : 3;
    self->scale = onednn_allocate(geometry->c);
    self->shift = onednn_allocate(geometry->c);
    return !self->scale || !self->shift ? NORMA_STATUS_NO_MEMORY
                                        : onednn_create_chain(&self->chain, &data, count, links,
                                                              epilogue != NORMA_EPILOGUE_NONE);
}

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct bn_composed *self = operation;
    (void)threads;
    self->composition.problem = *problem;
    if (problem->pass == NORMA_PASS_INFERENCE) {
        return create_inference(self, geometry, problem->epilogue);
    }
    return geometry->layout != ONEDNN_PLAIN
               ? NORMA_STATUS_UNSUPPORTED
               : onednn_composition_create(&self->composition, problem, geometry, geometry, false);
}

static struct onednn_moments batch_of(const struct onednn_composition *self, int64_t c) {
    return onednn_pool(self->standardize.mean + c, self->standardize.variance + c, self->geometry.n,
                       self->geometry.channels);
}

static bool coefficients(void *operation, const struct norma_args *args) {
    const struct onednn_composition *self = operation;
    const double epsilon = self->problem.epsilon;
#pragma omp parallel for
    for (int64_t c = 0; c < self->geometry.c; c++) {
        const struct onednn_moments batch = batch_of(self, c);
        const double gain =
            onednn_parameter(args->gamma, c, 1.0) * onednn_inverse_std(batch.variance, epsilon);
        const double beta = onednn_parameter(args->beta, c, 0.0);
        for (int64_t n = 0; n < self->geometry.n; n++) {
            const int64_t plane = n * self->geometry.channels + c;
            const double std = sqrt((double)self->standardize.variance[plane] + epsilon);
            const double mean = (double)self->standardize.mean[plane];
            self->scale[plane] = (float)(gain * std);
            self->shift[plane] = (float)(gain * (mean - batch.mean) + beta);
        }
    }
    return true;
}

static norma_status train(struct onednn_composition *self, const struct norma_args *args) {
    const norma_status status = onednn_compose(self, args, coefficients, self);
    for (int64_t c = 0; status == NORMA_STATUS_OK && c < self->geometry.c; c++) {
        onednn_store_batch(&self->problem, args, c, self->geometry.n * self->geometry.s,
                           batch_of(self, c));
    }
    return status;
}

static norma_status infer(struct bn_composed *self, const struct norma_args *args) {
    const struct norma_problem *problem = &self->composition.problem;
    for (int64_t c = 0; c < problem->c; c++) {
        self->scale[c] =
            (float)(onednn_parameter(args->gamma, c, 1.0) *
                    onednn_inverse_std((double)args->running_variance[c], problem->epsilon));
        self->shift[c] = (float)onednn_parameter(args->beta, c, 0.0);
    }
    onednn_bind(&self->chain, DNNL_ARG_SRC_0, args->x);
    onednn_bind(&self->chain, DNNL_ARG_DST, args->y);
    onednn_bind(&self->chain, ONEDNN_OPERAND(0), args->running_mean);
    onednn_bind(&self->chain, ONEDNN_OPERAND(1), self->scale);
    onednn_bind(&self->chain, ONEDNN_OPERAND(2), self->shift);
    onednn_bind(&self->chain, ONEDNN_OPERAND(3), args->residual);
    return onednn_run(&self->chain);
}

static norma_status execute(void *operation, const struct norma_args *args) {
    struct bn_composed *self = operation;
    return self->composition.problem.pass == NORMA_PASS_INFERENCE ? infer(self, args)
                                                                  : train(&self->composition, args);
}

static void name(const void *operation, char *names, size_t size) {
    const struct bn_composed *self = operation;
    onednn_composition_name(operation, names, size);
    onednn_name(names, size, &self->chain);
}

static void destroy(void *operation) {
    struct bn_composed *self = operation;
    onednn_composition_destroy(operation);
    onednn_step_destroy(&self->chain);
    free(self->scale);
    free(self->shift);
}

const struct onednn_operator onednn_bn_composed = {
    .size = sizeof(struct bn_composed),
    .create = create,
    .execute = execute,
    .name = name,
    .destroy = destroy,
};

/* Batch-instance normalization: y = (rho x^B + (1 - rho) x^I) gamma + beta. With the instance's x^I
 * at hand, x^B = (x^I / r_I + mu_I - mu_B) r_B, so both halves are one scale and shift of x^I. The
 * batch's statistics are pooled from the instances'.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "reference/onednn/steps/steps.h"

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    (void)threads;
    return onednn_composition_create(operation, problem, geometry, geometry, false);
}

/* Returns the moments of channel c: the batch's own in training, the running ones in inference. */
static struct onednn_moments batch_of(const struct onednn_composition *self,
                                      const struct norma_args *args, int64_t c) {
    if (self->problem.pass == NORMA_PASS_INFERENCE) {
        return (struct onednn_moments){(double)args->running_mean[c],
                                       (double)args->running_variance[c]};
    }
    return onednn_pool(self->standardize.mean + c, self->standardize.variance + c, self->geometry.n,
                       self->geometry.channels);
}

static void channel_coefficients(const struct onednn_composition *self,
                                 const struct norma_args *args, int64_t c) {
    const struct onednn_geometry *geometry = &self->geometry;
    const struct onednn_moments batch = batch_of(self, args, c);
    const double batch_r = onednn_inverse_std(batch.variance, self->problem.epsilon);
    const double rho = self->problem.rho_fixed ? self->problem.rho : (double)args->rho[c];
    const double gamma = onednn_parameter(args->gamma, c, 1.0);
    const double beta = onednn_parameter(args->beta, c, 0.0);
    for (int64_t n = 0; n < geometry->n; n++) {
        const int64_t plane = n * geometry->channels + c;
        const double mean = (double)self->standardize.mean[plane];
        const double std = sqrt((double)self->standardize.variance[plane] + self->problem.epsilon);
        self->scale[plane] = (float)(gamma * (rho * std * batch_r + (1.0 - rho)));
        self->shift[plane] = (float)(gamma * rho * batch_r * (mean - batch.mean) + beta);
    }
}

static bool coefficients(void *operation, const struct norma_args *args) {
    const struct onednn_composition *self = operation;
#pragma omp parallel for
    for (int64_t c = 0; c < self->geometry.c; c++) {
        channel_coefficients(self, args, c);
    }
    return true;
}

static void store_statistics(const struct onednn_composition *self, const struct norma_args *args) {
    const int64_t count = self->geometry.n * self->geometry.s;
    const bool training = self->problem.pass == NORMA_PASS_FORWARD;
    for (int64_t c = 0; training && c < self->geometry.c; c++) {
        onednn_store_batch(&self->problem, args, c, count, batch_of(self, args, c));
    }
    onednn_store_planes(self, args->instance_mean, args->instance_inverse_std);
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct onednn_composition *self = operation;
    const norma_status status = onednn_compose(self, args, coefficients, operation);
    if (status == NORMA_STATUS_OK) {
        store_statistics(self, args);
    }
    return status;
}

const struct onednn_operator onednn_bin = {
    .size = sizeof(struct onednn_composition),
    .create = create,
    .execute = execute,
    .name = onednn_composition_name,
    .destroy = onednn_composition_destroy,
};

/* Instance normalization backward, conditional or not. The planes are the sets, so that backward
 * batch normalization yields dx at once, and its sums over the samples of a row are dgamma and
 * dbeta.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/steps.h"

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    (void)threads;
    return onednn_backward_create(operation, problem, geometry, true);
}

static int64_t row_of(const struct onednn_backward *self, const struct norma_args *args,
                      int64_t n) {
    return self->problem.op == NORMA_OPERATOR_CIN ? args->style_index[n] : 0;
}

static void before(void *operation, const struct norma_args *args) {
    const struct onednn_backward *self = operation;
    const int64_t channels = self->problem.c;
#pragma omp parallel for
    for (int64_t i = 0; i < self->problem.n * channels; i++) {
        const int64_t n = i / channels, c = i % channels;
        const int64_t plane = onednn_plane_of(self, n, c);
        self->mean[plane] = args->mean[i];
        self->variance[plane] = onednn_variance_of(args->inverse_std[i]);
        self->scale[plane] =
            (float)onednn_parameter(args->gamma, row_of(self, args, n) * channels + c, 1.0);
    }
}

/* Stores the gradients of a row, the sums over the samples that use it. */
static void store_row(const struct onednn_backward *self, const struct norma_args *args,
                      int64_t row, int64_t c) {
    double dgamma = 0.0, dbeta = 0.0;
    for (int64_t n = 0; n < self->problem.n; n++) {
        if (row_of(self, args, n) == row) {
            const int64_t plane = onednn_plane_of(self, n, c);
            dgamma += (double)self->sum_x[plane];
            dbeta += (double)self->sum[plane];
        }
    }
    onednn_store(args->dgamma, row * self->problem.c + c, dgamma);
    onednn_store(args->dbeta, row * self->problem.c + c, dbeta);
}

static void after(void *operation, const struct norma_args *args) {
    const struct onednn_backward *self = operation;
    const int64_t rows = self->problem.op == NORMA_OPERATOR_CIN ? self->problem.styles : 1;
#pragma omp parallel for
    for (int64_t i = 0; i < rows * self->problem.c; i++) {
        store_row(self, args, i / self->problem.c, i % self->problem.c);
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    return onednn_backward_run(operation, args, before, after, operation);
}

const struct onednn_operator onednn_in_backward = {
    .size = sizeof(struct onednn_backward),
    .create = create,
    .execute = execute,
    .name = onednn_backward_name,
    .destroy = onednn_backward_destroy,
};

/* Instance normalization, and conditional instance normalization, where each sample has a row of
 * the tables gamma and beta. Both are known beforehand, so that it is a single batch normalization
 * where the layout has a fast one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/steps.h"

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    (void)threads;
    return onednn_composition_create(operation, problem, geometry, geometry,
                                     geometry->layout != ONEDNN_PLAIN);
}

static bool coefficients(void *operation, const struct norma_args *args) {
    struct onednn_composition *self = operation;
    const struct onednn_geometry *geometry = &self->geometry;
#pragma omp parallel for
    for (int64_t n = 0; n < geometry->n; n++) {
        const int64_t row = self->problem.op == NORMA_OPERATOR_CIN ? args->style_index[n] : 0;
        for (int64_t c = 0; c < geometry->c; c++) {
            const int64_t plane = n * geometry->channels + c;
            const int64_t i = row * geometry->c + c;
            self->scale[plane] = (float)onednn_parameter(args->gamma, i, 1.0);
            self->shift[plane] = (float)onednn_parameter(args->beta, i, 0.0);
        }
    }
    return args->gamma != NULL || args->beta != NULL;
}

static norma_status execute(void *operation, const struct norma_args *args) {
    const struct onednn_composition *self = operation;
    const norma_status status = onednn_compose(self, args, coefficients, operation);
    if (status == NORMA_STATUS_OK && self->problem.pass == NORMA_PASS_FORWARD) {
        onednn_store_planes(self, args->mean, args->inverse_std);
    }
    return status;
}

const struct onednn_operator onednn_in = {
    .size = sizeof(struct onednn_composition),
    .create = create,
    .execute = execute,
    .name = onednn_composition_name,
    .destroy = onednn_composition_destroy,
};

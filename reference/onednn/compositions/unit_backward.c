/* Unitization, practical form, and root mean square normalization backward. Both are
 *
 *     dx = factor dy - share T x,   T = sum_i weight_i dy_i x_i over the sample
 *
 * with numbers per channel that the given r yields:
 *
 *     unitization   factor = alpha r + (1 - alpha)   weight = alpha   share = r^3
 *     the other     factor = gamma r                 weight = gamma   share = r^3 / d
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/steps.h"

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    const bool element = problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    const bool other = problem->op == NORMA_OPERATOR_UNIT && problem->form != NORMA_FORM_PRACTICAL;
    (void)threads;
    return element || other ? NORMA_STATUS_UNSUPPORTED
                            : onednn_backward_create(operation, problem, geometry, false);
}

static double weight_of(const struct norma_problem *problem, const struct norma_args *args,
                        int64_t c) {
    if (problem->op == NORMA_OPERATOR_RMS) {
        return onednn_parameter(args->gamma, c, 1.0);
    }
    return problem->alpha_kind == NORMA_ALPHA_SCALAR ? problem->alpha : (double)args->alpha[c];
}

static void before(void *operation, const struct norma_args *args) {
    const struct onednn_backward *self = operation;
    const bool unit = self->problem.op == NORMA_OPERATOR_UNIT;
#pragma omp parallel for
    for (int64_t i = 0; i < self->problem.n * self->problem.c; i++) {
        const int64_t n = i / self->problem.c, c = i % self->problem.c;
        const double weight = weight_of(&self->problem, args, c);
        const double factor = weight * (double)args->inverse_std[n];
        self->scale[onednn_plane_of(self, n, c)] = (float)(unit ? factor + (1.0 - weight) : factor);
    }
}

static void correct_sample(const struct onednn_backward *self, const struct norma_args *args,
                           int64_t n) {
    const struct norma_problem *problem = &self->problem;
    const double r = (double)args->inverse_std[n];
    const double count = (double)(problem->c * self->geometry.s);
    const double share = problem->op == NORMA_OPERATOR_RMS ? r * r * r / count : r * r * r;
    double total = 0.0;
    for (int64_t c = 0; c < problem->c; c++) {
        total += weight_of(problem, args, c) * (double)self->sum_x[onednn_plane_of(self, n, c)];
    }
    for (int64_t c = 0; c < problem->c; c++) {
        self->slope[onednn_plane_of(self, n, c)] = (float)(-share * total);
    }
}

/* Returns dgamma or, for unitization, dalpha. */
static double parameter_gradient(const struct onednn_backward *self, const struct norma_args *args,
                                 int64_t c) {
    double gradient = 0.0;
    for (int64_t n = 0; n < self->problem.n; n++) {
        const double r = (double)args->inverse_std[n];
        gradient += (double)self->sum_x[onednn_plane_of(self, n, c)] *
                    (self->problem.op == NORMA_OPERATOR_RMS ? r : r - 1.0);
    }
    return gradient;
}

static void store_parameters(const struct onednn_backward *self, const struct norma_args *args) {
    const struct norma_problem *problem = &self->problem;
    float *const gradients = problem->op == NORMA_OPERATOR_RMS ? args->dgamma : args->dalpha;
    double total = 0.0;
    for (int64_t c = 0; c < problem->c; c++) {
        const double gradient = parameter_gradient(self, args, c);
        total += gradient;
        if (problem->op == NORMA_OPERATOR_RMS || problem->alpha_kind == NORMA_ALPHA_CHANNEL) {
            onednn_store(gradients, c, gradient);
        }
    }
    if (problem->op == NORMA_OPERATOR_UNIT && problem->alpha_kind == NORMA_ALPHA_SCALAR) {
        onednn_store(gradients, 0, total);
    }
}

static void after(void *operation, const struct norma_args *args) {
    const struct onednn_backward *self = operation;
#pragma omp parallel for
    for (int64_t n = 0; n < self->problem.n; n++) {
        correct_sample(self, args, n);
    }
    store_parameters(self, args);
}

static norma_status execute(void *operation, const struct norma_args *args) {
    return onednn_backward_run(operation, args, before, after, operation);
}

const struct onednn_operator onednn_unit_backward = {
    .size = sizeof(struct onednn_backward),
    .create = create,
    .execute = execute,
    .name = onednn_backward_name,
    .destroy = onednn_backward_destroy,
};

/* Group and layer normalization backward. With h = gamma dy and means over the group,
 *
 *     dx = r (h - mean(h) - x^ mean(h x^))
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/steps.h"

struct gn_backward {
    struct onednn_backward backward;
    int64_t groups, width; /* groups of a sample, and channels of each */
};

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    struct gn_backward *self = operation;
    (void)threads;
    self->groups = problem->op == NORMA_OPERATOR_LN ? 1 : problem->groups;
    self->width = problem->c / self->groups;
    return onednn_backward_create(&self->backward, problem, geometry, false);
}

static void before(void *operation, const struct norma_args *args) {
    const struct gn_backward *self = operation;
    const struct onednn_backward *backward = &self->backward;
    const int64_t channels = backward->problem.c;
#pragma omp parallel for
    for (int64_t i = 0; i < backward->problem.n * channels; i++) {
        const int64_t n = i / channels, c = i % channels, group = i / self->width;
        const int64_t plane = onednn_plane_of(backward, n, c);
        const double r = (double)args->inverse_std[group];
        backward->mean[plane] = args->mean[group];
        backward->scale[plane] = (float)(onednn_parameter(args->gamma, c, 1.0) * r);
    }
}

static void correct_group(const struct gn_backward *self, const struct norma_args *args, int64_t n,
                          int64_t g) {
    const struct onednn_backward *backward = &self->backward;
    const double r = (double)args->inverse_std[n * self->groups + g];
    const double count = (double)(self->width * backward->geometry.s);
    double h = 0.0, h_x = 0.0;
    for (int64_t c = g * self->width; c < (g + 1) * self->width; c++) {
        const int64_t plane = onednn_plane_of(backward, n, c);
        const double gamma = onednn_parameter(args->gamma, c, 1.0);
        h += gamma * (double)backward->sum[plane];
        h_x += gamma * (double)backward->sum_x[plane] * r;
    }
    for (int64_t c = g * self->width; c < (g + 1) * self->width; c++) {
        const int64_t plane = onednn_plane_of(backward, n, c);
        backward->slope[plane] = (float)(-r * r * h_x / count);
        backward->constant[plane] = (float)(-r * h / count);
    }
}

static void store_channel(const struct gn_backward *self, const struct norma_args *args,
                          int64_t c) {
    const struct onednn_backward *backward = &self->backward;
    double dgamma = 0.0, dbeta = 0.0;
    for (int64_t n = 0; n < backward->problem.n; n++) {
        const int64_t plane = onednn_plane_of(backward, n, c);
        const double r = (double)args->inverse_std[n * self->groups + c / self->width];
        dgamma += (double)backward->sum_x[plane] * r;
        dbeta += (double)backward->sum[plane];
    }
    onednn_store(args->dgamma, c, dgamma);
    onednn_store(args->dbeta, c, dbeta);
}

static void after(void *operation, const struct norma_args *args) {
    const struct gn_backward *self = operation;
    const struct norma_problem *problem = &self->backward.problem;
#pragma omp parallel for
    for (int64_t i = 0; i < problem->n * self->groups; i++) {
        correct_group(self, args, i / self->groups, i % self->groups);
    }
#pragma omp parallel for
    for (int64_t c = 0; c < problem->c; c++) {
        store_channel(self, args, c);
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    struct gn_backward *self = operation;
    return onednn_backward_run(&self->backward, args, before, after, operation);
}

const struct onednn_operator onednn_gn_backward = {
    .size = sizeof(struct gn_backward),
    .create = create,
    .execute = execute,
    .name = onednn_backward_name,
    .destroy = onednn_backward_destroy,
};

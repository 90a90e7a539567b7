/* Batch-instance normalization backward. With g = gamma dy and means over the batch (B) or the
 * plane (I),
 *
 *     dx = rho r_B (g - mean_B(g) - x^B mean_B(g x^B))
 *        + (1 - rho) r_I (g - mean_I(g) - x^I mean_I(g x^I))
 *
 * In inference the batch's statistics are constants, and its two means fall away. Everything is
 * written with x - m, so that x^B = r_B (x - m + m - m_B). m is m_I, usually the mean of the half
 * with the larger slope, because float sums lose digits when they are moved to another mean; it is
 * m_B where rho = 1, fixed, leaves nothing of the instances. A batch and an instance normalization
 * backward and the sum of their gradients would take ten reads and three writes, instead of six and
 * three here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/steps.h"

static norma_status create(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads) {
    (void)threads;
    return onednn_backward_create(operation, problem, geometry, false);
}

/* The statistics and parameters of a channel. */
struct channel {
    double batch_mean, batch_r, gamma, rho;
};

static struct channel channel_of(const struct norma_problem *problem, const struct norma_args *args,
                                 int64_t c) {
    struct channel channel = {
        .gamma = onednn_parameter(args->gamma, c, 1.0),
        .rho = problem->rho_fixed ? problem->rho : (double)args->rho[c],
    };
    if (problem->pass == NORMA_PASS_BACKWARD) {
        channel.batch_mean = (double)args->mean[c];
        channel.batch_r = (double)args->inverse_std[c];
    } else {
        channel.batch_mean = (double)args->running_mean[c];
        channel.batch_r = onednn_inverse_std((double)args->running_variance[c], problem->epsilon);
    }
    return channel;
}

static void before(void *operation, const struct norma_args *args) {
    const struct onednn_backward *self = operation;
    const struct norma_problem *problem = &self->problem;
    const bool no_instances = problem->rho_fixed && problem->rho == 1.0;
#pragma omp parallel for
    for (int64_t c = 0; c < problem->c; c++) {
        const struct channel of = channel_of(problem, args, c);
        for (int64_t n = 0; n < problem->n; n++) {
            const int64_t i = n * problem->c + c, plane = onednn_plane_of(self, n, c);
            const double r = (double)args->instance_inverse_std[i];
            self->mean[plane] = no_instances ? (float)of.batch_mean : args->instance_mean[i];
            self->scale[plane] = (float)(of.gamma * (of.rho * of.batch_r + (1.0 - of.rho) * r));
        }
    }
}

/* Returns the sum of dy (x - mean) over the plane, from the sum of dy (x - m). */
static double product_about(const struct onednn_backward *self, int64_t plane, double mean) {
    return (double)self->sum_x[plane] +
           ((double)self->mean[plane] - mean) * (double)self->sum[plane];
}

/* Sums of dy, dy x^B and dy x^I over all samples. */
struct sums {
    double dy, batch, instance;
};

static struct sums sums_of(const struct onednn_backward *self, const struct norma_args *args,
                           int64_t c, struct channel of) {
    struct sums sums = {0.0, 0.0, 0.0};
    for (int64_t n = 0; n < self->problem.n; n++) {
        const int64_t i = n * self->problem.c + c, plane = onednn_plane_of(self, n, c);
        sums.dy += (double)self->sum[plane];
        sums.batch += of.batch_r * product_about(self, plane, of.batch_mean);
        sums.instance += (double)args->instance_inverse_std[i] *
                         product_about(self, plane, (double)args->instance_mean[i]);
    }
    return sums;
}

static void correct_channel(const struct onednn_backward *self, const struct norma_args *args,
                            int64_t c, struct channel of, struct sums sums) {
    const double s = (double)self->geometry.s, count = s * (double)self->problem.n;
    const bool training = self->problem.pass == NORMA_PASS_BACKWARD;
    const double batch_gain = training ? of.gamma * of.rho * of.batch_r / count : 0.0;
    for (int64_t n = 0; n < self->problem.n; n++) {
        const int64_t i = n * self->problem.c + c, plane = onednn_plane_of(self, n, c);
        const double r = (double)args->instance_inverse_std[i];
        const double mean = (double)args->instance_mean[i], m = (double)self->mean[plane];
        const double gain = of.gamma * (1.0 - of.rho) * r / s;
        const double batch_slope = batch_gain * of.batch_r * sums.batch;
        const double instance_slope = gain * r * r * product_about(self, plane, mean);
        self->slope[plane] = (float)(-batch_slope - instance_slope);
        self->constant[plane] =
            (float)(-batch_gain * sums.dy - batch_slope * (m - of.batch_mean) -
                    gain * (double)self->sum[plane] - instance_slope * (m - mean));
    }
}

static void after(void *operation, const struct norma_args *args) {
    const struct onednn_backward *self = operation;
#pragma omp parallel for
    for (int64_t c = 0; c < self->problem.c; c++) {
        const struct channel of = channel_of(&self->problem, args, c);
        const struct sums sums = sums_of(self, args, c, of);
        correct_channel(self, args, c, of, sums);
        onednn_store(args->dgamma, c, of.rho * sums.batch + (1.0 - of.rho) * sums.instance);
        onednn_store(args->dbeta, c, sums.dy);
        if (!self->problem.rho_fixed) {
            onednn_store(args->drho, c, of.gamma * (sums.batch - sums.instance));
        }
    }
}

static norma_status execute(void *operation, const struct norma_args *args) {
    return onednn_backward_run(operation, args, before, after, operation);
}

const struct onednn_operator onednn_bin_backward = {
    .size = sizeof(struct onednn_backward),
    .create = create,
    .execute = execute,
    .name = onednn_backward_name,
    .destroy = onednn_backward_destroy,
};

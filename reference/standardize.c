/* SPDX-License-Identifier: Apache-2.0 */
#include "standardize.h"

#include <math.h>

/* ---- forward ------------------------------------------------------------------------------ */

static struct norma_statistics statistics_of(const struct norma_view *view,
                                             struct norma_moments moments) {
    return (struct norma_statistics){moments.mean, sqrt(moments.variance + view->problem->epsilon),
                                     moments.count};
}

static void put_statistics(const struct norma_view *view, int64_t set,
                           struct norma_statistics statistics) {
    norma_put_value(view->result->mean, set, statistics.mean);
    norma_put_value(view->result->inverse_std, set, 1.0 / statistics.deviation);
}

struct norma_statistics norma_set_statistics(const struct norma_view *view, int64_t set,
                                             struct norma_planes planes) {
    const struct norma_statistics statistics = statistics_of(view, norma_moments(planes));
    put_statistics(view, set, statistics);
    return statistics;
}

struct norma_statistics norma_plane_statistics(const struct norma_view *view, int64_t n,
                                               int64_t c) {
    return statistics_of(
        view, norma_moments((struct norma_planes){view->args->x, n * view->c + c, 1, 1, view->s}));
}

/* running <- (1 - m) running + m batch, the variance with Bessel's correction where n > 1. */
static void put_running(const struct norma_view *view, int64_t c, struct norma_moments moments) {
    const double m = view->problem->momentum;
    const double n = (double)moments.count;
    const double variance = n > 1.0 ? moments.variance * n / (n - 1.0) : moments.variance;
    if (view->args->running_mean) {
        norma_put_value(view->result->running_mean, c,
                        (1.0 - m) * (double)view->args->running_mean[c] + m * moments.mean);
    }
    if (view->args->running_variance) {
        norma_put_value(view->result->running_variance, c,
                        (1.0 - m) * (double)view->args->running_variance[c] + m * variance);
    }
}

struct norma_statistics norma_batch_statistics(const struct norma_view *view, int64_t c) {
    if (view->problem->pass == NORMA_INFERENCE) {
        return statistics_of(view,
                             (struct norma_moments){(double)view->args->running_mean[c],
                                                    (double)view->args->running_variance[c], 0});
    }
    const struct norma_moments moments =
        norma_moments((struct norma_planes){view->args->x, c, view->n, view->c, view->s});
    const struct norma_statistics statistics = statistics_of(view, moments);
    put_statistics(view, c, statistics);
    put_running(view, c, moments);
    return statistics;
}

void norma_put_standardized(const struct norma_view *view, int64_t n, int64_t c,
                            struct norma_statistics statistics, double gamma, double beta) {
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double x_hat = ((double)x[s] - statistics.mean) / statistics.deviation;
        norma_put(view, n, c, s, gamma * x_hat + beta, fabs(gamma * x_hat) + fabs(beta));
    }
    norma_put_condition(view, n * view->c + c, 0,
                        (struct norma_condition){fabs(gamma) / statistics.deviation,
                                                 statistics.mean, statistics.deviation,
                                                 statistics.count});
}

/* ---- backward ----------------------------------------------------------------------------- */

struct norma_given norma_given_set(const struct norma_view *view, int64_t set) {
    return (struct norma_given){(double)view->args->mean[set],
                                (double)view->args->inverse_std[set]};
}

struct norma_given norma_given_batch(const struct norma_view *view, int64_t c) {
    if (view->problem->pass == NORMA_BACKWARD) {
        return norma_given_set(view, c);
    }
    const double variance = (double)view->args->running_variance[c];
    return (struct norma_given){(double)view->args->running_mean[c],
                                1.0 / sqrt(variance + view->problem->epsilon)};
}

void norma_add_plane(const struct norma_view *view, int64_t n, int64_t c, struct norma_given given,
                     double weight, struct norma_sums *sums) {
    const int64_t first = norma_plane_at(view, n, c);
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double x_hat = ((double)x[s] - given.mean) * given.inverse_std;
        const double h = weight * norma_dy(view, first + s);
        norma_accumulate(&sums->h, h);
        norma_accumulate(&sums->h_x_hat, h * x_hat);
    }
}

void norma_add_path(struct norma_derivative *dx, const struct norma_path *path, double x,
                    double h) {
    const double x_hat = (x - path->given.mean) * path->given.inverse_std;
    const double scale = path->scale * path->given.inverse_std;
    norma_add_term(dx, scale * h);
    if (path->count > 0) {
        const double count = (double)path->count;
        norma_add_sum(dx, -scale / count, path->sums.h);
        norma_add_sum(dx, -scale * x_hat / count, path->sums.h_x_hat);
    }
}

void norma_put_dx(const struct norma_view *view, int64_t n, int64_t c, double weight,
                  const struct norma_path *paths, int count) {
    const int64_t first = norma_plane_at(view, n, c);
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        struct norma_derivative dx = {0};
        for (int i = 0; i < count; i++) {
            norma_add_path(&dx, &paths[i], (double)x[s], weight * norma_dy(view, first + s));
        }
        norma_put_gradient(&view->result->dx, first + s, dx);
    }
}

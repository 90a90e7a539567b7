/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/definitions/reference_standardize.h"

#include <math.h>

/* ---- forward ------------------------------------------------------------------------------ */

static struct reference_statistics statistics_of(const struct reference_view *view,
                                                 struct reference_moments moments) {
    return (struct reference_statistics){
        moments.mean, sqrt(moments.variance + view->problem->epsilon), moments.count};
}

static void put_statistics(const struct reference_view *view, int64_t set,
                           struct reference_statistics statistics) {
    reference_put_value(view->result->mean, set, statistics.mean);
    reference_put_value(view->result->inverse_std, set, 1.0 / statistics.deviation);
}

struct reference_statistics reference_set_statistics(const struct reference_view *view, int64_t set,
                                                     struct reference_planes planes) {
    const struct reference_statistics statistics =
        statistics_of(view, reference_moments_of(planes));
    put_statistics(view, set, statistics);
    return statistics;
}

struct reference_statistics reference_plane_statistics(const struct reference_view *view, int64_t n,
                                                       int64_t c) {
    return statistics_of(view,
                         reference_moments_of(reference_planes_of(view, n * view->c + c, 1, 1)));
}

/* Returns (1 - m) old + m batch, where what is weighted by 0 does not count, not even as NaN. */
static double moved(double old, double m, double batch) {
    if (m == 0.0 || m == 1.0) {
        return m == 0.0 ? old : batch;
    }
    return (1.0 - m) * old + m * batch;
}

/* Stores the running statistics, with Bessel's correction of the variance if n > 1. */
static void put_running(const struct reference_view *view, int64_t c,
                        struct reference_moments moments) {
    const double m = view->problem->momentum;
    const double n = (double)moments.count;
    const double variance = n > 1.0 ? moments.variance * n / (n - 1.0) : moments.variance;
    if (view->args->running_mean) {
        reference_put_value(view->result->running_mean, c,
                            moved((double)view->args->running_mean[c], m, moments.mean));
    }
    if (view->args->running_variance) {
        reference_put_value(view->result->running_variance, c,
                            moved((double)view->args->running_variance[c], m, variance));
    }
}

struct reference_statistics reference_batch_statistics(const struct reference_view *view,
                                                       int64_t c) {
    if (view->problem->pass == NORMA_PASS_INFERENCE) {
        return statistics_of(
            view, (struct reference_moments){(double)view->args->running_mean[c],
                                             (double)view->args->running_variance[c], 0});
    }
    const struct reference_moments moments =
        reference_moments_of(reference_planes_of(view, c, view->n, view->c));
    const struct reference_statistics statistics = statistics_of(view, moments);
    put_statistics(view, c, statistics);
    put_running(view, c, moments);
    return statistics;
}

void reference_put_standardized(const struct reference_view *view, int64_t n, int64_t c,
                                struct reference_statistics statistics, double gamma, double beta) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double x_hat =
            (reference_x(view, first + s) - statistics.mean) / statistics.deviation;
        reference_put(view, n, c, s, gamma * x_hat + beta, fabs(gamma * x_hat) + fabs(beta));
    }
    reference_put_condition(view, n * view->c + c, 0,
                            (struct reference_condition){fabs(gamma) / statistics.deviation,
                                                         statistics.mean, statistics.deviation,
                                                         statistics.count});
}

/* ---- backward ----------------------------------------------------------------------------- */

void reference_note_roundings(struct reference_given given, struct reference_sums *sums) {
    sums->h_x_hat.shared = given.mean == 0.0 ? 0.0 : sums->h_x_hat.absolute;
    sums->h_x_hat.rounded =
        given.rounding * fabs(sums->h_x_hat.value) + given.small * fabs(sums->h.value);
    sums->h_x_hat.lost = given.large * sums->h.absolute;
}

void reference_add_plane(const struct reference_view *view, int64_t n, int64_t c,
                         struct reference_given given, double weight, struct reference_sums *sums) {
    const int64_t first = reference_plane_at(view, n, c);
    struct reference_sums plane = {.h = {0}};
    for (int64_t s = 0; s < view->s; s++) {
        const double x_hat = (reference_x(view, first + s) - given.mean) * given.inverse_std;
        const double h = weight * reference_dy(view, first + s);
        reference_accumulate(&plane.h, h);
        reference_accumulate(&plane.h_x_hat, h * x_hat);
    }
    reference_note_roundings(given, &plane);
    reference_merge(&sums->h, 1.0, plane.h);
    reference_merge(&sums->h_x_hat, 1.0, plane.h_x_hat);
}

/* Adds how far dx is off where the statistics of the path's factors were rounded to float, apart
 * from those inside of its sums: r is in every term, and in the last one twice, as is the mean. */
static void add_roundings(struct reference_derivative *dx, const struct reference_path *path,
                          double scale, double x_hat, double h) {
    const double count = (double)path->count;
    const double mean = path->sums.h.value / count, product = path->sums.h_x_hat.value / count;
    dx->rounded +=
        path->given.rounding * fabs(scale) * (fabs(h) + fabs(mean) + 2.0 * fabs(x_hat * product)) +
        path->given.small * fabs(scale * product);
    dx->lost += path->given.large * fabs(scale) * path->sums.h_x_hat.absolute / count;
}

void reference_add_path(struct reference_derivative *dx, const struct reference_path *path,
                        double x, double h) {
    const double x_hat = (x - path->given.mean) * path->given.inverse_std;
    const double scale = path->scale * path->given.inverse_std;
    reference_add_term(dx, scale * h);
    if (path->count > 0) {
        const double count = (double)path->count;
        reference_add_sum(dx, -scale / count, path->sums.h);
        reference_add_sum(dx, -scale * x_hat / count, path->sums.h_x_hat);
        add_roundings(dx, path, scale, x_hat, h);
    }
}

struct reference_condition reference_condition_of_path(const struct reference_path *path) {
    const double r = path->given.inverse_std;
    const double product = path->count > 0 ? path->sums.h_x_hat.value / (double)path->count : 0.0;
    return (struct reference_condition){fabs(path->scale * r * r * product), path->given.mean,
                                        1.0 / r, path->count};
}

void reference_put_dx(const struct reference_view *view, int64_t n, int64_t c, double weight,
                      const struct reference_path *paths, int count) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        struct reference_derivative dx = {0};
        for (int i = 0; i < count; i++) {
            reference_add_path(&dx, &paths[i], reference_x(view, first + s),
                               weight * reference_dy(view, first + s));
        }
        reference_put_gradient(&view->result->dx, first + s, dx);
    }
    for (int i = 0; i < count; i++) {
        reference_put_condition(view, n * view->c + c, i, reference_condition_of_path(&paths[i]));
    }
}

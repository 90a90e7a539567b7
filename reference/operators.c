/* SPDX-License-Identifier: Apache-2.0 */
#include "operators.h"

#include <math.h>

static const float *plane_of(struct norma_planes planes, int64_t i) {
    return planes.data + (planes.first + i * planes.stride) * planes.length;
}

struct norma_moments norma_moments(struct norma_planes planes) {
    const int64_t count = planes.count * planes.length;
    double sum = 0.0;
    for (int64_t i = 0; i < planes.count; i++) {
        const float *x = plane_of(planes, i);
        for (int64_t s = 0; s < planes.length; s++) {
            sum += (double)x[s];
        }
    }
    const double mean = sum / (double)count;
    double squares = 0.0;
    for (int64_t i = 0; i < planes.count; i++) {
        const float *x = plane_of(planes, i);
        for (int64_t s = 0; s < planes.length; s++) {
            const double deviation = (double)x[s] - mean;
            squares += deviation * deviation;
        }
    }
    return (struct norma_moments){mean, squares / (double)count, count};
}

double norma_sum_of_squares(struct norma_planes planes) {
    double squares = 0.0;
    for (int64_t i = 0; i < planes.count; i++) {
        const float *x = plane_of(planes, i);
        for (int64_t s = 0; s < planes.length; s++) {
            squares += (double)x[s] * (double)x[s];
        }
    }
    return squares;
}

const float *norma_x(const struct norma_view *view, int64_t n, int64_t c) {
    return (const float *)view->args->x + (n * view->c + c) * view->s;
}

double norma_gamma(const struct norma_view *view, int64_t c) {
    return view->args->gamma ? (double)view->args->gamma[c] : 1.0;
}

double norma_beta(const struct norma_view *view, int64_t c) {
    return view->args->beta ? (double)view->args->beta[c] : 0.0;
}

void norma_put(const struct norma_view *view, int64_t n, int64_t c, int64_t s, double y,
               double terms) {
    const int64_t index = (n * view->c + c) * view->s + s;
    view->result->y[index] = y;
    if (view->result->terms) {
        view->result->terms[index] = (float)terms;
    }
}

void norma_put_condition(const struct norma_view *view, int64_t n, int64_t c, int which,
                         struct norma_condition condition) {
    if (view->result->conditions) {
        view->result->conditions[n * view->c + c][which] = condition;
    }
}

void norma_put_value(double *array, int64_t index, double value) {
    if (array) {
        array[index] = value;
    }
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

struct norma_moments norma_batch_moments(const struct norma_view *view, int64_t c) {
    if (view->problem->pass == NORMA_INFERENCE) {
        return (struct norma_moments){(double)view->args->running_mean[c],
                                      (double)view->args->running_variance[c], 0};
    }
    const struct norma_moments moments =
        norma_moments((struct norma_planes){view->args->x, c, view->n, view->c, view->s});
    norma_put_value(view->result->mean, c, moments.mean);
    norma_put_value(view->result->inverse_std, c,
                    1.0 / sqrt(moments.variance + view->problem->epsilon));
    put_running(view, c, moments);
    return moments;
}

void norma_put_standardized(const struct norma_view *view, int64_t n, int64_t c,
                            struct norma_moments moments) {
    const double gamma = norma_gamma(view, c);
    const double beta = norma_beta(view, c);
    const double deviation = sqrt(moments.variance + view->problem->epsilon);
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double x_hat = ((double)x[s] - moments.mean) / deviation;
        norma_put(view, n, c, s, gamma * x_hat + beta, fabs(gamma * x_hat) + fabs(beta));
    }
    norma_put_condition(
        view, n, c, 0,
        (struct norma_condition){fabs(gamma) / deviation, moments.mean, deviation, moments.count});
}

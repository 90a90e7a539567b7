/* Unitization as its authors train it, z batch normalized x without affine (bn.c), k the problem's
 * norm_scale:
 *
 *     z_ncs = (x_ncs - mu_c) / sqrt(sigma_c^2 + epsilon)
 *     q_n = 1/(S k) sum_c sum_s z_ncs^2
 *     y_ncs = gamma_c [alpha_c / sqrt(q_n + epsilon) + (1 - alpha_c)] z_ncs + beta_c
 *
 * In inference, mu_c and sigma_c^2 are the running mean and variance. Backward:
 * unit_layer_backward.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "standardize.h"
#include "unit.h"

static double z_of(struct norma_statistics statistics, float x) {
    return ((double)x - statistics.mean) / statistics.deviation;
}

/* sqrt(q_n + epsilon) */
static double norm_of(const struct norma_view *view, int64_t n) {
    double squares = 0.0;
    for (int64_t c = 0; c < view->c; c++) {
        const float *x = norma_x(view, n, c);
        for (int64_t s = 0; s < view->s; s++) {
            const double z = z_of(view->statistics[c], x[s]);
            squares += z * z;
        }
    }
    const double q = squares / ((double)view->s * view->problem->norm_scale);
    return sqrt(q + view->problem->epsilon);
}

static void put_conditions(const struct norma_view *view, int64_t n, int64_t c, double norm,
                           double slope) {
    const struct norma_statistics statistics = view->statistics[c];
    const int64_t p = n * view->c + c;
    norma_put_condition(view, p, 0,
                        (struct norma_condition){slope / statistics.deviation, statistics.mean,
                                                 statistics.deviation, statistics.count});
    norma_put_condition(view, p, 1, (struct norma_condition){0.0, 0.0, norm, view->c * view->s});
}

static void put_plane(const struct norma_view *view, int64_t n, int64_t c, double norm) {
    const double alpha = norma_unit_alpha(view, c, 0);
    const double gamma = norma_gamma(view, c);
    const double beta = norma_beta(view, c);
    const double t = alpha / norm + (1.0 - alpha);
    const double slope = fabs(gamma) * (fabs(alpha) / norm + fabs(1.0 - alpha));
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double z = z_of(view->statistics[c], x[s]);
        norma_put(view, n, c, s, gamma * t * z + beta, slope * fabs(z) + fabs(beta));
    }
    put_conditions(view, n, c, norm, slope);
}

static void forward(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        view->statistics[c] = norma_batch_statistics(view, c);
    }
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        const double norm = norm_of(view, n);
        for (int64_t c = 0; c < view->c; c++) {
            put_plane(view, n, c, norm);
        }
    }
}

void norma_unit_layer(const struct norma_view *view) {
    if (view->backward) {
        norma_unit_layer_backward(view);
    } else {
        forward(view);
    }
}

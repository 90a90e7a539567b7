/* Unitization as its authors train it, where z is x after batch normalization without affine (bn.c)
 * and k is the problem's norm_scale:
 *
 *     z_ncs = (x_ncs - mu_c) / sqrt(sigma_c^2 + epsilon)
 *     q_n = 1/(S k) sum_c sum_s z_ncs^2
 *     y_ncs = gamma_c [alpha_c / sqrt(q_n + epsilon) + (1 - alpha_c)] z_ncs + beta_c
 *
 * In inference, mu_c and sigma_c^2 are the running mean and variance. The backward pass is in
 * unit_layer_backward.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "reference/definitions/reference_standardize.h"
#include "reference/definitions/unit_alpha.h"
#include "reference/definitions/unit_forms.h"

static double z_of(struct reference_statistics statistics, double x) {
    return (x - statistics.mean) / statistics.deviation;
}

/* Returns sqrt(q_n + epsilon). */
static double norm_of(const struct reference_view *view, int64_t n) {
    double squares = 0.0;
    for (int64_t c = 0; c < view->c; c++) {
        const int64_t first = reference_plane_at(view, n, c);
        for (int64_t s = 0; s < view->s; s++) {
            const double z = z_of(view->statistics[c], reference_x(view, first + s));
            squares += z * z;
        }
    }
    const double q = squares / ((double)view->s * view->problem->norm_scale);
    return sqrt(q + view->problem->epsilon);
}

static void put_conditions(const struct reference_view *view, int64_t n, int64_t c, double norm,
                           double slope) {
    const struct reference_statistics statistics = view->statistics[c];
    const int64_t p = n * view->c + c;
    reference_put_condition(view, p, 0,
                            (struct reference_condition){slope / statistics.deviation,
                                                         statistics.mean, statistics.deviation,
                                                         statistics.count});
    reference_put_condition(view, p, 1,
                            (struct reference_condition){0.0, 0.0, norm, view->c * view->s});
}

static void put_plane(const struct reference_view *view, int64_t n, int64_t c, double norm) {
    const double alpha = reference_unit_alpha(view, c, 0);
    const double gamma = reference_gamma(view, c);
    const double beta = reference_beta(view, c);
    const double t = alpha / norm + (1.0 - alpha);
    const double slope = fabs(gamma) * (fabs(alpha) / norm + fabs(1.0 - alpha));
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double z = z_of(view->statistics[c], reference_x(view, first + s));
        reference_put(view, n, c, s, gamma * t * z + beta, slope * fabs(z) + fabs(beta));
    }
    put_conditions(view, n, c, norm, slope);
}

void reference_unit_layer(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        view->statistics[c] = reference_batch_statistics(view, c);
    }
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        const double norm = norm_of(view, n);
        for (int64_t c = 0; c < view->c; c++) {
            put_plane(view, n, c, norm);
        }
    }
}

/* Root mean square normalization, D = C S elements per sample:
 *
 *     y_ncs = gamma_c x_ncs / sqrt(1/D sum_c sum_s x_ncs^2 + epsilon)
 *
 * Backward, r_n = 1/sqrt(mean(x^2) + epsilon), h = gamma_c dy, x^ = r_n x, and means over the D
 * elements:
 *
 *     dgamma_c = sum_n sum_s dy_ncs x^_ncs       dx_ncs = r_n (h_ncs - x^_ncs mean(h x^))
 *
 * An infinity in a sample makes all of its outputs NaN, as in the standardizing operators.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "reference/definitions/definitions.h"

static void put_plane(const struct reference_view *view, int64_t n, int64_t c, double root) {
    const double gamma = reference_gamma(view, c);
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double y = gamma * (reference_x(view, first + s) / root);
        reference_put(view, n, c, s, y, fabs(y));
    }
    reference_put_condition(view, n * view->c + c, 0,
                            (struct reference_condition){0.0, 0.0, root, view->c * view->s});
}

static void forward(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        const double squares =
            reference_sum_of_squares(reference_planes_of(view, n * view->c, view->c, 1));
        const double root = sqrt(squares / (double)(view->c * view->s) + view->problem->epsilon);
        reference_put_value(view->result->inverse_std, n, 1.0 / root);
        for (int64_t c = 0; c < view->c; c++) {
            put_plane(view, n, c, root);
        }
    }
}

static void put_dx(const struct reference_view *view, int64_t n, int64_t c,
                   struct reference_sum h_x_hat) {
    const struct reference_given given = reference_given_set(view, n);
    const double r = given.inverse_std;
    const double count = (double)(view->c * view->s);
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double own = r * reference_gamma(view, c) * reference_dy(view, first + s);
        const double factor = -r * (r * reference_x(view, first + s)) / count;
        struct reference_derivative dx = {0};
        reference_add_term(&dx, own);
        reference_add_sum(&dx, factor, h_x_hat);
        dx.rounded += given.rounding * (fabs(own) + 2.0 * fabs(factor * h_x_hat.value));
        reference_put_gradient(&view->result->dx, first + s, dx);
    }
}

static void put_images(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        struct reference_sums sums = {.h = {0}};
        for (int64_t c = 0; c < view->c; c++) {
            reference_add_plane(view, n, c, reference_given_set(view, n), reference_gamma(view, c),
                                &sums);
        }
        for (int64_t c = 0; c < view->c; c++) {
            put_dx(view, n, c, sums.h_x_hat);
        }
    }
}

static void put_parameters(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        struct reference_sums sums = {.h = {0}};
        for (int64_t n = 0; n < view->n; n++) {
            reference_add_plane(view, n, c, reference_given_set(view, n), 1.0, &sums);
        }
        reference_put_sum(&view->result->dgamma, c, 1.0, sums.h_x_hat);
    }
}

void reference_rms(const struct reference_view *view) {
    if (view->backward) {
        reference_find_given_norms(view, 1.0 / (double)(view->c * view->s), view->problem->epsilon);
        put_images(view);
        put_parameters(view);
    } else {
        forward(view);
    }
}

/* Unitization, practical form [Unit 1.1], x_n all channels and positions of sample n:
 *
 *     y_n = [alpha / sqrt(|x_n|^2 + epsilon) + (1 - alpha)] * x_n,   elementwise in alpha
 *
 * Backward, r_n the given inverse_std and T_n the sum of alpha_i dy_ni x_ni over the sample:
 *
 *     dx_ni = [alpha_i r_n + (1 - alpha_i)] dy_ni - r_n^3 T_n x_ni
 *     dalpha_i = sum_n dy_ni x_ni (r_n - 1),   summed over the elements that share an alpha
 *
 * An infinity in a sample makes all of its outputs NaN, as in the standardizing operators.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "unit.h"

/* ---- forward ------------------------------------------------------------------------------ */

static void put_plane(const struct norma_view *view, int64_t n, int64_t c, double norm) {
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double alpha = norma_unit_alpha(view, c, s);
        const double y = (alpha / norm + (1.0 - alpha)) * (double)x[s];
        norma_put(view, n, c, s, y, (fabs(alpha) / norm + fabs(1.0 - alpha)) * fabs((double)x[s]));
    }
    norma_put_condition(view, n * view->c + c, 0,
                        (struct norma_condition){0.0, 0.0, norm, view->c * view->s});
}

static void forward(const struct norma_view *view, int64_t n) {
    const double norm = sqrt(norma_unit_squares(view, n) + view->problem->epsilon);
    norma_put_value(view->result->inverse_std, n, 1.0 / norm);
    for (int64_t c = 0; c < view->c; c++) {
        put_plane(view, n, c, norm);
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

/* T_n */
static struct norma_sum product_of(const struct norma_view *view, int64_t n) {
    struct norma_sum sum = {0};
    for (int64_t c = 0; c < view->c; c++) {
        const int64_t first = norma_plane_at(view, n, c);
        const float *x = norma_x(view, n, c);
        for (int64_t s = 0; s < view->s; s++) {
            norma_accumulate(&sum, norma_unit_alpha(view, c, s) * norma_dy(view, first + s) *
                                       (double)x[s]);
        }
    }
    return sum;
}

static void put_dx(const struct norma_view *view, int64_t n, int64_t c, struct norma_sum product) {
    const double r = (double)view->args->inverse_std[n];
    const int64_t first = norma_plane_at(view, n, c);
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double alpha = norma_unit_alpha(view, c, s);
        const double dy = norma_dy(view, first + s);
        struct norma_derivative dx = {0};
        norma_add_term(&dx, alpha * r * dy);
        norma_add_term(&dx, (1.0 - alpha) * dy);
        norma_add_sum(&dx, -r * r * r * (double)x[s], product);
        norma_put_gradient(&view->result->dx, first + s, dx);
    }
}

static void backward(const struct norma_view *view, int64_t n) {
    const struct norma_sum product = product_of(view, n);
    for (int64_t c = 0; c < view->c; c++) {
        put_dx(view, n, c, product);
    }
}

static void add_to_dalpha(const struct norma_view *view, int64_t n, int64_t c, int64_t s,
                          struct norma_unit_sums *sums) {
    const double r = (double)view->args->inverse_std[n];
    const double product =
        norma_dy(view, norma_plane_at(view, n, c) + s) * (double)norma_x(view, n, c)[s];
    norma_accumulate(&sums->first, product * r);
    norma_accumulate(&sums->second, -product);
}

/* ------------------------------------------------------------------------------------------- */

void norma_unit_practical(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        if (view->backward) {
            backward(view, n);
        } else {
            forward(view, n);
        }
    }
    if (view->backward) {
        norma_unit_put_dalpha(view, add_to_dalpha);
    }
}

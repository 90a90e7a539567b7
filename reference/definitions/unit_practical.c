/* Unitization, practical form [Unit 1.1], x_n all channels and positions of sample n:
 *
 *     y_n = [alpha / sqrt(|x_n|^2 + epsilon) + (1 - alpha)] * x_n,   elementwise in alpha
 *
 * Backward, r_n = 1 / sqrt(|x_n|^2 + epsilon), T_n the sum of alpha_i dy_ni x_ni over the sample:
 *
 *     dx_ni = [alpha_i r_n + (1 - alpha_i)] dy_ni - r_n^3 T_n x_ni
 *     dalpha_i = sum_n dy_ni x_ni (r_n - 1),   summed over the elements that share an alpha
 *
 * An infinity in a sample makes all of its outputs NaN, as in the standardizing operators.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "reference/definitions/unit_alpha.h"
#include "reference/definitions/unit_forms.h"

/* ---- forward ------------------------------------------------------------------------------ */

static void put_plane(const struct reference_view *view, int64_t n, int64_t c, double norm) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double x = reference_x(view, first + s);
        const double alpha = reference_unit_alpha(view, c, s);
        reference_put(view, n, c, s, (alpha / norm + (1.0 - alpha)) * x,
                      (fabs(alpha) / norm + fabs(1.0 - alpha)) * fabs(x));
    }
    reference_put_condition(view, n * view->c + c, 0,
                            (struct reference_condition){0.0, 0.0, norm, view->c * view->s});
}

static void forward(const struct reference_view *view, int64_t n) {
    const double norm =
        sqrt(reference_sum_of_squares(reference_planes_of(view, n * view->c, view->c, 1)) +
             view->problem->epsilon);
    reference_put_value(view->result->inverse_std, n, 1.0 / norm);
    for (int64_t c = 0; c < view->c; c++) {
        put_plane(view, n, c, norm);
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

/* Returns T_n. */
static struct reference_sum product_of(const struct reference_view *view, int64_t n) {
    struct reference_sum sum = {0};
    for (int64_t c = 0; c < view->c; c++) {
        const int64_t first = reference_plane_at(view, n, c);
        for (int64_t s = 0; s < view->s; s++) {
            const double x = reference_x(view, first + s);
            reference_accumulate(&sum, reference_unit_alpha(view, c, s) *
                                           reference_dy(view, first + s) * x);
        }
    }
    return sum;
}

static void put_dx(const struct reference_view *view, int64_t n, int64_t c,
                   struct reference_sum product) {
    const struct reference_given given = reference_given_set(view, n);
    const double r = given.inverse_std;
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double alpha = reference_unit_alpha(view, c, s);
        const double dy = reference_dy(view, first + s);
        const double factor = -r * r * r * reference_x(view, first + s);
        struct reference_derivative dx = {0};
        reference_add_term(&dx, alpha * r * dy);
        reference_add_term(&dx, (1.0 - alpha) * dy);
        reference_add_sum(&dx, factor, product);
        dx.rounded += given.rounding * (fabs(alpha * r * dy) + 3.0 * fabs(factor * product.value));
        reference_put_gradient(&view->result->dx, first + s, dx);
    }
}

static void backward(const struct reference_view *view, int64_t n) {
    const struct reference_sum product = product_of(view, n);
    for (int64_t c = 0; c < view->c; c++) {
        put_dx(view, n, c, product);
    }
}

static void add_to_dalpha(const struct reference_view *view, int64_t n, int64_t c, int64_t s,
                          struct reference_unit_sums *sums) {
    const double r = reference_given_set(view, n).inverse_std;
    const int64_t index = reference_plane_at(view, n, c) + s;
    const double product = reference_dy(view, index) * reference_x(view, index);
    reference_accumulate(&sums->first, product * r);
    reference_accumulate(&sums->second, -product);
    sums->moved += product * r;
}

/* ------------------------------------------------------------------------------------------- */

void reference_unit_practical(const struct reference_view *view) {
    if (view->backward) {
        reference_find_given_norms(view, 1.0, view->problem->epsilon);
    }
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        if (view->backward) {
            backward(view, n);
        } else {
            forward(view, n);
        }
    }
    if (view->backward) {
        reference_unit_put_dalpha(view, add_to_dalpha);
    }
}

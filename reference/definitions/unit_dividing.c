/* Unitization by division [Unit 1.1], q_n = |x_n| over all channels and positions of sample n, of
 * which there are d:
 *
 *     vanilla          y_n = x_n / q_n
 *     scalar, vector   y_ni = x_ni / (alpha_i q_n + (1 - alpha_i)),   alpha_i in [0, 1]
 *
 * Vanilla is scalar with alpha = 1. Where q_n = 0, scalar with alpha = 1 gives the constant vector
 * of norm 1, every element 1/sqrt(d); all else gives 0. Backward,
 * w_ni = 1 / (alpha_i q_n + (1 - alpha_i)), T_n the sum of alpha_i w_ni^2 dy_ni x_ni:
 *
 *     dx_ni = w_ni dy_ni - (T_n / q_n) x_ni
 *     dalpha_i = - sum_n dy_ni x_ni (q_n - 1) w_ni^2, summed over the elements that share an alpha
 *
 * Where q_n = 0, dx_ni = dy_ni / (1 - alpha_i), or 0 if alpha_i = 1, and dalpha gets nothing. An
 * infinity in a sample makes all of its outputs NaN, as in the standardizing operators.
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
        const double divisor = alpha * norm + (1.0 - alpha);
        const double magnitude = fabs(alpha) * norm + fabs(1.0 - alpha);
        reference_put(view, n, c, s, x / divisor, fabs(x) * magnitude / (divisor * divisor));
    }
    reference_put_condition(view, n * view->c + c, 0,
                            (struct reference_condition){0.0, 0.0, norm, view->c * view->s});
}

/* Stores a plane of a sample that is zero. It has no condition, because y does not depend on the
 * norm. */
static void put_constant_plane(const struct reference_view *view, int64_t n, int64_t c) {
    const struct norma_problem *problem = view->problem;
    const double alpha = reference_unit_alpha(view, 0, 0);
    const bool unit = problem->alpha_kind == NORMA_ALPHA_SCALAR && alpha == 1.0;
    const double y = unit ? 1.0 / sqrt((double)(view->c * view->s)) : 0.0;
    for (int64_t s = 0; s < view->s; s++) {
        reference_put(view, n, c, s, y, y);
    }
    reference_put_condition(view, n * view->c + c, 0, (struct reference_condition){0});
}

static void forward(const struct reference_view *view, int64_t n) {
    const double norm =
        sqrt(reference_sum_of_squares(reference_planes_of(view, n * view->c, view->c, 1)));
    reference_put_value(view->result->inverse_std, n, 1.0 / norm);
    for (int64_t c = 0; c < view->c; c++) {
        if (norm == 0.0) {
            put_constant_plane(view, n, c);
        } else {
            put_plane(view, n, c, norm);
        }
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

/* Returns q_n. */
static double norm_of(const struct reference_view *view, int64_t n) {
    return 1.0 / reference_given_set(view, n).inverse_std;
}

/* Returns w_ni. */
static double weight_of(const struct reference_view *view, int64_t c, int64_t s, double norm) {
    const double alpha = reference_unit_alpha(view, c, s);
    return 1.0 / (alpha * norm + (1.0 - alpha));
}

/* Returns T_n. */
static struct reference_sum product_of(const struct reference_view *view, int64_t n, double norm) {
    struct reference_sum sum = {0};
    double moved = 0.0; /* by the norm, as in struct reference_unit_sums */
    for (int64_t c = 0; c < view->c; c++) {
        const int64_t first = reference_plane_at(view, n, c);
        for (int64_t s = 0; s < view->s; s++) {
            const double x = reference_x(view, first + s);
            const double weight = weight_of(view, c, s, norm);
            const double alpha = reference_unit_alpha(view, c, s);
            const double term = alpha * weight * weight * reference_dy(view, first + s) * x;
            reference_accumulate(&sum, term);
            moved += 2.0 * alpha * weight * norm * term;
        }
    }
    sum.rounded = reference_given_set(view, n).rounding * fabs(moved);
    return sum;
}

static void put_dx(const struct reference_view *view, int64_t n, int64_t c, double norm,
                   struct reference_sum product) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double weight = weight_of(view, c, s, norm);
        const double own = weight * reference_dy(view, first + s);
        const double factor = -reference_x(view, first + s) / norm;
        struct reference_derivative dx = {0};
        reference_add_term(&dx, own);
        reference_add_sum(&dx, factor, product);
        dx.rounded += reference_given_set(view, n).rounding *
                      (fabs(own * reference_unit_alpha(view, c, s) * weight * norm) +
                       fabs(factor * product.value));
        reference_put_gradient(&view->result->dx, first + s, dx);
    }
}

static void put_dx_at_zero(const struct reference_view *view, int64_t n, int64_t c) {
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double alpha = reference_unit_alpha(view, c, s);
        struct reference_derivative dx = {0};
        if (alpha != 1.0) {
            reference_add_term(&dx, reference_dy(view, first + s) / (1.0 - alpha));
        }
        reference_put_gradient(&view->result->dx, first + s, dx);
    }
}

static void backward(const struct reference_view *view, int64_t n) {
    const double norm = norm_of(view, n);
    if (norm == 0.0) {
        for (int64_t c = 0; c < view->c; c++) {
            put_dx_at_zero(view, n, c);
        }
        return;
    }
    const struct reference_sum product = product_of(view, n, norm);
    for (int64_t c = 0; c < view->c; c++) {
        put_dx(view, n, c, norm, product);
    }
}

static void add_to_dalpha(const struct reference_view *view, int64_t n, int64_t c, int64_t s,
                          struct reference_unit_sums *sums) {
    const double norm = norm_of(view, n);
    if (norm == 0.0) {
        return;
    }
    const double weight = weight_of(view, c, s, norm);
    const int64_t index = reference_plane_at(view, n, c) + s;
    const double product = reference_dy(view, index) * reference_x(view, index) * weight * weight;
    reference_accumulate(&sums->first, -product * norm);
    reference_accumulate(&sums->second, product);
    sums->moved +=
        product * norm * (1.0 - 2.0 * (norm - 1.0) * reference_unit_alpha(view, c, s) * weight);
}

/* ------------------------------------------------------------------------------------------- */

void reference_unit_dividing(const struct reference_view *view) {
    if (view->backward) {
        reference_find_given_norms(view, 1.0, 0.0);
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

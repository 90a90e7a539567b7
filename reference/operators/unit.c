/* Unitization, practical form [Unit 1.1], x_n all channels and positions of sample n:
 *
 *     y_n = [alpha / sqrt(|x_n|^2 + epsilon) + (1 - alpha)] * x_n,   elementwise in alpha
 *
 * An infinity in a sample makes all of its outputs NaN, as in the standardizing operators.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "operators.h"

static double alpha_of(const struct norma_view *view, int64_t c, int64_t s) {
    switch (view->problem->alpha_kind) {
    case NORMA_ALPHA_CHANNEL:
        return (double)view->args->alpha[c];
    case NORMA_ALPHA_ELEMENT:
        return (double)view->args->alpha[c * view->s + s];
    case NORMA_ALPHA_SCALAR:
        break;
    }
    return view->problem->alpha;
}

static void put_plane(const struct norma_view *view, int64_t n, int64_t c, double norm) {
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double alpha = alpha_of(view, c, s);
        const double y = (alpha / norm + (1.0 - alpha)) * (double)x[s];
        norma_put(view, n, c, s, y, (fabs(alpha) / norm + fabs(1.0 - alpha)) * fabs((double)x[s]));
    }
    norma_put_condition(view, n, c, 0, (struct norma_condition){0.0, 0.0, norm, view->c * view->s});
}

void norma_reference_unit(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        const double squares = norma_sum_of_squares(
            (struct norma_planes){view->args->x, n * view->c, view->c, 1, view->s});
        const double norm = isinf(squares) ? NAN : sqrt(squares + view->problem->epsilon);
        norma_put_value(view->result->inverse_std, n, 1.0 / norm);
        for (int64_t c = 0; c < view->c; c++) {
            put_plane(view, n, c, norm);
        }
    }
}

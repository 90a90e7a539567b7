/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/definitions/problem_view.h"

#include <math.h>

double reference_gamma(const struct reference_view *view, int64_t index) {
    return view->args->gamma ? (double)view->args->gamma[index] : 1.0;
}

double reference_beta(const struct reference_view *view, int64_t index) {
    return view->args->beta ? (double)view->args->beta[index] : 0.0;
}

void reference_put(const struct reference_view *view, int64_t n, int64_t c, int64_t s, double y,
                   double terms) {
    const int64_t index = reference_plane_at(view, n, c) + s;
    if (view->problem->epilogue == NORMA_EPILOGUE_ADD_RELU) {
        const double residual = reference_load(view->problem->dtype, view->args->residual, index);
        y += residual;
        terms += fabs(residual);
    }
    const bool closed = view->problem->epilogue != NORMA_EPILOGUE_NONE && y <= 0.0;
    reference_put_value(view->result->y, index, closed ? 0.0 : y);
    reference_put_value(view->result->terms, index, terms);
}

void reference_put_condition(const struct reference_view *view, int64_t index, int which,
                             struct reference_condition condition) {
    if (view->result->conditions) {
        view->result->conditions[index][which] = condition;
    }
}

void reference_put_value(double *array, int64_t index, double value) {
    if (array) {
        array[index] = value;
    }
}

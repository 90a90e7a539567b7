/* Unitization [Unit 1.1], in one of its forms:
 *
 *     practical                  unit_practical.c
 *     vanilla, scalar, vector    unit_dividing.c
 *     layer                      unit_layer.c
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/definitions/reference_unit.h"

double reference_unit_alpha(const struct reference_view *view, int64_t c, int64_t s) {
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

double reference_unit_squares(const struct reference_view *view, int64_t n) {
    return reference_sum_of_squares(
        (struct reference_planes){view->args->x, n * view->c, view->c, 1, view->s});
}

/* Entry `index` of dalpha, which channels and positions from first up to last share. */
static void put_entry(const struct reference_view *view, int64_t index, reference_unit_add *add,
                      const int64_t first[2], const int64_t last[2]) {
    struct reference_unit_sums sums = {.first = {0}};
    for (int64_t n = 0; n < view->n; n++) {
        for (int64_t c = first[0]; c < last[0]; c++) {
            for (int64_t s = first[1]; s < last[1]; s++) {
                add(view, n, c, s, &sums);
            }
        }
    }
    struct reference_derivative dalpha = {0};
    reference_add_sum(&dalpha, 1.0, sums.first);
    reference_add_sum(&dalpha, 1.0, sums.second);
    reference_put_gradient(&view->result->dalpha, index, dalpha);
}

void reference_unit_put_dalpha(const struct reference_view *view, reference_unit_add *add) {
    const norma_alpha_kind kind = view->problem->alpha_kind;
    if (kind == NORMA_ALPHA_SCALAR) {
        put_entry(view, 0, add, (int64_t[]){0, 0}, (int64_t[]){view->c, view->s});
        return;
    }
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        if (kind == NORMA_ALPHA_CHANNEL) {
            put_entry(view, c, add, (int64_t[]){c, 0}, (int64_t[]){c + 1, view->s});
            continue;
        }
        for (int64_t s = 0; s < view->s; s++) {
            put_entry(view, c * view->s + s, add, (int64_t[]){c, s}, (int64_t[]){c + 1, s + 1});
        }
    }
}

void reference_unit(const struct reference_view *view) {
    switch (view->problem->form) {
    case NORMA_FORM_PRACTICAL:
        reference_unit_practical(view);
        break;
    case NORMA_FORM_VANILLA:
    case NORMA_FORM_SCALAR:
    case NORMA_FORM_VECTOR:
        reference_unit_dividing(view);
        break;
    case NORMA_FORM_LAYER:
        reference_unit_layer(view);
        break;
    }
}

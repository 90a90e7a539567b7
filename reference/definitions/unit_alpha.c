/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/definitions/unit_alpha.h"

#include "reference/definitions/given_statistics.h"

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

/* Stores entry `index` of dalpha, which channels first[0] to last[0] - 1 at positions first[1] to
 * last[1] - 1 share. */
static void put_entry(const struct reference_view *view, int64_t index, reference_unit_add *add,
                      const int64_t first[2], const int64_t last[2]) {
    struct reference_unit_sums sums = {.first = {0}};
    double rounded = 0.0; /* each sample has a norm of its own */
    for (int64_t n = 0; n < view->n; n++) {
        sums.moved = 0.0;
        for (int64_t c = first[0]; c < last[0]; c++) {
            for (int64_t s = first[1]; s < last[1]; s++) {
                add(view, n, c, s, &sums);
            }
        }
        rounded += reference_given_set(view, n).rounding * fabs(sums.moved);
    }
    struct reference_derivative dalpha = {.rounded = rounded};
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

/* Conditional instance normalization [AdaIN eq. 7]: x^ as in instance normalization, but gamma and
 * beta are tables of which sample n uses row t_n = style_index[n]:
 *
 *     y_ncs = gamma_{t_n c} x^_ncs + beta_{t_n c}
 *
 * Backward, r_nc = 1 / sqrt(sigma_nc^2 + epsilon), means over the S positions of (n, c), and sums
 * over the samples of a row alone:
 *
 *     dbeta_tc = sum_{n: t_n = t} sum_s dy_ncs   dgamma_tc = sum_{n: t_n = t} sum_s dy_ncs x^_ncs
 *     dx_ncs = gamma_{t_n c} r_nc (dy_ncs - mean(dy) - x^_ncs mean(dy x^))
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/definitions/definitions.h"

/* Returns the index of the parameters of plane (n, c). */
static int64_t entry_of(const struct reference_view *view, int64_t n, int64_t c) {
    return (int64_t)view->args->style_index[n] * view->c + c;
}

static void forward(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        const int64_t n = p / view->c;
        const int64_t c = p % view->c;
        const int64_t entry = entry_of(view, n, c);
        const struct reference_statistics statistics =
            reference_set_statistics(view, p, reference_planes_of(view, p, 1, 1));
        reference_put_standardized(view, n, c, statistics, reference_gamma(view, entry),
                                   reference_beta(view, entry));
    }
}

static void put_images(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        const int64_t n = p / view->c;
        const int64_t c = p % view->c;
        const double gamma = reference_gamma(view, entry_of(view, n, c));
        struct reference_path path = {reference_given_set(view, p), gamma, {.h = {0}}, view->s};
        reference_add_plane(view, n, c, path.given, 1.0, &path.sums);
        reference_put_dx(view, n, c, 1.0, &path, 1);
    }
}

static void put_parameters(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t entry = 0; entry < view->problem->styles * view->c; entry++) {
        const int64_t c = entry % view->c;
        struct reference_sums sums = {.h = {0}};
        for (int64_t n = 0; n < view->n; n++) {
            if (entry_of(view, n, c) == entry) {
                reference_add_plane(view, n, c, reference_given_set(view, n * view->c + c), 1.0,
                                    &sums);
            }
        }
        reference_put_sum(&view->result->dbeta, entry, 1.0, sums.h);
        reference_put_sum(&view->result->dgamma, entry, 1.0, sums.h_x_hat);
    }
}

void reference_cin(const struct reference_view *view) {
    if (view->backward) {
        reference_find_given(view, (struct reference_set_planes){view->n * view->c, 1, 1, 1});
        put_images(view);
        put_parameters(view);
    } else {
        forward(view);
    }
}

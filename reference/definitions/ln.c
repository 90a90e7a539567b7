/* Layer normalization, D = C S elements per sample:
 *
 *     mu_n = 1/D sum_c sum_s x_ncs               sigma_n^2 = 1/D sum_c sum_s (x_ncs - mu_n)^2
 *     x^_ncs = (x_ncs - mu_n) / sqrt(sigma_n^2 + epsilon)
 *     y_ncs = gamma_c x^_ncs + beta_c
 *
 * Backward, r_n = 1 / sqrt(sigma_n^2 + epsilon), h = gamma_c dy, and means over the D elements of
 * n:
 *
 *     dbeta_c = sum_n sum_s dy_ncs               dgamma_c = sum_n sum_s dy_ncs x^_ncs
 *     dx_ncs = r_n (h_ncs - mean(h) - x^_ncs mean(h x^))
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/definitions/definitions.h"

static void forward(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        const struct reference_planes planes = reference_planes_of(view, n * view->c, view->c, 1);
        const struct reference_statistics statistics = reference_set_statistics(view, n, planes);
        for (int64_t c = 0; c < view->c; c++) {
            reference_put_standardized(view, n, c, statistics, reference_gamma(view, c),
                                       reference_beta(view, c));
        }
    }
}

static void put_images(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t n = 0; n < view->n; n++) {
        struct reference_path path = {
            reference_given_set(view, n), 1.0, {.h = {0}}, view->c * view->s};
        for (int64_t c = 0; c < view->c; c++) {
            reference_add_plane(view, n, c, path.given, reference_gamma(view, c), &path.sums);
        }
        for (int64_t c = 0; c < view->c; c++) {
            reference_put_dx(view, n, c, reference_gamma(view, c), &path, 1);
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
        reference_put_sum(&view->result->dbeta, c, 1.0, sums.h);
        reference_put_sum(&view->result->dgamma, c, 1.0, sums.h_x_hat);
    }
}

void reference_ln(const struct reference_view *view) {
    if (view->backward) {
        reference_find_given(view, (struct reference_set_planes){view->n, view->c, view->c, 1});
        put_images(view);
        put_parameters(view);
    } else {
        forward(view);
    }
}

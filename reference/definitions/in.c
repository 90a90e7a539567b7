/* Instance normalization [BIN eq. 2]:
 *
 *     mu_nc = 1/S sum_s x_ncs                    sigma_nc^2 = 1/S sum_s (x_ncs - mu_nc)^2
 *     x^_ncs = (x_ncs - mu_nc) / sqrt(sigma_nc^2 + epsilon)
 *     y_ncs = gamma_c x^_ncs + beta_c
 *
 * Backward, r_nc = 1 / sqrt(sigma_nc^2 + epsilon), and means over the S positions of (n, c):
 *
 *     dbeta_c = sum_n sum_s dy_ncs               dgamma_c = sum_n sum_s dy_ncs x^_ncs
 *     dx_ncs = gamma_c r_nc (dy_ncs - mean(dy) - x^_ncs mean(dy x^))
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/definitions/definitions.h"

static void forward(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        const int64_t c = p % view->c;
        const struct reference_statistics statistics =
            reference_set_statistics(view, p, reference_planes_of(view, p, 1, 1));
        reference_put_standardized(view, p / view->c, c, statistics, reference_gamma(view, c),
                                   reference_beta(view, c));
    }
}

static void put_images(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        const int64_t n = p / view->c;
        const int64_t c = p % view->c;
        struct reference_path path = {
            reference_given_set(view, p), reference_gamma(view, c), {.h = {0}}, view->s};
        reference_add_plane(view, n, c, path.given, 1.0, &path.sums);
        reference_put_dx(view, n, c, 1.0, &path, 1);
    }
}

static void put_parameters(const struct reference_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        struct reference_sums sums = {.h = {0}};
        for (int64_t n = 0; n < view->n; n++) {
            reference_add_plane(view, n, c, reference_given_set(view, n * view->c + c), 1.0, &sums);
        }
        reference_put_sum(&view->result->dbeta, c, 1.0, sums.h);
        reference_put_sum(&view->result->dgamma, c, 1.0, sums.h_x_hat);
    }
}

void reference_in(const struct reference_view *view) {
    if (view->backward) {
        reference_find_given(view, (struct reference_set_planes){view->n * view->c, 1, 1, 1});
        put_images(view);
        put_parameters(view);
    } else {
        forward(view);
    }
}

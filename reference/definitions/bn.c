/* Batch normalization [BIN eq. 1], M = N S elements per channel:
 *
 *     mu_c = 1/M sum_n sum_s x_ncs               sigma_c^2 = 1/M sum_n sum_s (x_ncs - mu_c)^2
 *     x^_ncs = (x_ncs - mu_c) / sqrt(sigma_c^2 + epsilon)
 *     y_ncs = gamma_c x^_ncs + beta_c
 *
 * In inference, mu_c and sigma_c^2 are the running mean and variance. Backward,
 * r_c = 1 / sqrt(sigma_c^2 + epsilon):
 *
 *     dbeta_c = sum_n sum_s dy_ncs               dgamma_c = sum_n sum_s dy_ncs x^_ncs
 *     dx_ncs = gamma_c r_c (dy_ncs - dbeta_c / M - x^_ncs dgamma_c / M)
 *     dx_ncs = gamma_c r_c dy_ncs                                                  in inference
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/definitions/definitions.h"

static void forward(const struct reference_view *view, int64_t c) {
    const struct reference_statistics statistics = reference_batch_statistics(view, c);
    for (int64_t n = 0; n < view->n; n++) {
        reference_put_standardized(view, n, c, statistics, reference_gamma(view, c),
                                   reference_beta(view, c));
    }
}

static void backward(const struct reference_view *view, int64_t c) {
    const bool training = view->problem->pass == NORMA_PASS_BACKWARD;
    struct reference_path path = {
        .given = reference_given_batch(view, c),
        .scale = reference_gamma(view, c),
        .count = training ? view->n * view->s : 0,
    };
    for (int64_t n = 0; n < view->n; n++) {
        reference_add_plane(view, n, c, path.given, 1.0, &path.sums);
    }
    reference_put_sum(&view->result->dbeta, c, 1.0, path.sums.h);
    reference_put_sum(&view->result->dgamma, c, 1.0, path.sums.h_x_hat);
    for (int64_t n = 0; n < view->n; n++) {
        reference_put_dx(view, n, c, 1.0, &path, 1);
    }
}

void reference_bn(const struct reference_view *view) {
    if (view->problem->pass == NORMA_PASS_BACKWARD) {
        reference_find_given(view, (struct reference_set_planes){view->c, 1, view->n, view->c});
    }
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        if (view->backward) {
            backward(view, c);
        } else {
            forward(view, c);
        }
    }
}

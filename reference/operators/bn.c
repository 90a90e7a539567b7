/* Batch normalization [BIN eq. 1]:
 *
 *     mu_c = 1/(NS) sum_n sum_s x_ncs            sigma_c^2 = 1/(NS) sum_n sum_s (x_ncs - mu_c)^2
 *     y_ncs = gamma_c (x_ncs - mu_c) / sqrt(sigma_c^2 + epsilon) + beta_c
 *
 * In inference, mu_c and sigma_c^2 are the running mean and variance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operators.h"

void norma_reference_bn(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        const struct norma_moments moments = norma_batch_moments(view, c);
        for (int64_t n = 0; n < view->n; n++) {
            norma_put_standardized(view, n, c, moments);
        }
    }
}

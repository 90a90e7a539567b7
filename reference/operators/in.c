/* Instance normalization [BIN eq. 2]:
 *
 *     mu_nc = 1/S sum_s x_ncs                    sigma_nc^2 = 1/S sum_s (x_ncs - mu_nc)^2
 *     y_ncs = gamma_c (x_ncs - mu_nc) / sqrt(sigma_nc^2 + epsilon) + beta_c
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "operators.h"

void norma_reference_in(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t p = 0; p < view->n * view->c; p++) {
        const struct norma_moments moments =
            norma_moments((struct norma_planes){view->args->x, p, 1, 1, view->s});
        norma_put_value(view->result->mean, p, moments.mean);
        norma_put_value(view->result->inverse_std, p,
                        1.0 / sqrt(moments.variance + view->problem->epsilon));
        norma_put_standardized(view, p / view->c, p % view->c, moments);
    }
}

/* Group normalization, D = C/G channels per group, g the group of c:
 *
 *     mu_ng = 1/(DS) sum_{c in g} sum_s x_ncs    sigma_ng^2 = 1/(DS) sum (x_ncs - mu_ng)^2
 *     y_ncs = gamma_c (x_ncs - mu_ng) / sqrt(sigma_ng^2 + epsilon) + beta_c
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "operators.h"

void norma_reference_gn(const struct norma_view *view) {
    const int64_t groups = view->problem->groups;
    const int64_t channels = view->c / groups;
#pragma omp parallel for if (view->parallel)
    for (int64_t set = 0; set < view->n * groups; set++) {
        const int64_t n = set / groups;
        const int64_t first = set % groups * channels;
        const struct norma_moments moments = norma_moments(
            (struct norma_planes){view->args->x, n * view->c + first, channels, 1, view->s});
        norma_put_value(view->result->mean, set, moments.mean);
        norma_put_value(view->result->inverse_std, set,
                        1.0 / sqrt(moments.variance + view->problem->epsilon));
        for (int64_t c = first; c < first + channels; c++) {
            norma_put_standardized(view, n, c, moments);
        }
    }
}

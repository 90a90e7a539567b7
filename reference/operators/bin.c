/* Batch-instance normalization [BIN eq. 3], x^B and x^I as in eq. 1 and 2:
 *
 *     y_ncs = (rho_c x^B_ncs + (1 - rho_c) x^I_ncs) gamma_c + beta_c
 *
 * In inference the batch half uses the running statistics; the instance half always its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "operators.h"

static void put_plane(const struct norma_view *view, int64_t n, int64_t c,
                      struct norma_moments batch, struct norma_moments instance) {
    const double rho = view->problem->rho_fixed ? view->problem->rho : (double)view->args->rho[c];
    const double gamma = norma_gamma(view, c);
    const double beta = norma_beta(view, c);
    const double batch_deviation = sqrt(batch.variance + view->problem->epsilon);
    const double instance_deviation = sqrt(instance.variance + view->problem->epsilon);
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double x_batch = ((double)x[s] - batch.mean) / batch_deviation;
        const double x_instance = ((double)x[s] - instance.mean) / instance_deviation;
        const double y = (rho * x_batch + (1.0 - rho) * x_instance) * gamma + beta;
        const double terms = (fabs(rho * x_batch) + fabs((1.0 - rho) * x_instance)) * fabs(gamma);
        norma_put(view, n, c, s, y, terms + fabs(beta));
    }
    norma_put_condition(view, n, c, 0,
                        (struct norma_condition){fabs(gamma * rho) / batch_deviation, batch.mean,
                                                 batch_deviation, batch.count});
    norma_put_condition(view, n, c, 1,
                        (struct norma_condition){fabs(gamma * (1.0 - rho)) / instance_deviation,
                                                 instance.mean, instance_deviation,
                                                 instance.count});
}

void norma_reference_bin(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        const struct norma_moments batch = norma_batch_moments(view, c);
        for (int64_t n = 0; n < view->n; n++) {
            const int64_t p = n * view->c + c;
            const struct norma_moments instance =
                norma_moments((struct norma_planes){view->args->x, p, 1, 1, view->s});
            norma_put_value(view->result->instance_mean, p, instance.mean);
            norma_put_value(view->result->instance_inverse_std, p,
                            1.0 / sqrt(instance.variance + view->problem->epsilon));
            put_plane(view, n, c, batch, instance);
        }
    }
}

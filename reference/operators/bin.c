/* Batch-instance normalization [BIN eq. 3], x^B and x^I as in eq. 1 and 2:
 *
 *     y_ncs = (rho_c x^B_ncs + (1 - rho_c) x^I_ncs) gamma_c + beta_c
 *
 * In inference the batch half uses the running statistics; the instance half always its own.
 * Backward, M = N S:
 *
 *     dbeta_c = sum_n sum_s dy_ncs
 *     dgamma_c = sum_n sum_s dy_ncs (rho_c x^B_ncs + (1 - rho_c) x^I_ncs)
 *     drho_c = gamma_c sum_n sum_s (x^B_ncs - x^I_ncs) dy_ncs                           [eq. 5]
 *     dx = [dx of batch normalization with gamma_c rho_c for gamma_c]
 *        + [dx of instance normalization with gamma_c (1 - rho_c) for gamma_c]
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "standardize.h"

static double rho_of(const struct norma_view *view, int64_t c) {
    return view->problem->rho_fixed ? view->problem->rho : (double)view->args->rho[c];
}

/* ---- forward ------------------------------------------------------------------------------ */

static void put_conditions(const struct norma_view *view, int64_t n, int64_t c,
                           struct norma_statistics batch, struct norma_statistics instance) {
    const double rho = rho_of(view, c);
    const double gamma = norma_gamma(view, c);
    const int64_t p = n * view->c + c;
    norma_put_condition(view, p, 0,
                        (struct norma_condition){fabs(gamma * rho) / batch.deviation, batch.mean,
                                                 batch.deviation, batch.count});
    norma_put_condition(view, p, 1,
                        (struct norma_condition){fabs(gamma * (1.0 - rho)) / instance.deviation,
                                                 instance.mean, instance.deviation,
                                                 instance.count});
}

static void put_plane(const struct norma_view *view, int64_t n, int64_t c,
                      struct norma_statistics batch, struct norma_statistics instance) {
    const double rho = rho_of(view, c);
    const double gamma = norma_gamma(view, c);
    const double beta = norma_beta(view, c);
    const float *x = norma_x(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double x_batch = ((double)x[s] - batch.mean) / batch.deviation;
        const double x_instance = ((double)x[s] - instance.mean) / instance.deviation;
        const double y = (rho * x_batch + (1.0 - rho) * x_instance) * gamma + beta;
        const double terms = (fabs(rho * x_batch) + fabs((1.0 - rho) * x_instance)) * fabs(gamma);
        norma_put(view, n, c, s, y, terms + fabs(beta));
    }
}

static void forward(const struct norma_view *view, int64_t c) {
    const struct norma_statistics batch = norma_batch_statistics(view, c);
    for (int64_t n = 0; n < view->n; n++) {
        const int64_t p = n * view->c + c;
        const struct norma_statistics instance = norma_plane_statistics(view, n, c);
        norma_put_value(view->result->instance_mean, p, instance.mean);
        norma_put_value(view->result->instance_inverse_std, p, 1.0 / instance.deviation);
        put_plane(view, n, c, batch, instance);
        put_conditions(view, n, c, batch, instance);
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

static struct norma_given given_instance(const struct norma_view *view, int64_t n, int64_t c) {
    const int64_t p = n * view->c + c;
    return (struct norma_given){(double)view->args->instance_mean[p],
                                (double)view->args->instance_inverse_std[p]};
}

/* Sums over all instances, x^ by the statistics of each. */
static struct norma_sums sums_by_instance(const struct norma_view *view, int64_t c) {
    struct norma_sums sums = {.h = {0}};
    for (int64_t n = 0; n < view->n; n++) {
        norma_add_plane(view, n, c, given_instance(view, n, c), 1.0, &sums);
    }
    return sums;
}

static void put_parameters(const struct norma_view *view, int64_t c, struct norma_sums batch,
                           struct norma_sums instance) {
    const double rho = rho_of(view, c);
    const double gamma = norma_gamma(view, c);
    struct norma_derivative dgamma = {0};
    norma_add_sum(&dgamma, rho, batch.h_x_hat);
    norma_add_sum(&dgamma, 1.0 - rho, instance.h_x_hat);
    norma_put_gradient(&view->result->dgamma, c, dgamma);
    norma_put_sum(&view->result->dbeta, c, 1.0, batch.h);
    struct norma_derivative drho = {0};
    norma_add_sum(&drho, gamma, batch.h_x_hat);
    norma_add_sum(&drho, -gamma, instance.h_x_hat);
    norma_put_gradient(&view->result->drho, c, drho);
}

static void put_dx(const struct norma_view *view, int64_t n, int64_t c, struct norma_path batch) {
    struct norma_path paths[2] = {batch,
                                  {
                                      .given = given_instance(view, n, c),
                                      .scale = norma_gamma(view, c) * (1.0 - rho_of(view, c)),
                                      .count = view->s,
                                  }};
    norma_add_plane(view, n, c, paths[1].given, 1.0, &paths[1].sums);
    norma_put_dx(view, n, c, 1.0, paths, 2);
}

static void backward(const struct norma_view *view, int64_t c) {
    const bool training = view->problem->pass == NORMA_BACKWARD;
    struct norma_path batch = {
        .given = norma_given_batch(view, c),
        .scale = norma_gamma(view, c) * rho_of(view, c),
        .count = training ? view->n * view->s : 0,
    };
    for (int64_t n = 0; n < view->n; n++) {
        norma_add_plane(view, n, c, batch.given, 1.0, &batch.sums);
    }
    put_parameters(view, c, batch.sums, sums_by_instance(view, c));
    for (int64_t n = 0; n < view->n; n++) {
        put_dx(view, n, c, batch);
    }
}

void norma_reference_bin(const struct norma_view *view) {
#pragma omp parallel for if (view->parallel)
    for (int64_t c = 0; c < view->c; c++) {
        if (view->backward) {
            backward(view, c);
        } else {
            forward(view, c);
        }
    }
}

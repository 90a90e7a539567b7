/* Batch-instance normalization [BIN eq. 3], x^B and x^I as in eq. 1 and 2:
 *
 *     y_ncs = (rho_c x^B_ncs + (1 - rho_c) x^I_ncs) gamma_c + beta_c
 *
 * In inference the batch half uses the running statistics; the instance half always uses its own.
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

#include "reference/definitions/definitions.h"

static double rho_of(const struct reference_view *view, int64_t c) {
    return view->problem->rho_fixed ? view->problem->rho : (double)view->args->rho[c];
}

/* ---- forward ------------------------------------------------------------------------------ */

static void put_conditions(const struct reference_view *view, int64_t n, int64_t c,
                           struct reference_statistics batch,
                           struct reference_statistics instance) {
    const double rho = rho_of(view, c);
    const double gamma = reference_gamma(view, c);
    const int64_t p = n * view->c + c;
    reference_put_condition(view, p, 0,
                            (struct reference_condition){fabs(gamma * rho) / batch.deviation,
                                                         batch.mean, batch.deviation, batch.count});
    reference_put_condition(
        view, p, 1,
        (struct reference_condition){fabs(gamma * (1.0 - rho)) / instance.deviation, instance.mean,
                                     instance.deviation, instance.count});
}

static void put_plane(const struct reference_view *view, int64_t n, int64_t c,
                      struct reference_statistics batch, struct reference_statistics instance) {
    const double rho = rho_of(view, c);
    const double gamma = reference_gamma(view, c);
    const double beta = reference_beta(view, c);
    const int64_t first = reference_plane_at(view, n, c);
    for (int64_t s = 0; s < view->s; s++) {
        const double x = reference_x(view, first + s);
        const double x_batch = (x - batch.mean) / batch.deviation;
        const double x_instance = (x - instance.mean) / instance.deviation;
        const double y = (rho * x_batch + (1.0 - rho) * x_instance) * gamma + beta;
        const double terms = (fabs(rho * x_batch) + fabs((1.0 - rho) * x_instance)) * fabs(gamma);
        reference_put(view, n, c, s, y, terms + fabs(beta));
    }
}

static void forward(const struct reference_view *view, int64_t c) {
    const struct reference_statistics batch = reference_batch_statistics(view, c);
    for (int64_t n = 0; n < view->n; n++) {
        const int64_t p = n * view->c + c;
        const struct reference_statistics instance = reference_plane_statistics(view, n, c);
        reference_put_value(view->result->instance_mean, p, instance.mean);
        reference_put_value(view->result->instance_inverse_std, p, 1.0 / instance.deviation);
        put_plane(view, n, c, batch, instance);
        put_conditions(view, n, c, batch, instance);
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

/* Returns the sums over all instances, with x^ from the statistics of each. */
static struct reference_sums sums_by_instance(const struct reference_view *view, int64_t c) {
    struct reference_sums sums = {.h = {0}};
    for (int64_t n = 0; n < view->n; n++) {
        reference_add_plane(view, n, c, reference_given_instance(view, n, c), 1.0, &sums);
    }
    return sums;
}

static void put_parameters(const struct reference_view *view, int64_t c,
                           struct reference_sums batch, struct reference_sums instance) {
    const double rho = rho_of(view, c);
    const double gamma = reference_gamma(view, c);
    struct reference_derivative dgamma = {0};
    reference_add_sum(&dgamma, rho, batch.h_x_hat);
    reference_add_sum(&dgamma, 1.0 - rho, instance.h_x_hat);
    reference_put_gradient(&view->result->dgamma, c, dgamma);
    reference_put_sum(&view->result->dbeta, c, 1.0, batch.h);
    struct reference_derivative drho = {0};
    reference_add_sum(&drho, gamma, batch.h_x_hat);
    reference_add_sum(&drho, -gamma, instance.h_x_hat);
    reference_put_gradient(&view->result->drho, c, drho);
}

/* Adds a plane to the sums about the batch's mean. An implementation may take them about the
 * instance's, and move them. What they then lose follows from the distance of the means, which has
 * no limit in inference. */
static void add_about_batch(const struct reference_view *view, int64_t n, int64_t c,
                            struct reference_given batch, struct reference_sums *sums) {
    const double distance = fabs(reference_given_instance(view, n, c).mean - batch.mean);
    struct reference_sums plane = {.h = {0}};
    reference_add_plane(view, n, c, batch, 1.0, &plane);
    plane.h_x_hat.lost += distance * batch.inverse_std * plane.h.absolute;
    reference_merge(&sums->h, 1.0, plane.h);
    reference_merge(&sums->h_x_hat, 1.0, plane.h_x_hat);
}

static void put_dx(const struct reference_view *view, int64_t n, int64_t c,
                   struct reference_path batch) {
    struct reference_path paths[2] = {
        batch,
        {
            .given = reference_given_instance(view, n, c),
            .scale = reference_gamma(view, c) * (1.0 - rho_of(view, c)),
            .count = view->s,
        }};
    reference_add_plane(view, n, c, paths[1].given, 1.0, &paths[1].sums);
    reference_put_dx(view, n, c, 1.0, paths, 2);
}

static void backward(const struct reference_view *view, int64_t c) {
    const bool training = view->problem->pass == NORMA_PASS_BACKWARD;
    struct reference_path batch = {
        .given = reference_given_batch(view, c),
        .scale = reference_gamma(view, c) * rho_of(view, c),
        .count = training ? view->n * view->s : 0,
    };
    for (int64_t n = 0; n < view->n; n++) {
        add_about_batch(view, n, c, batch.given, &batch.sums);
    }
    put_parameters(view, c, batch.sums, sums_by_instance(view, c));
    for (int64_t n = 0; n < view->n; n++) {
        put_dx(view, n, c, batch);
    }
}

void reference_bin(const struct reference_view *view) {
    if (view->backward) {
        reference_find_given_instances(view);
    }
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

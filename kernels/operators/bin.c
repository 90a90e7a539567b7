/* Batch-instance normalization [BIN eq. 3]:
 *
 *     y = (rho x^B + (1 - rho) x^I) gamma + beta,   x^B = (x - mu_B) r_B,   x^I = (x - mu_I) r_I
 *
 * Both terms are affine in x, so their sum is (x - mu) r gamma + beta with r = rho r_B + (1 - rho)
 * r_I and mu the mean of mu_B and mu_I weighted by the terms' shares of r.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operators/operator.h"

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    const struct norma_problem *problem = channels->problem;
    for (int64_t i = 0; i < channels->count; i++) {
        const double rho =
            problem->rho_fixed ? problem->rho : (double)channels->args->rho[channels->first + i];
        const double batch = rho * channels->batch_inverse_std[i];
        const double instance = (1.0 - rho) * channels->inverse_std[i];
        const double both = batch + instance;
        /* Two products, not mu_I + weight (mu_B - mu_I): exact at rho = 0 and 1, so that BIN is
         * then IN and BN to the bit. */
        const double weight = batch / both;
        affine->centre[i] = weight * channels->batch_mean[i] + (1.0 - weight) * channels->mean[i];
        affine->scale[i] = norma_parameter(channels->args->gamma, channels, i, 1.0) * both;
        affine->shift[i] = norma_parameter(channels->args->beta, channels, i, 0.0);
    }
}

const struct norma_operator_rules norma_rules_bin = {
    .extent = NORMA_PER_PLANE,
    .instance = true,
    .batch = true,
    .affine = true,
    .gate = true,
    .coefficients = coefficients,
};

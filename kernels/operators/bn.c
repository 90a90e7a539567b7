/* Batch normalization [BIN eq. 1]: y = gamma (x - mu_c) / sqrt(sigma_c^2 + epsilon) + beta, with
 * statistics over N and S in training and running ones in inference, which are constants:
 *
 *     training    dx = gamma r (dy - sum(dy) / M - x^ sum(dy x^) / M), M = N S
 *     inference   dx = gamma r dy
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operators/operator.h"
#include "operators/standardize.h"

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        affine->centre[i] = channels->batch_mean[i];
        affine->scale[i] = norma_gamma(channels, i) * channels->batch_inverse_std[i];
        affine->shift[i] = norma_beta(channels, i);
    }
}

static void gradient(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient) {
    const bool constant = channels->problem->pass == NORMA_INFERENCE_BACKWARD;
    const double share = 1.0 / channels->batch_count;
    for (int64_t i = 0; i < channels->count; i++) {
        const double r = channels->batch_inverse_std[i];
        struct norma_standardize_terms terms = {0};
        if (!constant) {
            terms = norma_standardize_terms(r, sums->batch_dy[i], sums->batch_product[i], share);
        }
        gradient->centre[i] = channels->batch_mean[i];
        gradient->dy_scale[i] = norma_gamma(channels, i) * r;
        gradient->x_scale[i] = terms.x_scale;
        gradient->constant[i] = terms.constant;
    }
}

static void parameters(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters) {
    for (int64_t i = 0; i < channels->count; i++) {
        parameters->gamma[i] = channels->batch_inverse_std[i] * sums->product[i];
        parameters->beta[i] = sums->dy[i];
    }
}

const struct norma_operator_rules norma_rules_bn = {
    .extent = NORMA_PER_PLANE,
    .batch = true,
    .scale = true,
    .shift = true,
    .coefficients = coefficients,
    .batch_weight = norma_gamma,
    .gradient = gradient,
    .parameters = parameters,
};

/* Batch normalization [BIN eq. 1]: y = gamma (x - mu_c) / sqrt(sigma_c^2 + epsilon) + beta, with
 * statistics over N and S in training and running ones in inference.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operators/operator.h"

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        affine->centre[i] = channels->batch_mean[i];
        affine->scale[i] = norma_parameter(channels->args->gamma, channels, i, 1.0) *
                           channels->batch_inverse_std[i];
        affine->shift[i] = norma_parameter(channels->args->beta, channels, i, 0.0);
    }
}

const struct norma_operator_rules norma_rules_bn = {
    .extent = NORMA_PER_PLANE,
    .batch = true,
    .affine = true,
    .coefficients = coefficients,
};

/* Batch normalization [BIN eq. 1]: y = gamma (x - mu_c) / sqrt(sigma_c^2 + epsilon) + beta, with
 * statistics over N and S in training, and running ones in inference, which are constants:
 *
 *     training    dx = gamma r (dy - sum(dy) / M - x^ sum(dy x^) / M), M = N S
 *     inference   dx = gamma r dy
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/operators/operator.h"
#include "kernels/operators/standardize.h"

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    norma_standardize_by(channels, channels->batch_mean, channels->batch_inverse_std, affine);
}

static void gradient(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient) {
    const int64_t count = channels->count;
    const double *inverse_std = channels->batch_inverse_std;
    norma_scaled_gradient(channels, channels->batch_mean, inverse_std, gradient);
    if (channels->problem->pass == NORMA_PASS_INFERENCE_BACKWARD) {
        memset(gradient->x_scale, 0, (size_t)count * sizeof(double));
        memset(gradient->constant, 0, (size_t)count * sizeof(double));
    } else {
        norma_standardized_gradient(count, inverse_std, sums->batch_dy, sums->batch_product,
                                    1.0 / channels->batch_count, gradient);
    }
}

static void parameters(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters) {
    norma_standardized_parameters(channels->count, channels->batch_inverse_std, sums, parameters);
}

const struct norma_operator_descriptor norma_descriptor_bn = {
    .extent = NORMA_PER_PLANE,
    .batch = true,
    .scale = true,
    .shift = true,
    .coefficients = coefficients,
    .batch_weights = norma_gammas,
    .gradient = gradient,
    .parameters = parameters,
};

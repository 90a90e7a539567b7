/* Instance normalization [BIN eq. 2]: y = gamma (x - mu_nc) / sqrt(sigma_nc^2 + epsilon) + beta.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/operator.h"
#include "kernels/operators/standardize.h"

const struct norma_operator_descriptor norma_descriptor_in = {
    .extent = NORMA_PER_PLANE,
    .instance = true,
    .scale = true,
    .shift = true,
    .coefficients = norma_standardize,
    .set_weights = norma_gammas,
    .gradient = norma_standardize_gradient,
    .parameters = norma_standardize_parameters,
};

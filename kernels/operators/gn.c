/* Group normalization: y = gamma (x - mu_ng) / sqrt(sigma_ng^2 + epsilon) + beta, with statistics
 * over the C/G channels and S positions of each group.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/operator.h"
#include "kernels/operators/standardize.h"

const struct norma_operator_descriptor norma_descriptor_gn = {
    .extent = NORMA_PER_GROUP,
    .instance = true,
    .scale = true,
    .shift = true,
    .coefficients = norma_standardize,
    .set_weights = norma_gammas,
    .gradient = norma_standardize_gradient,
    .parameters = norma_standardize_parameters,
};

/* Layer normalization: y = gamma_c (x - mu_n) / sqrt(sigma_n^2 + epsilon) + beta_c, with statistics
 * over the channels and positions of each sample. It is group normalization with one group.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/operator.h"
#include "kernels/operators/standardize.h"

static double row_factor(double inverse_std) {
    return inverse_std;
}

const struct norma_operator_descriptor norma_descriptor_ln = {
    .extent = NORMA_PER_SAMPLE,
    .instance = true,
    .scale = true,
    .shift = true,
    .coefficients = norma_standardize,
    .set_weights = norma_gammas,
    .gradient = norma_standardize_gradient,
    .parameters = norma_standardize_parameters,
    .row_factor = row_factor,
};

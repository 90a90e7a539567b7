/* Conditional instance normalization [AdaIN eq. 7]: instance normalization with row style_index[n]
 * of the tables gamma and beta for sample n.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/operator.h"
#include "kernels/operators/standardize.h"

const struct norma_operator_descriptor norma_descriptor_cin = {
    .extent = NORMA_PER_PLANE,
    .instance = true,
    .scale = true,
    .shift = true,
    .tables = true,
    .coefficients = norma_standardize,
    .set_weights = norma_gammas,
    .gradient = norma_standardize_gradient,
    .parameters = norma_standardize_parameters,
};

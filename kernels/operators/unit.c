/* Unitization, practical form [Unit 1.1]: y = [alpha r + (1 - alpha)] x, r = (|x_n|^2 +
 * epsilon)^-1/2 with the norm over all channels and positions of sample n. An alpha per element
 * varies inside a run, so the executor applies that kind itself; the coefficients here serve the
 * other two.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operators/operator.h"

static double alpha_of(const struct norma_channels *channels, int64_t i) {
    return channels->problem->alpha_kind == NORMA_ALPHA_SCALAR
               ? channels->problem->alpha
               : (double)channels->args->alpha[channels->first + i];
}

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double alpha = alpha_of(channels, i);
        affine->centre[i] = 0.0;
        affine->scale[i] = alpha * channels->inverse_std[i] + (1.0 - alpha);
        affine->shift[i] = -0.0; /* x + -0.0 is x for every x, -0.0 included */
    }
}

const struct norma_operator_rules norma_rules_unit = {
    .extent = NORMA_PER_SAMPLE,
    .instance = true,
    .squared_norm = true,
    .weight = true,
    .coefficients = coefficients,
};

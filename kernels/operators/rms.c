/* Root mean square normalization: y = gamma_c x r, r = 1 / sqrt(mean of x_n^2 + epsilon) over the
 * channels and positions of sample n, D = C S of them. Backward, with h = gamma dy:
 *
 *     dx = r h - r^3 x sum(h x) / D        dgamma = sum(r dy x)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/operator.h"

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        affine->centre[i] = 0.0;
        affine->scale[i] = norma_gamma(channels, i) * channels->inverse_std[i];
        affine->shift[i] = -0.0;
    }
}

static void gradient(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double r = channels->inverse_std[i];
        gradient->centre[i] = 0.0;
        gradient->dy_scale[i] = norma_gamma(channels, i) * r;
        gradient->x_scale[i] = -r * r * r * sums->set_product[i] / channels->set_count;
        gradient->constant[i] = -0.0;
    }
}

static void parameters(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters) {
    for (int64_t i = 0; i < channels->count; i++) {
        parameters->gamma[i] = channels->inverse_std[i] * sums->product[i];
    }
}

static double row_factor(double inverse_std) {
    return inverse_std;
}

const struct norma_operator_descriptor norma_descriptor_rms = {
    .extent = NORMA_PER_SAMPLE,
    .instance = true,
    .squared_norm = true,
    .mean_square = true,
    .scale = true,
    .coefficients = coefficients,
    .set_weights = norma_gammas,
    .gradient = gradient,
    .parameters = parameters,
    .row_factor = row_factor,
};

/* Unitization, practical form [Unit 1.1]: y = [alpha r + (1 - alpha)] x, r = (|x_n|^2 +
 * epsilon)^-1/2 with the norm over all channels and positions of sample n. Backward:
 *
 *     dx = [alpha r + (1 - alpha)] dy - r^3 sum(alpha dy x) x        dalpha = sum(dy x (r - 1))
 *
 * An alpha per element varies within a span, so that the executor applies that kind itself
 * (stages/elements.h). The coefficients here serve the other two kinds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/unit.h"
#include "kernels/operators/operator.h"

static double scale(const struct norma_channels *channels, int64_t i) {
    const double alpha = norma_alpha(channels, i);
    return alpha * channels->inverse_std[i] + (1.0 - alpha);
}

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        affine->centre[i] = 0.0;
        affine->scale[i] = scale(channels, i);
        affine->shift[i] = -0.0; /* x + -0.0 is x for every x, -0.0 included */
    }
}

static void gradient(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double r = channels->inverse_std[i];
        gradient->centre[i] = 0.0;
        gradient->dy_scale[i] = scale(channels, i);
        gradient->x_scale[i] = -r * r * r * sums->set_product[i];
        gradient->constant[i] = -0.0;
    }
}

static void parameters(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters) {
    for (int64_t i = 0; i < channels->count; i++) {
        parameters->alpha[i] = sums->product[i] * (channels->inverse_std[i] - 1.0);
    }
}

static void set_weights(const struct norma_channels *channels, double *weights) {
    for (int64_t i = 0; i < channels->count; i++) {
        weights[i] = norma_alpha(channels, i);
    }
}

static double row_factor(double inverse_std) {
    return inverse_std - 1.0;
}

const struct norma_operator_descriptor norma_descriptor_unit = {
    .extent = NORMA_PER_SAMPLE,
    .instance = true,
    .squared_norm = true,
    .weight = true,
    .coefficients = coefficients,
    .set_weights = set_weights,
    .gradient = gradient,
    .parameters = parameters,
    .row_factor = row_factor,
};

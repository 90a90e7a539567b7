/* Unitization in the forms that divide [Unit 1.1], q = |x_n| over the channels and positions of
 * sample n:
 *
 *     y = x / w,   w = alpha q + (1 - alpha)          alpha = 1 (vanilla), a number, or by channel
 *     dx = dy / w - x sum(alpha dy x / w^2) / q       dalpha = -sum(dy x (q - 1) / w^2)
 *
 * If q = 0, vanilla, and scalar with alpha = 1, give the constant vector of norm 1, and the others
 * give 0. There, dx is that of x / (1 - alpha), and 0 where alpha = 1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "kernels/operators/operator.h"
#include "kernels/operators/unit.h"

static double norm(const struct norma_channels *channels, int64_t i) {
    return 1.0 / channels->inverse_std[i];
}

static double divisor(const struct norma_channels *channels, int64_t i) {
    const double alpha = norma_alpha(channels, i);
    return alpha * norm(channels, i) + (1.0 - alpha);
}

/* Returns the elements of y of a sample with norm 0. */
static double constant(const struct norma_channels *channels) {
    const struct norma_problem *problem = channels->problem;
    const bool unit = problem->alpha_kind == NORMA_ALPHA_SCALAR && problem->alpha == 1.0;
    return unit ? 1.0 / sqrt((double)problem->c * (double)norma_problem_spatial(problem)) : -0.0;
}

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        const bool zero = norm(channels, i) == 0.0;
        affine->centre[i] = 0.0;
        affine->scale[i] =
            zero ? 1.0 : 1.0 / divisor(channels, i); /* with x = 0 any scale will do */
        affine->shift[i] = zero ? constant(channels) : -0.0;
    }
}

/* A sample with norm 0, whose x are all 0, contributes nothing. */
static void set_weights(const struct norma_channels *channels, double *weights) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double w = divisor(channels, i);
        weights[i] = norm(channels, i) == 0.0 ? 0.0 : norma_alpha(channels, i) / (w * w);
    }
}

static void gradient(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double q = norm(channels, i);
        const double w = divisor(channels, i);
        gradient->centre[i] = 0.0;
        gradient->dy_scale[i] = w == 0.0 ? 0.0 : 1.0 / w;
        gradient->x_scale[i] = q == 0.0 ? 0.0 : -sums->set_product[i] / q;
        gradient->constant[i] = -0.0;
    }
}

static void parameters(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double q = norm(channels, i);
        const double w = divisor(channels, i);
        parameters->alpha[i] = q == 0.0 ? 0.0 : -sums->product[i] * (q - 1.0) / (w * w);
    }
}

const struct norma_operator_descriptor norma_descriptor_unit_dividing = {
    .extent = NORMA_PER_SAMPLE,
    .instance = true,
    .squared_norm = true,
    .weight = true,
    .coefficients = coefficients,
    .set_weights = set_weights,
    .gradient = gradient,
    .parameters = parameters,
};

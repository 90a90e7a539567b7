/* Adaptive instance normalization [AdaIN eq. 8], sigma(s) the style's standard deviation and mu(s)
 * its mean, blended with the content [eq. 14]:
 *
 *     y = (1 - alpha) x + alpha (sigma(s) (x - mu) r + mu(s))
 *       = (x - mu) (alpha sigma(s) r + 1 - alpha) + alpha mu(s) + (1 - alpha) mu
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "operators/operator.h"

/* alpha = 0 is y = x to the bit, also for -0.0; a NaN or infinity in the content or the style still
 * reaches every output, as 0 * NaN does in the definition. */
static void identity(double poison, const struct norma_affine *affine, int64_t i) {
    affine->centre[i] = 0.0;
    affine->scale[i] = 1.0;
    affine->shift[i] = poison == poison ? -0.0 : poison;
}

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    const double alpha = channels->problem->alpha;
    for (int64_t i = 0; i < channels->count; i++) {
        const double mean = channels->mean[i];
        const double ratio = channels->style_std[i] * channels->inverse_std[i];
        if (alpha == 0.0) {
            identity(0.0 * (channels->style_mean[i] - mean) * ratio, affine, i);
            continue;
        }
        affine->centre[i] = mean;
        affine->scale[i] = alpha * ratio + (1.0 - alpha);
        affine->shift[i] = alpha * channels->style_mean[i] + (1.0 - alpha) * mean;
    }
}

const struct norma_operator_rules norma_rules_adain = {
    .extent = NORMA_PER_PLANE,
    .instance = true,
    .style = true,
    .coefficients = coefficients,
};

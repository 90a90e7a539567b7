/* Adaptive instance normalization [AdaIN eq. 8] with the style's standard deviation sigma(s) and
 * mean mu(s), which are weighted sums where there are several styles [eq. 15], blended with the
 * content [eq. 14]:
 *
 *     y = (1 - alpha) x + alpha (sigma(s) (x - mu) r + mu(s))
 *       = (x - mu) (alpha sigma(s) r + 1 - alpha) + alpha mu(s) + (1 - alpha) mu
 *
 * Backward, dx is that of instance normalization with gamma = alpha sigma(s), plus (1 - alpha) dy.
 * With style=swap the sample is itself the style of another sample p. With the sums over p,
 *
 *     dx += alpha sum(dy) / S + alpha sum(dy x^) (x - mu(s)) / (S sigma(s))
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "kernels/operators/adain.h"
#include "kernels/operators/operator.h"
#include "kernels/operators/standardize.h"

/* Makes y = x to the bit, also for -0.0, which is the result with alpha = 0. A NaN or infinity in
 * the content or the style still reaches every output, as 0 * NaN does in the definition. */
static void identity(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double ratio = channels->style_std[i] * channels->inverse_std[i];
        const double poison = 0.0 * (channels->style_mean[i] - channels->mean[i]) * ratio;
        affine->centre[i] = 0.0;
        affine->scale[i] = 1.0;
        affine->shift[i] = poison == poison ? -0.0 : poison;
    }
}

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    const double alpha = channels->problem->alpha;
    double *restrict scale = affine->scale, *restrict shift = affine->shift;
    if (alpha == 0.0) {
        identity(channels, affine);
        return;
    }
    memcpy(affine->centre, channels->mean, (size_t)channels->count * sizeof(double));
    for (int64_t i = 0; i < channels->count; i++) {
        scale[i] = alpha * (channels->style_std[i] * channels->inverse_std[i]) + (1.0 - alpha);
        shift[i] = alpha * channels->style_mean[i] + (1.0 - alpha) * channels->mean[i];
    }
}

static double weight(const struct norma_channels *channels, int64_t i) {
    return channels->problem->alpha * channels->style_std[i];
}

static void set_weights(const struct norma_channels *channels, double *weights) {
    for (int64_t i = 0; i < channels->count; i++) {
        weights[i] = weight(channels, i);
    }
}

struct norma_style_gradient norma_gradient_of_style(const struct norma_problem *problem,
                                                    double weight, double inverse_std, double dy,
                                                    double product) {
    return (struct norma_style_gradient){
        .mean = problem->alpha * weight * dy,
        .deviation = problem->alpha * weight * (inverse_std * product),
    };
}

/* The derivative of sqrt(m2 / count + epsilon), or of sqrt(m2 / (count - 1)), is (s - mu) / (count
 * or count - 1) / sigma; 0 where sigma is. */
struct norma_affine_of_style norma_style_affine(const struct norma_problem *problem,
                                                struct norma_style_gradient gradient,
                                                double deviation, double count) {
    const double divisor = problem->style_unbiased ? count - 1.0 : count;
    return (struct norma_affine_of_style){
        .scale = deviation == 0.0 ? 0.0 : gradient.deviation / (divisor * deviation),
        .shift = gradient.mean / count,
    };
}

/* Adds the gradient of the sample as a style. Its mean as a style is its mean as a content, so that
 * both terms have one centre. One that is not finite reaches dx all the same. */
static void add_styled(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_gradient_affine *gradient, int64_t i) {
    const struct norma_args *args = channels->args;
    const int64_t at = sums->styled * channels->problem->c + channels->first + i;
    const struct norma_affine_of_style styled = norma_style_affine(
        channels->problem,
        norma_gradient_of_style(channels->problem, 1.0, (double)args->inverse_std[at],
                                sums->styled_dy[i], sums->styled_product[i]),
        (double)args->style_std[at], channels->set_count);
    const double style_mean = (double)args->style_mean[at];
    gradient->x_scale[i] += styled.scale;
    gradient->constant[i] += styled.shift + (isfinite(style_mean) ? 0.0 : style_mean);
}

static void gradient(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient) {
    const double share = 1.0 / channels->set_count;
    for (int64_t i = 0; i < channels->count; i++) {
        const double r = channels->inverse_std[i];
        struct norma_standardize_terms terms = {0};
        if (channels->set_count > 0.0) {
            terms = norma_standardize_terms(r, sums->set_dy[i], sums->set_product[i], share);
        }
        gradient->centre[i] = channels->mean[i];
        gradient->dy_scale[i] = weight(channels, i) * r + (1.0 - channels->problem->alpha);
        gradient->x_scale[i] = terms.x_scale;
        gradient->constant[i] = terms.constant;
        if (sums->styled_dy) {
            add_styled(channels, sums, gradient, i);
        }
    }
}

const struct norma_operator_descriptor norma_descriptor_adain = {
    .extent = NORMA_PER_PLANE,
    .instance = true,
    .style = true,
    .coefficients = coefficients,
    .set_weights = set_weights,
    .gradient = gradient,
};

/* Batch-instance normalization [BIN eq. 3]:
 *
 *     y = (rho x^B + (1 - rho) x^I) gamma + beta,   x^B = (x - mu_B) r_B,   x^I = (x - mu_I) r_I
 *
 * Both terms are affine in x, so that their sum is (x - mu) r gamma + beta with
 * r = rho r_B + (1 - rho) r_I and mu the mean of mu_B and mu_I, weighted by the terms' shares of r.
 * Backward, dx is the sum of that of batch normalization with gamma rho and that of instance
 * normalization with gamma (1 - rho), and [BIN eq. 5]
 *
 *     dgamma = sum(dy (rho x^B + (1 - rho) x^I))     drho = gamma sum(dy (x^B - x^I))
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "kernels/operators/operator.h"
#include "kernels/operators/standardize.h"

static double gate(const struct norma_channels *channels, int64_t i) {
    return channels->problem->rho_fixed ? channels->problem->rho
                                        : (double)channels->args->rho[channels->first + i];
}

static void fill_gates(const struct norma_channels *channels, double *restrict gates) {
    for (int64_t i = 0; i < channels->count; i++) {
        gates[i] = gate(channels, i);
    }
}

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    double *restrict centre = affine->centre, *restrict scale = affine->scale;
    norma_gammas(channels, scale);
    norma_betas(channels, affine->shift);
    fill_gates(channels, centre);
    for (int64_t i = 0; i < channels->count; i++) {
        const double rho = centre[i];
        const double batch = rho * channels->batch_inverse_std[i];
        const double instance = (1.0 - rho) * channels->inverse_std[i];
        const double both = batch + instance;
        /* From the mean with the larger share, because the sum is then exact where the means are
         * equal (an infinite gamma times x - mu = 0 is NaN, not an infinity that a ReLU hides), and
         * at rho = 0 and 1: BIN is then IN and BN to the bit. Both shares are quotients, because
         * 1 - batch / both has no digit left where the deviation of the instance is 10^16 times the
         * running one. */
        const double apart = channels->batch_mean[i] - channels->mean[i];
        centre[i] = fabs(batch) > fabs(instance)
                        ? channels->batch_mean[i] - (instance / both) * apart
                        : channels->mean[i] + (batch / both) * apart;
        scale[i] *= both;
    }
}

static void instance_weights(const struct norma_channels *channels, double *weights) {
    for (int64_t i = 0; i < channels->count; i++) {
        weights[i] = norma_gamma(channels, i) * (1.0 - gate(channels, i));
    }
}

static void batch_weights(const struct norma_channels *channels, double *weights) {
    for (int64_t i = 0; i < channels->count; i++) {
        weights[i] = norma_gamma(channels, i) * gate(channels, i);
    }
}

/* Adds two affines in x that have centres of their own. The sum is about the centre of the steeper
 * one. Moving the other to that centre then loses less than rounding the steeper one's terms
 * does. */
static void join(double batch_mean, struct norma_standardize_terms batch, double mean,
                 struct norma_standardize_terms instance,
                 const struct norma_gradient_affine *gradient, int64_t i) {
    const bool about_batch = fabs(batch.x_scale) >= fabs(instance.x_scale);
    const double moved =
        about_batch ? instance.x_scale * (batch_mean - mean) : batch.x_scale * (mean - batch_mean);
    gradient->centre[i] = about_batch ? batch_mean : mean;
    gradient->x_scale[i] = batch.x_scale + instance.x_scale;
    gradient->constant[i] = batch.constant + instance.constant + moved;
}

static void gradient(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient) {
    const bool constant = channels->problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
    const double batch_share = 1.0 / channels->batch_count;
    const double set_share = 1.0 / channels->set_count;
    for (int64_t i = 0; i < channels->count; i++) {
        const double rho = gate(channels, i);
        const double r_batch = channels->batch_inverse_std[i];
        const double r_instance = channels->inverse_std[i];
        struct norma_standardize_terms batch = {0};
        if (!constant) {
            batch = norma_standardize_terms(r_batch, sums->batch_dy[i], sums->batch_product[i],
                                            batch_share);
        }
        const struct norma_standardize_terms instance =
            norma_standardize_terms(r_instance, sums->set_dy[i], sums->set_product[i], set_share);
        gradient->dy_scale[i] =
            norma_gamma(channels, i) * (rho * r_batch + (1.0 - rho) * r_instance);
        join(channels->batch_mean[i], batch, channels->mean[i], instance, gradient, i);
    }
}

static void parameters(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double rho = gate(channels, i);
        const double about_batch =
            sums->product[i] + (channels->mean[i] - channels->batch_mean[i]) * sums->dy[i];
        const double batch = channels->batch_inverse_std[i] * about_batch;
        const double instance = channels->inverse_std[i] * sums->product[i];
        parameters->gamma[i] = rho * batch + (1.0 - rho) * instance;
        parameters->beta[i] = sums->dy[i];
        parameters->gate[i] = norma_gamma(channels, i) * (batch - instance);
    }
}

const struct norma_operator_descriptor norma_descriptor_bin = {
    .extent = NORMA_PER_PLANE,
    .instance = true,
    .batch = true,
    .scale = true,
    .shift = true,
    .gate = true,
    .coefficients = coefficients,
    .set_weights = instance_weights,
    .batch_weights = batch_weights,
    .gradient = gradient,
    .parameters = parameters,
};

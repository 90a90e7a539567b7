/* Unitization as a layer, as its authors train it. First z = (x - mu_c) r_c is standardized over
 * the batch, by running statistics in inference, and then
 *
 *     q_n = sum_cs z^2 / (S k),   u_n = 1 / sqrt(q_n + epsilon)
 *     y = gamma_c t_nc z + beta_c,   t_nc = alpha_c u_n + (1 - alpha_c)
 *
 * Backward, with v_n = u_n^3 sum_c(alpha gamma sum_s(dy z)) / (S k):
 *
 *     dz = gamma t dy - v z
 *     dx = r (dz - sum(dz) / M - z sum(dz z) / M) over the batch, M = N S; in inference r dz
 *     dgamma = sum(t dy z)   dbeta = sum(dy)   dalpha = sum(gamma (u - 1) dy z)
 *
 * Every sample depends on every other, and so does every channel. The sums over z in which dy does
 * not occur come from the moments of the planes, so that x is still read only twice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "kernels/operators/operator.h"
#include "kernels/operators/standardize.h"
#include "kernels/operators/unit.h"

/* ---- what depends on all samples and channels --------------------------------------------- */

/* Sums of z and z^2 over plane (n, c). */
struct z_sums {
    double z, squares;
};

static struct z_sums z_sums_of(const struct norma_mixing *mixing, int64_t n, int64_t c) {
    const double s = (double)norma_problem_spatial(mixing->problem);
    const int64_t plane = n * mixing->problem->c + c;
    const double r = mixing->batch_inverse_std[c];
    const double offset = mixing->mean[plane] - mixing->batch_mean[c];
    return (struct z_sums){s * offset * r, (mixing->m2[plane] + s * offset * offset) * r * r};
}

static double alpha_of(const struct norma_mixing *mixing, int64_t c) {
    return mixing->problem->alpha_kind == NORMA_ALPHA_SCALAR ? mixing->problem->alpha
                                                             : (double)mixing->args->alpha[c];
}

static double gamma_of(const struct norma_mixing *mixing, int64_t c) {
    return mixing->args->gamma ? (double)mixing->args->gamma[c] : 1.0;
}

static double divisor(const struct norma_mixing *mixing) {
    return (double)norma_problem_spatial(mixing->problem) * mixing->problem->norm_scale;
}

static void fill_inverse_norms(const struct norma_mixing *mixing) {
    for (int64_t n = 0; n < mixing->problem->n; n++) {
        double squares = 0.0;
        for (int64_t c = 0; c < mixing->problem->c; c++) {
            squares += z_sums_of(mixing, n, c).squares;
        }
        mixing->inverse_norm[n] = 1.0 / sqrt(squares / divisor(mixing) + mixing->problem->epsilon);
    }
}

/* Writes v_n. */
static void fill_norm_slopes(const struct norma_mixing *mixing) {
    for (int64_t n = 0; n < mixing->problem->n; n++) {
        double sum = 0.0;
        for (int64_t c = 0; c < mixing->problem->c; c++) {
            sum += alpha_of(mixing, c) * gamma_of(mixing, c) * mixing->batch_inverse_std[c] *
                   mixing->product[n * mixing->problem->c + c];
        }
        const double u = mixing->inverse_norm[n];
        mixing->norm_slope[n] = u * u * u * sum / divisor(mixing);
    }
}

/* Writes sum(dz) and sum(dz (x - mu)) over the batch. */
static void fill_batch_sums(const struct norma_mixing *mixing) {
    for (int64_t c = 0; c < mixing->problem->c; c++) {
        const double alpha = alpha_of(mixing, c);
        double dz = 0.0, product = 0.0;
        for (int64_t n = 0; n < mixing->problem->n; n++) {
            const int64_t plane = n * mixing->problem->c + c;
            const double slope =
                gamma_of(mixing, c) * (alpha * mixing->inverse_norm[n] + (1.0 - alpha));
            const struct z_sums z = z_sums_of(mixing, n, c);
            dz += slope * mixing->dy[plane] - mixing->norm_slope[n] * z.z;
            product += slope * mixing->product[plane] -
                       mixing->norm_slope[n] * z.squares / mixing->batch_inverse_std[c];
        }
        mixing->batch_dy[c] = dz;
        mixing->batch_product[c] = product;
    }
}

static void mix_samples(const struct norma_mixing *mixing) {
    fill_inverse_norms(mixing);
    if (mixing->dy) {
        fill_norm_slopes(mixing);
        fill_batch_sums(mixing);
    }
}

/* ---- coefficients ------------------------------------------------------------------------- */

/* Returns gamma t. */
static double slope(const struct norma_channels *channels, int64_t i) {
    const double alpha = norma_alpha(channels, i);
    return norma_gamma(channels, i) * (alpha * channels->inverse_norm + (1.0 - alpha));
}

static void coefficients(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        affine->centre[i] = channels->batch_mean[i];
        affine->scale[i] = slope(channels, i) * channels->batch_inverse_std[i];
    }
    norma_betas(channels, affine->shift);
}

static void gradient(const struct norma_channels *channels, const struct norma_sums *sums,
                     const struct norma_gradient_affine *gradient) {
    const bool constant = channels->problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
    const double share = 1.0 / channels->batch_count;
    for (int64_t i = 0; i < channels->count; i++) {
        const double r = channels->batch_inverse_std[i];
        struct norma_standardize_terms batch = {0};
        if (!constant) {
            batch = norma_standardize_terms(r, sums->batch_dy[i], sums->batch_product[i], share);
        }
        gradient->centre[i] = channels->batch_mean[i];
        gradient->dy_scale[i] = slope(channels, i) * r;
        gradient->x_scale[i] = batch.x_scale - sums->norm_slope * r * r;
        gradient->constant[i] = batch.constant;
    }
}

static void parameters(const struct norma_channels *channels, const struct norma_sums *sums,
                       const struct norma_parameter_sums *parameters) {
    for (int64_t i = 0; i < channels->count; i++) {
        const double alpha = norma_alpha(channels, i);
        const double product = channels->batch_inverse_std[i] * sums->product[i];
        parameters->gamma[i] = (alpha * channels->inverse_norm + (1.0 - alpha)) * product;
        parameters->beta[i] = sums->dy[i];
        parameters->alpha[i] = norma_gamma(channels, i) * (channels->inverse_norm - 1.0) * product;
    }
}

const struct norma_operator_descriptor norma_descriptor_unit_layer = {
    .extent = NORMA_PER_PLANE,
    .instance = true,
    .batch = true,
    .scale = true,
    .shift = true,
    .weight = true,
    .coefficients = coefficients,
    .gradient = gradient,
    .parameters = parameters,
    .mix_samples = mix_samples,
};

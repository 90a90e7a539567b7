/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/operators/standardize.h"

#include <string.h>

/* Computes each array in a loop of its own without branches, which the compiler can vectorize. This
 * matters if there are many small planes. */
static void centre_and_scale(const struct norma_channels *channels, const double *mean,
                             const double *inverse_std, double *centre, double *restrict scale) {
    memcpy(centre, mean, (size_t)channels->count * sizeof(double));
    norma_gammas(channels, scale);
    for (int64_t i = 0; i < channels->count; i++) {
        scale[i] *= inverse_std[i];
    }
}

void norma_standardize(const struct norma_channels *channels, const struct norma_affine *affine) {
    norma_standardize_by(channels, channels->mean, channels->inverse_std, affine);
}

void norma_standardize_by(const struct norma_channels *channels, const double *mean,
                          const double *inverse_std, const struct norma_affine *affine) {
    centre_and_scale(channels, mean, inverse_std, affine->centre, affine->scale);
    norma_betas(channels, affine->shift);
}

void norma_scaled_gradient(const struct norma_channels *channels, const double *mean,
                           const double *inverse_std,
                           const struct norma_gradient_affine *gradient) {
    centre_and_scale(channels, mean, inverse_std, gradient->centre, gradient->dy_scale);
}

void norma_standardized_gradient(int64_t count, const double *inverse_std, const double *dy,
                                 const double *product, double share,
                                 const struct norma_gradient_affine *gradient) {
    double *restrict x_scale = gradient->x_scale, *restrict constant = gradient->constant;
    for (int64_t i = 0; i < count; i++) {
        const struct norma_standardize_terms terms =
            norma_standardize_terms(inverse_std[i], dy[i], product[i], share);
        x_scale[i] = terms.x_scale;
        constant[i] = terms.constant;
    }
}

void norma_standardize_gradient(const struct norma_channels *channels,
                                const struct norma_sums *sums,
                                const struct norma_gradient_affine *gradient) {
    norma_scaled_gradient(channels, channels->mean, channels->inverse_std, gradient);
    norma_standardized_gradient(channels->count, channels->inverse_std, sums->set_dy,
                                sums->set_product, 1.0 / channels->set_count, gradient);
}

void norma_standardize_parameters(const struct norma_channels *channels,
                                  const struct norma_sums *sums,
                                  const struct norma_parameter_sums *parameters) {
    norma_standardized_parameters(channels->count, channels->inverse_std, sums, parameters);
}

void norma_standardized_parameters(int64_t count, const double *inverse_std,
                                   const struct norma_sums *sums,
                                   const struct norma_parameter_sums *parameters) {
    double *restrict gamma = parameters->gamma;
    memcpy(parameters->beta, sums->dy, (size_t)count * sizeof(double));
    for (int64_t i = 0; i < count; i++) {
        gamma[i] = inverse_std[i] * sums->product[i];
    }
}

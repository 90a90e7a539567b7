/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/standardize.h"

#include <string.h>

void norma_standardize(const struct norma_channels *channels, const struct norma_affine *affine) {
    /* One loop for each, with nothing to ask in it: of small planes there are many. */
    const int64_t count = channels->count;
    const int64_t at = channels->row * channels->problem->c + channels->first;
    const float *gamma = channels->args->gamma, *beta = channels->args->beta;
    memcpy(affine->centre, channels->mean, (size_t)count * sizeof(double));
    memcpy(affine->scale, channels->inverse_std, (size_t)count * sizeof(double));
    for (int64_t i = 0; gamma && i < count; i++) {
        affine->scale[i] *= (double)gamma[at + i];
    }
    for (int64_t i = 0; i < count; i++) {
        affine->shift[i] = beta ? (double)beta[at + i] : 0.0;
    }
}

void norma_standardize_gradient(const struct norma_channels *channels,
                                const struct norma_sums *sums,
                                const struct norma_gradient_affine *gradient) {
    const double share = 1.0 / channels->set_count;
    for (int64_t i = 0; i < channels->count; i++) {
        const double r = channels->inverse_std[i];
        const struct norma_standardize_terms terms =
            norma_standardize_terms(r, sums->set_dy[i], sums->set_product[i], share);
        gradient->centre[i] = channels->mean[i];
        gradient->dy_scale[i] = norma_gamma(channels, i) * r;
        gradient->x_scale[i] = terms.x_scale;
        gradient->constant[i] = terms.constant;
    }
}

void norma_standardize_parameters(const struct norma_channels *channels,
                                  const struct norma_sums *sums,
                                  const struct norma_parameter_sums *parameters) {
    for (int64_t i = 0; i < channels->count; i++) {
        parameters->gamma[i] = channels->inverse_std[i] * sums->product[i];
        parameters->beta[i] = sums->dy[i];
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/standardize.h"

void norma_standardize(const struct norma_channels *channels, const struct norma_affine *affine) {
    for (int64_t i = 0; i < channels->count; i++) {
        affine->centre[i] = channels->mean[i];
        affine->scale[i] =
            norma_parameter(channels->args->gamma, channels, i, 1.0) * channels->inverse_std[i];
        affine->shift[i] = norma_parameter(channels->args->beta, channels, i, 0.0);
    }
}

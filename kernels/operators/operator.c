/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/operators/operator.h"

/* Writes the values of a parameter, of the sample's row of a table or of the only one. */
static void fill(const struct norma_channels *channels, const float *parameter, double fallback,
                 double *restrict values) {
    const int64_t at = channels->row * channels->problem->c + channels->first;
    for (int64_t i = 0; i < channels->count; i++) {
        values[i] = parameter ? (double)parameter[at + i] : fallback;
    }
}

void norma_gammas(const struct norma_channels *channels, double *restrict gammas) {
    fill(channels, channels->args->gamma, 1.0, gammas);
}

void norma_betas(const struct norma_channels *channels, double *restrict betas) {
    fill(channels, channels->args->beta, 0.0, betas);
}

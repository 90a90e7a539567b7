/* Training the gate of batch-instance normalization.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "norma.h"

/* Comparisons that a NaN fails leave it as it is. */
static double clip(double value) {
    if (value < 0.0) {
        return 0.0;
    }
    return value > 1.0 ? 1.0 : value;
}

norma_status norma_gate_update(float *rho, const float *drho, int64_t channels, double rate,
                               double multiple) {
    if (!rho || !drho) {
        return NORMA_NULL;
    }
    for (int64_t c = 0; c < channels; c++) {
        rho[c] = (float)clip((double)rho[c] - multiple * rate * (double)drho[c]);
    }
    return NORMA_OK;
}

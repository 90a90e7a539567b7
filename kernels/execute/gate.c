/* Training the gate of batch-instance normalization.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/stages.h"

/* Returns the value limited to [0, 1]. A NaN stays a NaN. */
static double clip(double value) {
    if (value < 0.0) {
        return 0.0;
    }
    return value > 1.0 ? 1.0 : value;
}

/* Must not be inlined: rate and multiple are not in memory, so that their product could be computed
 * before the environment is entered. */
__attribute__((noinline)) static void update(float *rho, const float *drho, int64_t channels,
                                             double rate, double multiple) {
    for (int64_t c = 0; c < channels; c++) {
        rho[c] = (float)clip((double)rho[c] - multiple * rate * (double)drho[c]);
    }
}

norma_status norma_gate_update(float *rho, const float *drho, int64_t channels, double rate,
                               double multiple) {
    if (!rho || !drho) {
        return NORMA_STATUS_NULL;
    }
    const struct norma_environment caller = norma_environment_enter();
    update(rho, drho, channels, rate, multiple);
    norma_environment_leave(caller);
    return NORMA_STATUS_OK;
}

/* What an epilogue costs where it is not part of another step. A ReLU forward always is; the sum
 * with the residual and its ReLU are a pass of their own after oneDNN's batch normalization.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_EPILOGUE_H
#define REFERENCE_ONEDNN_STEPS_EPILOGUE_H

#include "reference/onednn/steps/geometry.h"

struct onednn_epilogue {
    struct onednn_step add; /* add_relu; else not created */
};

norma_status onednn_epilogue_create(struct onednn_epilogue *self,
                                    const struct onednn_geometry *geometry,
                                    norma_epilogue epilogue);
/* y = relu(y + residual), or nothing. */
norma_status onednn_epilogue_run(const struct onednn_epilogue *self, float *y,
                                 const float *residual);

#endif

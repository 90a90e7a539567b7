/* The epilogue where it is a pass of its own. Forward, a ReLU always is part of another step; the
 * sum with the residual and its ReLU are a pass of their own after oneDNN's batch normalization.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_EPILOGUE_H
#define REFERENCE_ONEDNN_STEPS_EPILOGUE_H

#include "reference/onednn/steps/geometry.h"

struct onednn_epilogue {
    struct onednn_step add; /* created for add_relu only */
};

norma_status onednn_epilogue_create(struct onednn_epilogue *self,
                                    const struct onednn_geometry *geometry,
                                    norma_epilogue epilogue);
/* Computes y = relu(y + residual) for add_relu; otherwise does nothing. */
norma_status onednn_epilogue_run(const struct onednn_epilogue *self, float *y,
                                 const float *residual);

#endif

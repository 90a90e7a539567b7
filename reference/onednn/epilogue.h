/* What an epilogue costs where it is not part of another step. A ReLU forward always is; the sum
 * with the residual and its ReLU are a pass of their own after oneDNN's batch normalization.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_ONEDNN_EPILOGUE_H
#define NORMA_ONEDNN_EPILOGUE_H

#include "geometry.h"

struct norma_onednn_epilogue {
    struct norma_onednn_step add; /* add_relu; else not created */
};

norma_status norma_onednn_epilogue_create(struct norma_onednn_epilogue *self,
                                          const struct norma_onednn_geometry *geometry,
                                          norma_epilogue epilogue);
/* y = relu(y + residual), or nothing. */
norma_status norma_onednn_epilogue_run(const struct norma_onednn_epilogue *self, float *y,
                                       const float *residual);

#endif

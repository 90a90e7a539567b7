/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/steps/epilogue.h"

norma_status onednn_epilogue_create(struct onednn_epilogue *self,
                                    const struct onednn_geometry *geometry,
                                    norma_epilogue epilogue) {
    const struct onednn_shape data = onednn_tensor(geometry);
    const struct onednn_link link = {dnnl_binary_add, data};
    return epilogue != NORMA_EPILOGUE_ADD_RELU
               ? NORMA_STATUS_OK
               : onednn_create_chain(&self->add, &data, 1, &link, true);
}

norma_status onednn_epilogue_run(const struct onednn_epilogue *self, float *y,
                                 const float *residual) {
    if (self->add.primitive == NULL) {
        return NORMA_STATUS_OK;
    }
    onednn_bind(&self->add, DNNL_ARG_SRC_0, y);
    onednn_bind(&self->add, ONEDNN_OPERAND(0), residual);
    onednn_bind(&self->add, DNNL_ARG_DST, y);
    return onednn_run(&self->add);
}

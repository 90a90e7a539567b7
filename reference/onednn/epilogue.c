/* The sum with the residual.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "epilogue.h"

norma_status norma_onednn_epilogue_create(struct norma_onednn_epilogue *self,
                                          const struct norma_onednn_geometry *geometry,
                                          norma_epilogue epilogue) {
    const struct norma_onednn_shape data = norma_onednn_tensor(geometry);
    const struct norma_onednn_link link = {dnnl_binary_add, data};
    return epilogue != NORMA_EPILOGUE_ADD_RELU
               ? NORMA_OK
               : norma_onednn_create_chain(&self->add, &data, 1, &link, true);
}

norma_status norma_onednn_epilogue_run(const struct norma_onednn_epilogue *self, float *y,
                                       const float *residual) {
    if (self->add.primitive == NULL) {
        return NORMA_OK;
    }
    norma_onednn_bind(&self->add, DNNL_ARG_SRC_0, y);
    norma_onednn_bind(&self->add, NORMA_ONEDNN_OPERAND(0), residual);
    norma_onednn_bind(&self->add, DNNL_ARG_DST, y);
    return norma_onednn_run(&self->add);
}

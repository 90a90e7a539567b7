/* Copies of the large tensors in another layout than the caller's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_ONEDNN_COPIES_H
#define NORMA_ONEDNN_COPIES_H

#include "geometry.h"

enum norma_onednn_tensor_id {
    NORMA_ONEDNN_X,
    NORMA_ONEDNN_Y,
    NORMA_ONEDNN_RESIDUAL,
    NORMA_ONEDNN_STYLE,
    NORMA_ONEDNN_ALPHA, /* of elements: as large as a sample */
    NORMA_ONEDNN_DY,
    NORMA_ONEDNN_DX,
    NORMA_ONEDNN_DRESIDUAL,
    NORMA_ONEDNN_DSTYLE,
    NORMA_ONEDNN_TENSORS
};

/* Zeros where the problem does not use the tensor; one of the steps is there. */
struct norma_onednn_copy {
    struct norma_onednn_step import, export;
    float *data;
};

struct norma_onednn_copies {
    struct norma_onednn_copy tensors[NORMA_ONEDNN_TENSORS];
};

norma_status norma_onednn_copies_create(struct norma_onednn_copies *self,
                                        const struct norma_problem *problem,
                                        const struct norma_onednn_geometry *geometry);
/* The inputs, into the copies; the outputs, out of them, where they are wanted. */
norma_status norma_onednn_copies_import(const struct norma_onednn_copies *self,
                                        const struct norma_args *args);
norma_status norma_onednn_copies_export(const struct norma_onednn_copies *self,
                                        const struct norma_args *args);
/* The arguments with the copies for the tensors; what the caller does not want stays NULL. */
struct norma_args norma_onednn_copied_args(const struct norma_onednn_copies *self,
                                           const struct norma_args *args);
void norma_onednn_copies_destroy(struct norma_onednn_copies *self);

#endif

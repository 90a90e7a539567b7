/* Copies of the large tensors in another layout than the caller's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_COPIES_H
#define REFERENCE_ONEDNN_STEPS_COPIES_H

#include "reference/onednn/steps/geometry.h"

enum onednn_tensor_id {
    ONEDNN_X,
    ONEDNN_Y,
    ONEDNN_RESIDUAL,
    ONEDNN_STYLE,
    ONEDNN_ALPHA, /* of elements: as large as a sample */
    ONEDNN_DY,
    ONEDNN_DX,
    ONEDNN_DRESIDUAL,
    ONEDNN_DSTYLE,
    ONEDNN_TENSORS
};

/* Zeros where the problem does not use the tensor; one of the steps is there. */
struct onednn_copy {
    struct onednn_step import, export;
    float *data;
};

struct onednn_copies {
    struct onednn_copy tensors[ONEDNN_TENSORS];
};

norma_status onednn_copies_create(struct onednn_copies *self, const struct norma_problem *problem,
                                  const struct onednn_geometry *geometry);
/* The inputs, into the copies; the outputs, out of them, where they are wanted. */
norma_status onednn_copies_import(const struct onednn_copies *self, const struct norma_args *args);
norma_status onednn_copies_export(const struct onednn_copies *self, const struct norma_args *args);
/* The arguments with the copies for the tensors; what the caller does not want stays NULL. */
struct norma_args onednn_copied_args(const struct onednn_copies *self,
                                     const struct norma_args *args);
void onednn_copies_destroy(struct onednn_copies *self);

#endif

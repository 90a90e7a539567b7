/* Copies of the large tensors in another layout than the caller's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_COPIES_H
#define REFERENCE_ONEDNN_STEPS_COPIES_H

#include "reference/interface/interface.h"
#include "reference/onednn/steps/geometry.h"

/* The copy of one tensor. An input has `import`, an output `export`; a tensor that is not copied is
 * all zeros. */
struct onednn_copy {
    struct onednn_step import, export;
    float *data;
};

struct onednn_copies {
    struct onednn_copy tensors[REFERENCE_TENSOR_COUNT];
};

/* Creates a copy of every tensor of the problem that has an element for each position. */
norma_status onednn_copies_create(struct onednn_copies *self, const struct norma_problem *problem,
                                  const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                                  const struct onednn_geometry *geometry);
/* Copies the inputs into the copies. */
norma_status onednn_copies_import(const struct onednn_copies *self, const struct norma_args *args);
/* Copies the outputs out of the copies, where they are requested. */
norma_status onednn_copies_export(const struct onednn_copies *self, const struct norma_args *args);
/* Returns the arguments with the copies in place of the tensors; a tensor that the caller does not
 * give or want stays NULL. */
struct norma_args onednn_copied_args(const struct onednn_copies *self,
                                     const struct norma_args *args);
void onednn_copies_destroy(struct onednn_copies *self);

#endif

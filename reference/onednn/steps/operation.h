/* An operator as this folder implements it: its oneDNN primitives, created for one problem in one
 * geometry, and the host's work between them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_OPERATION_H
#define REFERENCE_ONEDNN_STEPS_OPERATION_H

#include "reference/onednn/steps/geometry.h"

struct onednn_operator {
    size_t size; /* bytes of the operation, which is all zeros before create */
    norma_status (*create)(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads);
    /* Executes the operation. The tensors that copies.h can copy are in the geometry's layout;
     * everything else is the caller's. dy is the gradient before the epilogue; dx may be dy. */
    norma_status (*execute)(void *operation, const struct norma_args *args);
    /* Adds the kernels to a list "a+b". */
    void (*name)(const void *operation, char *names, size_t size);
    /* Accepts an operation that create did not finish. */
    void (*destroy)(void *operation);
};

#endif

/* What an operator is here: its oneDNN primitives, created for one problem in one geometry, and
 * the host's work between them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_OPERATION_H
#define REFERENCE_ONEDNN_STEPS_OPERATION_H

#include "reference/onednn/steps/geometry.h"

struct onednn_operator {
    size_t size; /* of the operation, which starts as zeros; destroy accepts a half-created one */
    norma_status (*create)(void *operation, const struct norma_problem *problem,
                           const struct onednn_geometry *geometry, int threads);
    /* The tensors of copies.h are in the geometry's layout, everything else is the caller's. dy is
     * what the epilogue lets through; dx may be dy. */
    norma_status (*execute)(void *operation, const struct norma_args *args);
    /* Adds the kernels to a list "a+b". */
    void (*name)(const void *operation, char *names, size_t size);
    void (*destroy)(void *operation);
};

#endif

/* What an operator is here: its oneDNN primitives, created for one problem in one geometry, and
 * the host's work between them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_ONEDNN_OPERATORS_H
#define NORMA_ONEDNN_OPERATORS_H

#include "geometry.h"

struct norma_onednn_operator {
    size_t size; /* of the operation, which starts as zeros; destroy accepts a half-created one */
    norma_status (*create)(void *operation, const struct norma_problem *problem,
                           const struct norma_onednn_geometry *geometry, int threads);
    /* The tensors of copies.h are in the geometry's layout, everything else is the caller's. dy is
     * what the epilogue lets through; dx may be dy. */
    norma_status (*execute)(void *operation, const struct norma_args *args);
    /* Adds the kernels to a list "a+b". */
    void (*name)(const void *operation, char *names, size_t size);
    void (*destroy)(void *operation);
};

/* oneDNN's own primitive, and faster compositions: in the plain layout, and in inference. */
extern const struct norma_onednn_operator norma_onednn_bn, norma_onednn_bn_composed;
/* in: cin, too; gn: ln, too; unit: rms, too. */
extern const struct norma_onednn_operator norma_onednn_in, norma_onednn_adain, norma_onednn_gn,
    norma_onednn_bin, norma_onednn_unit;

/* Not in the plain layout, but for bn; ln_backward: nowhere else, and of one position. */
extern const struct norma_onednn_operator norma_onednn_bn_backward, norma_onednn_in_backward,
    norma_onednn_adain_backward, norma_onednn_gn_backward, norma_onednn_ln_backward,
    norma_onednn_bin_backward, norma_onednn_unit_backward;

#endif

/* What the forms of unitization share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_OPERATORS_UNIT_H
#define KERNELS_OPERATORS_UNIT_H

#include "kernels/operators/operator.h"

extern const struct norma_operator_descriptor
    norma_descriptor_unit_dividing; /* vanilla, scalar, vector */
extern const struct norma_operator_descriptor norma_descriptor_unit_layer;

/* alpha of channel i of the stretch: the problem's, or the caller's. */
static inline double norma_alpha(const struct norma_channels *channels, int64_t i) {
    return channels->problem->alpha_kind == NORMA_ALPHA_SCALAR
               ? channels->problem->alpha
               : (double)channels->args->alpha[channels->first + i];
}

#endif

/* The common parts of the forms of unitization.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_OPERATORS_UNIT_H
#define KERNELS_OPERATORS_UNIT_H

#include "kernels/operators/operator.h"

/* The forms vanilla, scalar and vector; layer. The practical form is norma_descriptor_unit. */
extern const struct norma_operator_descriptor norma_descriptor_unit_dividing;
extern const struct norma_operator_descriptor norma_descriptor_unit_layer;

/* Returns the alpha of channel i, which is the problem's or the caller's. */
static inline double norma_alpha(const struct norma_channels *channels, int64_t i) {
    return channels->problem->alpha_kind == NORMA_ALPHA_SCALAR
               ? channels->problem->alpha
               : (double)channels->args->alpha[channels->first + i];
}

#endif

/* The operators: the coefficients of each, forward and backward. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_OPERATORS_OPERATORS_H
#define KERNELS_OPERATORS_OPERATORS_H

#include "kernels/operators/adain.h"
#include "kernels/operators/operator.h"

/* Returns the descriptor of the problem's operator and form. */
const struct norma_operator_descriptor *norma_descriptor_of(const struct norma_problem *problem);

#endif

/* The operators: the coefficients of each, forward and backward. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_OPERATORS_OPERATORS_H
#define KERNELS_OPERATORS_OPERATORS_H

#include "kernels/operators/adain.h"
#include "kernels/operators/operator.h"

#endif

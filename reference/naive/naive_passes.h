/* The passes of the naive implementation. Arguments must be complete, and x not empty.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_NAIVE_NAIVE_PASSES_H
#define REFERENCE_NAIVE_NAIVE_PASSES_H

#include "reference/interface/interface.h"

void reference_naive_forward(const struct norma_problem *problem, const struct norma_args *args);
void reference_naive_backward(const struct norma_problem *problem, const struct norma_args *args);

#endif

/* The two passes over a tensor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_PASSES_H
#define KERNELS_EXECUTE_PASSES_H

#include "kernels/stages/stages.h"

void norma_execute_forward(const struct norma_execution *execution);
void norma_execute_backward(const struct norma_execution *execution);

/* Ends a backward pass: writes the gradients of parameters and style, from what every plane adds to
 * them. */
void norma_write_gradients(const struct norma_execution *execution);

#endif

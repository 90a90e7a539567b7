/* The two passes over a tensor, and the plan by which they are done in steps.
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

/* Returns the plan with the strategy of steps, which is that of two phases, and with a workspace of
 * stage_workspace bytes. */
struct norma_plan norma_staged_plan(const struct norma_plan *plan);

#endif

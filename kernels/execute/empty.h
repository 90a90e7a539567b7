/* Executions of empty tensors: the gradients and the statistics of the batch that they write.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_EMPTY_H
#define KERNELS_EXECUTE_EMPTY_H

#include "kernels/stages/stages.h"

/* Backward: writes zeros, the sums over nothing, to the gradients that are requested. */
void norma_empty_gradients(const struct norma_plan *plan, const struct norma_args *args);

/* Forward, in training: writes the statistics of the batch, and updates the running ones, from the
 * moments [C] of other processes' elements. */
void norma_empty_batch_statistics(const struct norma_plan *plan, const struct norma_args *args,
                                  const struct norma_partial_moments *moments);

#endif

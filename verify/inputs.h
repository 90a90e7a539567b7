/* The inputs of a problem, generated from a seed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_INPUTS_H
#define NORMA_VERIFY_INPUTS_H

#include "tensors.h"
#include "truth.h"

/* Allocates every input (and the initial value of every inout) into inputs[id] and fills it; empty
 * ones and ids that are no inputs stay NULL. Statistics that a backward pass takes are the affair
 * of the caller: they follow from the others. False: no memory; what was allocated is in inputs. */
bool norma_inputs_make(const struct norma_problem *problem,
                       const struct norma_tensor tensors[NORMA_TENSOR_COUNT], enum norma_data data,
                       uint64_t seed, void *inputs[NORMA_TENSOR_COUNT]);

#endif

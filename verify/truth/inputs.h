/* The inputs of a problem, generated from a seed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_INPUTS_H
#define VERIFY_TRUTH_INPUTS_H

#include "reference/interface/interface.h"
#include "verify/truth/ground_truth.h"

/* Allocates every input (and the initial value of every inout) into inputs[id] and fills it; empty
 * ones and ids that are no inputs stay NULL. Statistics that a backward pass takes are the affair
 * of the caller: they follow from the others. False: no memory; what was allocated is in inputs. */
bool verify_inputs_make(const struct norma_problem *problem,
                        const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                        enum verify_data data, uint64_t seed, void *inputs[REFERENCE_TENSOR_COUNT]);

#endif

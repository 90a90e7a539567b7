/* The inputs of a problem, generated from a seed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_INPUTS_H
#define VERIFY_TRUTH_INPUTS_H

#include "reference/interface/interface.h"
#include "verify/truth/data_kinds.h"

/* Allocates every input (and the initial value of every inout) into inputs[id] and fills it. Empty
 * tensors and ids that are no inputs stay NULL. The statistics that a backward pass takes are only
 * placeholders, which the caller must overwrite, because they follow from the other inputs. Returns
 * false if there is not enough memory; inputs then holds what was allocated. */
bool verify_inputs_make(const struct norma_problem *problem,
                        const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                        enum verify_data data, uint64_t seed, void *inputs[REFERENCE_TENSOR_COUNT]);

/* Checks whether the factors of x in the results are normal floats, as all coefficients that
 * callers of stages get must be. */
bool verify_inputs_have_normal_factors(const struct norma_problem *problem, enum verify_data data);

#endif

/* Arrays for the results of the reference, by tensor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_EXPECTED_H
#define VERIFY_TRUTH_EXPECTED_H

#include "reference/interface/interface.h"
#include "reference/reference.h"

/* Allocates an array for every output in `tensors`, and the conditions. Returns false if
 * there is not enough memory; *reference then holds what was allocated. */
bool verify_expected_allocate(const struct norma_problem *problem,
                              const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                              struct reference_result *reference);
void verify_expected_release(struct reference_result *reference);

/* Overwrites the statistics in inputs[] with those that fwd (for inf_bwd: inf) computes from the
 * other inputs, rounded to float. Returns false if there is not enough memory. */
bool verify_expected_statistics(const struct norma_problem *backward,
                                void *const inputs[REFERENCE_TENSOR_COUNT]);

#endif

/* The rules that the table of tensors sets for any execution: which arguments are required, and
 * what is done where x is empty. It shares nothing with kernels/, so that it is a second opinion on
 * the rules of norma_execute.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_REQUIRED_TENSORS_H
#define REFERENCE_INTERFACE_REQUIRED_TENSORS_H

#include "reference/interface/tensors.h"

/* Checks whether a tensor that is not optional is missing. */
bool reference_lacks_tensor(const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                            const struct norma_args *args);

/* Does what the execution of a problem whose x is empty does. Backward, the gradients that are
 * requested become zeros, sums over nothing. Forward, returns NORMA_STATUS_EMPTY if an output is
 * requested that is not empty itself, as there are no statistics of nothing. */
norma_status reference_execute_empty(const struct norma_problem *problem,
                                     const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                                     const struct norma_args *args);

#endif

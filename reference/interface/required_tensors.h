/* Checks of the arguments of an execution that follow from the table of tensors. They share nothing
 * with kernels/, so that they are a second opinion on the rules of norma_execute.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_INTERFACE_REQUIRED_TENSORS_H
#define REFERENCE_INTERFACE_REQUIRED_TENSORS_H

#include "reference/interface/tensors.h"

/* Checks whether a tensor that is not optional is missing. */
bool reference_lacks_tensor(const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                            const struct norma_args *args);

/* Returns what the execution of a problem whose x is empty returns: NORMA_STATUS_EMPTY if an output
 * is requested that is not empty itself, otherwise NORMA_STATUS_OK. */
norma_status
reference_status_of_empty(const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                          const struct norma_args *args);

#endif

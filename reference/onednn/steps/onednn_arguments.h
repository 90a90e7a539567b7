/* Checks of the arguments of an execution.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_ONEDNN_STEPS_ONEDNN_ARGUMENTS_H
#define REFERENCE_ONEDNN_STEPS_ONEDNN_ARGUMENTS_H

#include "reference/interface/interface.h"

/* Returns NORMA_STATUS_NULL where a tensor that the problem needs is missing, or the status for an
 * index of a row or a sample that does not exist; otherwise NORMA_STATUS_OK. Other values are not
 * checked. */
norma_status onednn_check_arguments(const struct norma_problem *problem,
                                    const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                                    const struct norma_args *args);

#endif

/* The arguments that the reference refuses. Overlaps are allowed, because it computes all results
 * before it rounds the first one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_CHECKED_ARGUMENTS_H
#define REFERENCE_CHECKED_ARGUMENTS_H

#include "reference/interface/interface.h"

/* Returns NORMA_STATUS_OK, NORMA_STATUS_NULL or a status whose name begins with NORMA_STATUS_BAD.
 * The tensor x must not be empty. */
norma_status reference_check(const struct norma_problem *problem,
                             const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                             const struct norma_args *args);

#endif

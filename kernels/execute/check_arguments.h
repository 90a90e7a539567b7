/* Checking the arguments of one execution.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_CHECK_ARGUMENTS_H
#define KERNELS_EXECUTE_CHECK_ARGUMENTS_H

#include "kernels/plan/plan.h"

/* NORMA_STATUS_OK, NORMA_STATUS_NULL, NORMA_STATUS_OVERLAP or NORMA_STATUS_EMPTY. */
norma_status norma_check_arguments(const struct norma_plan *plan, const struct norma_args *args);

#endif

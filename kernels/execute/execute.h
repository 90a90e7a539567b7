/* The beginning of an execution.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_EXECUTE_H
#define KERNELS_EXECUTE_EXECUTE_H

#include "kernels/execute/check_execution.h"
#include "kernels/stages/stages.h"

/* Fills *execution, lays the workspace out and checks the values of the arguments. The arguments
 * themselves must have been checked. */
norma_status norma_begin(const struct norma_plan *plan, const struct norma_args *args,
                         struct norma_execution *execution, const struct norma_reason *reason);

#endif

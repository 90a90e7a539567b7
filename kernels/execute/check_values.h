/* Checking the values of an execution's arguments, where only some are allowed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_CHECK_VALUES_H
#define KERNELS_EXECUTE_CHECK_VALUES_H

#include "kernels/execute/workspace.h"

/* NORMA_STATUS_OK or NORMA_STATUS_BAD_... On the way, fills what follows from the values: the
 * workspace's region_count and, the inverse of the permutation, styled. */
norma_status norma_check_values(const struct norma_plan *plan, const struct norma_args *args,
                                const struct norma_workspace *workspace);

#endif

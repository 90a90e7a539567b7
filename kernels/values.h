/* Checking the values of an execution's arguments, where only some are allowed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VALUES_H
#define NORMA_VALUES_H

#include "workspace.h"

/* NORMA_OK or NORMA_BAD_... On the way, fills what follows from the values: the workspace's
 * region_count and, the inverse of the permutation, styled. */
norma_status norma_check_values(const struct norma_plan *plan, const struct norma_args *args,
                                const struct norma_workspace *workspace);

#endif

/* How large the workspace of an execution is, and where its arrays lie.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_WORKSPACE_H
#define KERNELS_EXECUTE_WORKSPACE_H

#include "kernels/stages/stages.h"

/* Fills *workspace with arrays from `base` on. If that is NULL, it only counts. Returns the size of
 * the workspace in doubles. */
size_t norma_workspace_lay_out(const struct norma_plan *plan, double *base,
                               struct norma_workspace *workspace);

/* Returns the size of the workspace in bytes. */
size_t norma_workspace_bytes(const struct norma_plan *plan);

#endif

/* Operators whose statistics are of whole samples, at S = 1: a sample is a row, and the parameters
 * are of its columns. Instead of sums for every plane, which is one element here, there are those
 * of rows and, for the gradients of the parameters, those of groups of rows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_ROWS_H
#define KERNELS_STAGES_ROWS_H

#include "kernels/stages/tile.h"

/* Rows whose contributions to the gradients of the parameters are added up one after the other; the
 * groups' sums then, in order. A number that depends on C alone, so that threads do not matter. */
int64_t norma_row_group(int64_t channels);

/* Rows [first, last) of the tile. */
void norma_rows_apply(const struct norma_execution *execution, const struct norma_tile *tile,
                      const struct norma_statistics *statistics, int64_t first, int64_t last);

/* set_dy and set_product of the rows, and the groups' sums in the execution's arrays. `first` is at
 * the beginning of a group; `last` at the end of one, or of the tensor. */
void norma_rows_sums(const struct norma_execution *execution, const struct norma_tile *tile,
                     const struct norma_statistics *statistics, int64_t first, int64_t last);

void norma_rows_gradient(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics, int64_t first, int64_t last);

#endif

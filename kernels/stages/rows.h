/* Operators whose statistics are of whole samples, at S = 1: a sample is a row, and the parameters
 * belong to its columns. A plane is one element here. Therefore sums are taken of rows instead of
 * planes and, for the gradients of the parameters, of groups of rows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_STAGES_ROWS_H
#define KERNELS_STAGES_ROWS_H

#include "kernels/stages/context.h"

/* Returns the number of rows in a group. The rows of a group are added to the gradients of the
 * parameters one after the other, and the groups' sums in order. The number depends on the shape
 * alone, so that the number of threads does not matter. */
int64_t norma_row_group(int64_t rows, int64_t channels);

/* Return how many of the rows [first, last) of the tile, from the first on, may be computed at once
 * by the functions below. It is 0 where the first has to be computed as other tensors are, channel
 * by channel: its factor is none as a float or, where it is multiplied by parameters first, too far
 * from 1 for every product to be one. */
int64_t norma_rows_of_apply(const struct norma_stage_context *context, int64_t first, int64_t last);
int64_t norma_rows_of_gradient(const struct norma_stage_context *context, int64_t first,
                               int64_t last);

/* Computes y of rows [first, last) of the tile. */
void norma_rows_apply(const struct norma_stage_context *context, int64_t first, int64_t last);

/* Computes set_dy and set_product of the rows, and the groups' sums in the workspace's arrays.
 * Before rows inside a group, the same thread must have taken those from its beginning on. */
void norma_rows_sums(const struct norma_stage_context *context, int64_t first, int64_t last);

/* Computes dx of rows [first, last) of the tile. */
void norma_rows_gradient(const struct norma_stage_context *context, int64_t first, int64_t last);

#endif

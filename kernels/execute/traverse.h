/* The ways to go over a tensor: tile by tile, in two phases, or by split channels (see enum
 * norma_strategy in plan.h).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_TRAVERSE_H
#define KERNELS_EXECUTE_TRAVERSE_H

#include "kernels/stages/stages.h"
#include <norma_tools.h>

/* Gets a tile, to take it through some stages or all. */
typedef void norma_tile_work(const struct norma_stage_context *context);

/* Gets a part of one sample, to apply the affine to it. */
typedef void norma_slice_work(const struct norma_stage_context *context,
                              const struct norma_slice *slice);

/* ---- tile by tile ------------------------------------------------------------------------- */

int64_t norma_tile_count(const struct norma_plan *plan);

/* Returns tile number `index` of the plan. */
struct norma_tile norma_tile_number(const struct norma_plan *plan, int64_t index);

/* Calls work for every tile. The plan's threads share the tiles. */
void norma_for_each_tile(const struct norma_execution *execution, norma_tile_work *work);

/* ---- in two phases ------------------------------------------------------------------------ */

/* Returns the context of one tile that holds the whole tensor, which the threads share. */
struct norma_stage_context norma_everything(const struct norma_execution *execution);

/* Return what the threads share at the end of a two-phase pass, and how many there are of it. */
enum norma_work_unit norma_phase_unit(const struct norma_plan *plan);
int64_t norma_phase_units(const struct norma_plan *plan);

/* Calls work for all elements. The threads share short planes as a whole, many to a call, and long
 * planes in chunks. */
void norma_phase_apply(const struct norma_stage_context *everything, norma_slice_work *work);

/* ---- by split channels -------------------------------------------------------------------- */

/* The work of such a pass, in the order in which it is done. */
struct norma_split_work {
    norma_tile_work *by_channels;
    norma_slice_work *by_rows;
    norma_tile_work *by_channels_again; /* NULL: nothing is left */
};

void norma_split_channels(const struct norma_execution *execution,
                          const struct norma_split_work *work);

#endif

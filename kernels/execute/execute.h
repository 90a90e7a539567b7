/* Going over a tensor, tile by tile or phase by phase (see plan.h).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_EXECUTE_H
#define KERNELS_EXECUTE_EXECUTE_H

#include "kernels/execute/workspace.h"
#include "kernels/stages/stages.h"
#include <norma_tools.h>

/* Lays the workspace out and checks the arguments' values. */
norma_status norma_begin(const struct norma_plan *plan, const struct norma_args *args,
                         struct norma_workspace *workspace, struct norma_execution *execution);

void norma_execute_forward(const struct norma_execution *execution,
                           const struct norma_workspace *workspace);
void norma_execute_backward(const struct norma_execution *execution,
                            const struct norma_workspace *workspace);

/* The first half of a phased pass, up to the moments of every run and, backward, the sums of every
 * plane, which need the statistics that the forward pass returned. */
void norma_phase_moments(const struct norma_execution *execution,
                         const struct norma_workspace *workspace,
                         const struct norma_statistics *statistics);
void norma_phase_sums(const struct norma_execution *execution,
                      const struct norma_workspace *workspace, const struct norma_tile *everything,
                      const struct norma_statistics *statistics);

/* Gradients of parameters and style, from the sums of every plane. */
void norma_write_gradients(const struct norma_execution *execution);

/* All of a tile's stages. */
typedef void norma_tile_work(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_statistics *statistics);

int64_t norma_tile_count(const struct norma_plan *plan);
/* Number `index` of the plan's tiles. */
struct norma_tile norma_tile_number(const struct norma_plan *plan, int64_t index);

/* Calls work for every tile, shared out among the plan's threads. */
void norma_for_each_tile(const struct norma_execution *execution,
                         const struct norma_workspace *workspace, norma_tile_work *work);

/* What ends a phased pass, and is shared out by rows in a crossed one: norma_apply_channels or
 * norma_gradient_channels. */
typedef void norma_apply_work(const struct norma_execution *execution,
                              const struct norma_tile *tile,
                              const struct norma_statistics *statistics, int64_t sample,
                              int64_t channel, int64_t channels, int64_t first, int64_t last);

/* What threads share out at the end of a phased pass, and how many there are. */
enum norma_work_unit norma_phase_unit(const struct norma_plan *plan);
int64_t norma_phase_units(const struct norma_plan *plan);

/* Calls work for all planes: short ones are shared out whole, many to a call, long ones in chunks.
 */
void norma_phase_apply(const struct norma_execution *execution, const struct norma_tile *everything,
                       const struct norma_statistics *statistics, norma_apply_work *work);

/* The work of a crossed pass; by_channels_again may be NULL. */
struct norma_crossing {
    norma_tile_work *by_channels;
    norma_apply_work *by_rows;
    norma_tile_work *by_channels_again;
};

void norma_cross(const struct norma_execution *execution, const struct norma_workspace *workspace,
                 const struct norma_crossing *crossing);

#endif

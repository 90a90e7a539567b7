/* Forward passes: moments, statistics, apply.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/execute/environment.h"
#include "kernels/execute/execute.h"
#include "kernels/stages/stages.h"

static void take_statistics(const struct norma_execution *execution, const struct norma_tile *tile,
                            const struct norma_statistics *statistics) {
    norma_tile_moments(execution, tile, statistics);
    norma_tile_statistics(execution, tile, statistics);
}

static void work_on_tile(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics) {
    take_statistics(execution, tile, statistics);
    norma_tile_apply(execution, tile, statistics);
}

void norma_phase_moments(const struct norma_execution *execution,
                         const struct norma_workspace *workspace,
                         const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    struct norma_moments_work x = norma_moments_of_x(plan);
    struct norma_moments_work style = norma_moments_of_styles(plan);
    x.x = args->x;
    x.chunk_mean = workspace->chunk_mean;
    x.chunk_m2 = workspace->chunk_m2;
    x.mean = statistics->mean;
    x.m2 = statistics->inverse_std;
    style.x = args->style;
    style.chunk_mean = workspace->style_mean;
    style.chunk_m2 = workspace->style_m2;
    style.mean = statistics->style_mean;
    style.m2 = statistics->style_std;
#pragma omp parallel num_threads(plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        if (plan->moments) {
            norma_share_moments(plan->set, &x);
        }
        if (plan->style_moments) {
            norma_share_moments(plan->set, &style);
        }
        norma_environment_leave(caller);
    }
}

static void execute_phased(const struct norma_execution *execution,
                           const struct norma_workspace *workspace) {
    const struct norma_tile everything = norma_tile_number(execution->plan, 0);
    const struct norma_statistics statistics =
        norma_tile_arrays(execution->plan, &everything, workspace->tiles);
    norma_phase_moments(execution, workspace, &statistics);
    norma_tile_statistics(execution, &everything, &statistics);
    norma_phase_apply(execution, &everything, &statistics, norma_apply_channels);
}

void norma_execute_forward(const struct norma_execution *execution,
                           const struct norma_workspace *workspace) {
    if (execution->plan->two_phase) {
        execute_phased(execution, workspace);
    } else if (execution->plan->split_channels) {
        norma_cross(execution, workspace,
                    &(struct norma_crossing){take_statistics, norma_apply_channels, NULL});
    } else {
        norma_for_each_tile(execution, workspace, work_on_tile);
    }
    if (execution->first) {
        norma_style_loss(execution);
    }
}

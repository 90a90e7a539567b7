/* Forward passes: moments, statistics, apply.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "execute.h"

static void work_on_tile(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics) {
    norma_tile_moments(execution, tile, statistics);
    norma_tile_statistics(execution, tile, statistics);
    norma_tile_apply(execution, tile, statistics);
}

void norma_phase_moments(const struct norma_execution *execution,
                         const struct norma_workspace *workspace,
                         const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t planes = plan->problem.n * plan->problem.c;
#pragma omp parallel num_threads(plan->threads)
    {
        if (plan->moments) {
            norma_share_moments(plan, args->x, plan->run_length, planes / plan->channels_per_run,
                                workspace->chunk_mean, workspace->chunk_m2, statistics->mean,
                                statistics->inverse_std);
        }
        if (plan->style_moments) {
            norma_share_moments(plan, args->style, plan->style_spatial, planes * plan->styles,
                                workspace->style_mean, workspace->style_m2, statistics->style_mean,
                                statistics->style_std);
        }
    }
}

static void execute_phased(const struct norma_execution *execution,
                           const struct norma_workspace *workspace) {
    const struct norma_tile everything = norma_tile_number(execution->plan, 0);
    const struct norma_statistics statistics =
        norma_tile_carve(execution->plan, &everything, workspace->tiles);
    norma_phase_moments(execution, workspace, &statistics);
    norma_tile_statistics(execution, &everything, &statistics);
    norma_phase_apply(execution, &everything, &statistics, norma_apply_channels);
}

void norma_execute_forward(const struct norma_execution *execution,
                           const struct norma_workspace *workspace) {
    if (execution->plan->phased) {
        execute_phased(execution, workspace);
    } else {
        norma_for_each_tile(execution, workspace, work_on_tile);
    }
    if (execution->first) {
        norma_style_loss(execution);
    }
}

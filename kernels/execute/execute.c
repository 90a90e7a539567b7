/* Execution: what forward and backward passes share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/execute/execute.h"

#include "kernels/execute/check_arguments.h"
#include "kernels/execute/check_values.h"
#include "kernels/execute/environment.h"
#include "kernels/stages/stages.h"

/* ---- tiled -------------------------------------------------------------------------------- */

struct norma_tile norma_tile_number(const struct norma_plan *plan, int64_t index) {
    const struct norma_problem *problem = &plan->problem;
    const int64_t across = norma_divide_up(problem->c, plan->tiling.channels);
    struct norma_tile tile = {
        .sample = index / across * plan->tiling.samples,
        .samples = plan->tiling.samples,
        .channel = index % across * plan->tiling.channels,
        .channels = plan->tiling.channels,
    };
    if (tile.samples > plan->samples - tile.sample) {
        tile.samples = plan->samples - tile.sample;
    }
    if (tile.channels > problem->c - tile.channel) {
        tile.channels = problem->c - tile.channel;
    }
    return tile;
}

int64_t norma_tile_count(const struct norma_plan *plan) {
    return norma_divide_up(plan->samples, plan->tiling.samples) *
           norma_divide_up(plan->problem.c, plan->tiling.channels);
}

static void work_on_tile(const struct norma_execution *execution, double *scratch, int64_t index,
                         norma_tile_work *work) {
    const struct norma_tile tile = norma_tile_number(execution->plan, index);
    const struct norma_statistics statistics = norma_tile_arrays(execution->plan, &tile, scratch);
    work(execution, &tile, &statistics);
}

void norma_for_each_tile(const struct norma_execution *execution,
                         const struct norma_workspace *workspace, norma_tile_work *work) {
    const struct norma_plan *plan = execution->plan;
    const int64_t tiles = norma_tile_count(plan);
    if (plan->threads == 1) {
        for (int64_t i = 0; i < tiles; i++) {
            work_on_tile(execution, workspace->tiles, i, work);
        }
        return;
    }
#pragma omp parallel num_threads(plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        double *scratch = workspace->tiles + (size_t)omp_get_thread_num() * workspace->tile;
        const struct norma_share share = norma_my_share(tiles);
        for (int64_t i = share.first; i < share.last; i++) {
            work_on_tile(execution, scratch, i, work);
        }
        norma_environment_leave(caller);
    }
}

/* ---- phased ------------------------------------------------------------------------------- */

/* Rows of a unit, channels-last. */
enum { ROWS = 16 };

enum norma_work_unit norma_phase_unit(const struct norma_plan *plan) {
    if (plan->columns) {
        return NORMA_WORK_UNIT_ROWS;
    }
    return plan->spatial <= NORMA_CHUNK ? NORMA_WORK_UNIT_PLANE : NORMA_WORK_UNIT_CHUNK;
}

/* Units that a plane or, channels-last, a sample is cut into. */
static int64_t units_across(const struct norma_plan *plan) {
    switch (norma_phase_unit(plan)) {
    case NORMA_WORK_UNIT_ROWS:
        return norma_divide_up(plan->spatial, ROWS);
    case NORMA_WORK_UNIT_CHUNK:
        return norma_chunks(plan->spatial);
    default:
        return 1;
    }
}

int64_t norma_phase_units(const struct norma_plan *plan) {
    return plan->samples * (plan->columns ? 1 : plan->problem.c) * units_across(plan);
}

/* This thread's share of the work. */
typedef void share_work(const struct norma_execution *execution,
                        const struct norma_tile *everything,
                        const struct norma_statistics *statistics, norma_apply_work *work);

static void share_whole_planes(const struct norma_execution *execution,
                               const struct norma_tile *everything,
                               const struct norma_statistics *statistics, norma_apply_work *work) {
    struct norma_share share = norma_my_share(norma_phase_units(execution->plan));
    struct norma_part part;
    while (norma_next_part(&share, everything->channels, &part)) {
        work(execution, everything, statistics, part.row, part.first, part.count, 0,
             execution->plan->spatial);
    }
}

static void share_chunks(const struct norma_execution *execution,
                         const struct norma_tile *everything,
                         const struct norma_statistics *statistics, norma_apply_work *work) {
    const int64_t spatial = execution->plan->spatial;
    const int64_t across = units_across(execution->plan);
    struct norma_share share = norma_my_share(norma_phase_units(execution->plan));
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        const int64_t first = part.first * NORMA_CHUNK;
        const int64_t last = first + part.count * NORMA_CHUNK;
        work(execution, everything, statistics, part.row / everything->channels,
             part.row % everything->channels, 1, first, last < spatial ? last : spatial);
    }
}

/* Channels-last: the rows of samples, a few at a time. */
static void share_rows(const struct norma_execution *execution, const struct norma_tile *everything,
                       const struct norma_statistics *statistics, norma_apply_work *work) {
    const int64_t spatial = execution->plan->spatial;
    const int64_t across = units_across(execution->plan);
    struct norma_share share = norma_my_share(norma_phase_units(execution->plan));
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        const int64_t last = (part.first + part.count) * ROWS;
        work(execution, everything, statistics, part.row, 0, everything->channels,
             part.first * ROWS, last < spatial ? last : spatial);
    }
}

static share_work *share_of(const struct norma_plan *plan) {
    switch (norma_phase_unit(plan)) {
    case NORMA_WORK_UNIT_ROWS:
        return share_rows;
    case NORMA_WORK_UNIT_CHUNK:
        return share_chunks;
    default:
        return share_whole_planes;
    }
}

void norma_phase_apply(const struct norma_execution *execution, const struct norma_tile *everything,
                       const struct norma_statistics *statistics, norma_apply_work *work) {
#pragma omp parallel num_threads(execution->plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        share_of(execution->plan)(execution, everything, statistics, work);
        norma_environment_leave(caller);
    }
}

/* ---- crossed ------------------------------------------------------------------------------ */

static void share_tiles(const struct norma_execution *execution,
                        const struct norma_statistics *statistics, norma_tile_work *work) {
    const struct norma_share share = norma_my_share(norma_tile_count(execution->plan));
    for (int64_t i = share.first; i < share.last; i++) {
        const struct norma_tile tile = norma_tile_number(execution->plan, i);
        const struct norma_statistics own = norma_tile_part(execution->plan, &tile, statistics);
        work(execution, &tile, &own);
    }
}

void norma_cross(const struct norma_execution *execution, const struct norma_workspace *workspace,
                 const struct norma_crossing *crossing) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_tile everything = {0, 1, 0, plan->problem.c};
    const struct norma_statistics statistics =
        norma_tile_arrays(plan, &everything, workspace->tiles);
#pragma omp parallel num_threads(plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        share_tiles(execution, &statistics, crossing->by_channels);
#pragma omp barrier
        share_rows(execution, &everything, &statistics, crossing->by_rows);
        if (crossing->by_channels_again) {
#pragma omp barrier
            share_tiles(execution, &statistics, crossing->by_channels_again);
        }
        norma_environment_leave(caller);
    }
}

/* ---- public ------------------------------------------------------------------------------- */

norma_status norma_begin(const struct norma_plan *plan, const struct norma_args *args,
                         struct norma_workspace *workspace, struct norma_execution *execution) {
    norma_workspace_lay_out(plan, args->workspace, workspace);
    const bool loss = plan->loss && args->style_loss;
    *execution = (struct norma_execution){
        .plan = plan,
        .args = args,
        .first = plan->backward || loss ? workspace->first : NULL,
        .second = workspace->second,
        .third = workspace->third,
        .batch_count = (double)plan->samples * (double)plan->spatial,
        .region_count = workspace->region_count,
        .styled = plan->backward ? workspace->styled : NULL,
    };
    return norma_check_values(plan, args, workspace);
}

norma_status norma_execute(const struct norma_plan *plan, const struct norma_args *args) {
    if (!plan || !args) {
        return NORMA_STATUS_NULL;
    }
    norma_status status = norma_check_arguments(plan, args);
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    struct norma_workspace workspace;
    struct norma_execution execution;
    const struct norma_environment caller = norma_environment_enter();
    status = norma_begin(plan, args, &workspace, &execution);
    if (status == NORMA_STATUS_OK && plan->backward) {
        norma_execute_backward(&execution, &workspace);
    } else if (status == NORMA_STATUS_OK) {
        norma_execute_forward(&execution, &workspace);
    }
    norma_environment_leave(caller);
    return status;
}

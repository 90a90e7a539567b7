/* Execution: what forward and backward passes share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "execute.h"

#include "arguments.h"
#include "share.h"
#include "statistics.h"
#include "values.h"

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
    if (tile.samples > problem->n - tile.sample) {
        tile.samples = problem->n - tile.sample;
    }
    if (tile.channels > problem->c - tile.channel) {
        tile.channels = problem->c - tile.channel;
    }
    return tile;
}

static void work_on_tile(const struct norma_execution *execution, double *scratch, int64_t index,
                         norma_tile_work *work) {
    const struct norma_tile tile = norma_tile_number(execution->plan, index);
    const struct norma_statistics statistics = norma_tile_carve(execution->plan, &tile, scratch);
    work(execution, &tile, &statistics);
}

void norma_for_each_tile(const struct norma_execution *execution,
                         const struct norma_workspace *workspace, norma_tile_work *work) {
    const struct norma_plan *plan = execution->plan;
    const int64_t tiles = norma_divide_up(plan->problem.n, plan->tiling.samples) *
                          norma_divide_up(plan->problem.c, plan->tiling.channels);
    if (plan->threads == 1) {
        for (int64_t i = 0; i < tiles; i++) {
            work_on_tile(execution, workspace->tiles, i, work);
        }
        return;
    }
#pragma omp parallel for num_threads(plan->threads) schedule(static)
    for (int64_t i = 0; i < tiles; i++) {
        double *scratch = workspace->tiles + (size_t)omp_get_thread_num() * workspace->tile;
        work_on_tile(execution, scratch, i, work);
    }
}

/* ---- phased ------------------------------------------------------------------------------- */

void norma_share_moments(const struct norma_plan *plan, const float *x, int64_t length,
                         int64_t runs, double *chunk_mean, double *chunk_m2, double *mean,
                         double *m2) {
    const int64_t across = norma_chunks(length);
    struct norma_share share = norma_my_share(runs * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        const int64_t index = part.row * across + part.first;
        norma_moments_of_chunks(plan->set, x + part.row * length, length, part.first, part.count,
                                chunk_mean + index, chunk_m2 + index);
    }
#pragma omp barrier
    const struct norma_share merged = norma_my_share(runs);
    for (int64_t r = merged.first; r < merged.last; r++) {
        norma_merge_chunks(length, chunk_mean + r * across, chunk_m2 + r * across, &mean[r],
                           &m2[r]);
    }
}

static void share_whole_planes(const struct norma_execution *execution,
                               const struct norma_tile *everything,
                               const struct norma_statistics *statistics, norma_apply_work *work) {
    struct norma_share share = norma_my_share(everything->samples * everything->channels);
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
    const int64_t across = norma_chunks(spatial);
    struct norma_share share = norma_my_share(everything->samples * everything->channels * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        const int64_t first = part.first * NORMA_CHUNK;
        const int64_t last = first + part.count * NORMA_CHUNK;
        work(execution, everything, statistics, part.row / everything->channels,
             part.row % everything->channels, 1, first, last < spatial ? last : spatial);
    }
}

void norma_phase_apply(const struct norma_execution *execution, const struct norma_tile *everything,
                       const struct norma_statistics *statistics, norma_apply_work *work) {
    const bool whole = execution->plan->spatial <= NORMA_CHUNK;
#pragma omp parallel num_threads(execution->plan->threads)
    (whole ? share_whole_planes : share_chunks)(execution, everything, statistics, work);
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
        .batch_count = (double)plan->problem.n * (double)plan->spatial,
        .region_count = workspace->region_count,
        .styled = plan->backward ? workspace->styled : NULL,
    };
    return norma_check_values(plan, args, workspace);
}

norma_status norma_execute(const struct norma_plan *plan, const struct norma_args *args) {
    if (!plan || !args) {
        return NORMA_NULL;
    }
    norma_status status = norma_check_arguments(plan, args);
    if (status != NORMA_OK || norma_is_empty(plan)) {
        return status;
    }
    struct norma_workspace workspace;
    struct norma_execution execution;
    status = norma_begin(plan, args, &workspace, &execution);
    if (status == NORMA_OK && plan->backward) {
        norma_execute_backward(&execution, &workspace);
    } else if (status == NORMA_OK) {
        norma_execute_forward(&execution, &workspace);
    }
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/shared_sums.h"

#include "kernels/spans/spans.h"
#include "kernels/stages/elements.h"
#include "kernels/stages/recovered_means.h"
#include "kernels/stages/rows.h"
#include "kernels/stages/share.h"
#include "kernels/stages/shared_moments.h"
#include "kernels/stages/tile.h"

/* ---- sums of planes ----------------------------------------------------------------------- */

static void share_rows(const struct norma_stage_context *everything, struct norma_worker worker) {
    const struct norma_plan *plan = everything->execution->plan;
    const int64_t chunks = norma_sum_chunks(plan), channels = plan->problem.c;
    const int64_t width = norma_shared_columns(worker, plan->samples * chunks, channels);
    const int64_t across = norma_divide_up(channels, width);
    struct norma_share share = norma_share_of(worker, plan->samples * chunks * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        const int64_t first = part.first * width, last = first + part.count * width;
        norma_row_chunk_sums(everything, part.row / chunks, part.row % chunks, first,
                             norma_min(last, channels));
    }
}

/* Shares planes of one chunk each, of which sets take many at once in less time. */
static void share_short_planes(const struct norma_stage_context *everything,
                               struct norma_worker worker) {
    const struct norma_plan *plan = everything->execution->plan;
    struct norma_share share = norma_share_of(worker, plan->samples * plan->problem.c);
    struct norma_part part;
    while (norma_next_part(&share, plan->problem.c, &part)) {
        norma_plane_sums(everything, part.row, part.first, part.count);
    }
}

static void share_long_planes(const struct norma_stage_context *everything,
                              struct norma_worker worker) {
    const struct norma_plan *plan = everything->execution->plan;
    const int64_t across = norma_sum_chunks(plan);
    struct norma_share share = norma_share_of(worker, plan->samples * plan->problem.c * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        norma_plane_chunk_sums(everything, part.row, part.first, part.count);
    }
}

static void share_chunks(const struct norma_stage_context *everything, struct norma_worker worker) {
    switch (everything->execution->plan->order) {
    case NORMA_ORDER_COLUMNS:
        share_rows(everything, worker);
        break;
    case NORMA_ORDER_PLANES:
        (norma_sum_chunks(everything->execution->plan) == 1
             ? share_short_planes
             : share_long_planes)(everything, worker);
        break;
    }
}

/* The sums of a plane's chunks are `stride` apart. */
static double add_up(const double *chunks, int64_t count, int64_t stride) {
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++) {
        sum += chunks[i * stride];
    }
    return sum;
}

/* Adds up the sums of chunks, which are [N][C][chunks] or, channels-last, [N][chunks][C]. */
static void add_up_chunks(const struct norma_execution *execution, struct norma_worker worker) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_workspace *workspace = &execution->workspace;
    const int64_t chunks = norma_sum_chunks(plan), channels = plan->problem.c;
    const bool columns = plan->order == NORMA_ORDER_COLUMNS;
    const int64_t stride = columns ? channels : 1;
    const struct norma_share share = norma_share_of(worker, plan->samples * channels);
    for (int64_t p = share.first; p < share.last; p++) {
        const int64_t sample = p / channels, channel = p % channels;
        const int64_t first = columns ? sample * chunks * channels + channel : p * chunks;
        workspace->plane_dy[p] = add_up(workspace->chunk_dy + first, chunks, stride);
        workspace->plane_product[p] = add_up(workspace->chunk_product + first, chunks, stride);
    }
}

static void sum_planes(const void *shared, struct norma_worker worker) {
    const struct norma_stage_context *everything = shared;
    share_chunks(everything, worker);
    if (norma_sum_chunks(everything->execution->plan) > 1) {
        norma_wait_for_all(worker);
        add_up_chunks(everything->execution, worker);
    }
}

/* ---- sums of rows ------------------------------------------------------------------------- */

/* Each thread takes whole groups of rows. */
static void sum_rows(const void *shared, struct norma_worker worker) {
    const struct norma_stage_context *everything = shared;
    const struct norma_plan *plan = everything->execution->plan;
    const struct norma_share share = norma_share_of(worker, plan->parameter_parts);
    norma_rows_sums(everything, share.first * plan->row_group,
                    norma_min(share.last * plan->row_group, plan->samples));
}

void norma_phase_sums(const struct norma_stage_context *everything) {
    const struct norma_plan *plan = everything->execution->plan;
    norma_tile_load_statistics(everything);
    if (plan->row_statistics) {
        norma_phase_recover_means(everything);
        norma_work_together(plan->threads, sum_rows, everything);
        return;
    }
    norma_phase_moments(everything);
    const bool recovered = norma_phase_recover_means(everything);
    norma_work_together(plan->threads, sum_planes, everything);
    if (recovered) {
        norma_tile_move_to_spans(everything);
    }
    norma_tile_set_sums(everything);
}

/* ---- an alpha per element ----------------------------------------------------------------- */

static void share_elements(const void *shared, struct norma_worker worker) {
    const struct norma_execution *execution = shared;
    const struct norma_plan *plan = execution->plan;
    const int64_t across = norma_chunks(plan->problem.c * plan->spatial);
    struct norma_share share = norma_share_of(worker, plan->samples * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        norma_element_products(execution, part.row, part.first, part.count,
                               execution->workspace.chunk_element + part.row * across + part.first);
    }
}

void norma_phase_element_sums(const struct norma_stage_context *everything) {
    const struct norma_execution *execution = everything->execution;
    const struct norma_plan *plan = execution->plan;
    const int64_t across = norma_chunks(plan->problem.c * plan->spatial);
    norma_tile_load_statistics(everything);
    norma_work_together(plan->threads, share_elements, execution);
    for (int64_t n = 0; n < plan->samples; n++) {
        everything->statistics.set_product[n] =
            add_up(execution->workspace.chunk_element + n * across, across, 1);
    }
}

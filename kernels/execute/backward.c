/* Backward passes: statistics as they were returned, sums, gradient; then the gradients of
 * parameters and style.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/execute/environment.h"
#include "kernels/execute/execute.h"
#include "kernels/stages/stages.h"

/* ---- tiled -------------------------------------------------------------------------------- */

static bool have_tiles_all_samples(const struct norma_plan *plan) {
    return !plan->two_phase && plan->tiling.samples >= plan->samples;
}

static bool has_parameters(const struct norma_plan *plan) {
    return plan->descriptor->parameters && !plan->elementwise;
}

static void take_sums(const struct norma_execution *execution, const struct norma_tile *tile,
                      const struct norma_statistics *statistics) {
    norma_tile_load_statistics(execution, tile, statistics);
    if (!execution->plan->elementwise) {
        norma_tile_sums(execution, tile, statistics);
    }
    norma_tile_set_sums(execution, tile, statistics);
}

static void finish_tile(const struct norma_execution *execution, const struct norma_tile *tile,
                        const struct norma_statistics *statistics) {
    norma_tile_parameters(execution, tile, statistics);
    if (has_parameters(execution->plan) && have_tiles_all_samples(execution->plan)) {
        norma_parameter_gradients(execution, tile->channel, tile->channels);
    }
}

static void work_on_tile(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics) {
    take_sums(execution, tile, statistics);
    norma_tile_gradient(execution, tile, statistics);
    finish_tile(execution, tile, statistics);
}

/* ---- phased ------------------------------------------------------------------------------- */

static void share_row_sums(const struct norma_execution *execution,
                           const struct norma_workspace *workspace,
                           const struct norma_tile *everything,
                           const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const int64_t chunks = norma_sum_chunks(plan), channels = plan->problem.c;
    const int64_t width = norma_shared_columns(plan->samples * chunks, channels);
    const int64_t across = norma_divide_up(channels, width);
    struct norma_share share = norma_my_share(plan->samples * chunks * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        const int64_t first = part.first * width, last = first + part.count * width;
        norma_row_sums(execution, everything, statistics, part.row / chunks, part.row % chunks,
                       first, last < channels ? last : channels,
                       workspace->chunk_dy + part.row * channels,
                       workspace->chunk_product + part.row * channels);
    }
}

/* The sums of all chunks of all planes, about the centres that a tile's would be about. */
static void share_sums(const struct norma_execution *execution,
                       const struct norma_workspace *workspace, const struct norma_tile *everything,
                       const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const int64_t across = norma_chunks(plan->spatial);
    struct norma_share share = norma_my_share(plan->samples * plan->problem.c * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        const int64_t index = part.row * across + part.first;
        norma_plane_sums(execution, everything, statistics, part.row, part.first, part.count,
                         workspace->chunk_dy + index, workspace->chunk_product + index);
    }
}

static void share_elements(const struct norma_execution *execution,
                           const struct norma_workspace *workspace) {
    const struct norma_plan *plan = execution->plan;
    const int64_t across = norma_chunks(plan->problem.c * plan->spatial);
    struct norma_share share = norma_my_share(plan->samples * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        norma_element_products(execution, part.row, part.first, part.count,
                               workspace->chunk_element + part.row * across + part.first);
    }
}

/* Chunks' sums are `stride` apart. */
static double add_up(const double *chunks, int64_t count, int64_t stride) {
    double sum = 0.0;
    for (int64_t i = 0; i < count; i++) {
        sum += chunks[i * stride];
    }
    return sum;
}

static void add_up_planes(const struct norma_execution *execution,
                          const struct norma_workspace *workspace) {
    const struct norma_plan *plan = execution->plan;
    const int64_t across = norma_sum_chunks(plan), channels = plan->problem.c;
    const int64_t stride = plan->columns ? channels : 1;
    const struct norma_share share = norma_my_share(plan->samples * channels);
    for (int64_t p = share.first; p < share.last; p++) {
        const int64_t row = p / channels, channel = p % channels;
        const int64_t first = plan->columns ? row * across * channels + channel : p * across;
        execution->first[p] = add_up(workspace->chunk_dy + first, across, stride);
        execution->second[p] = add_up(workspace->chunk_product + first, across, stride);
    }
}

/* Groups of rows for each thread. */
static void phase_row_sums(const struct norma_execution *execution,
                           const struct norma_tile *everything,
                           const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const int64_t group = norma_row_group(plan->problem.c);
#pragma omp parallel num_threads(plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        const struct norma_share share = norma_my_share(plan->parameter_parts);
        const int64_t last = share.last * group;
        norma_rows_sums(execution, everything, statistics, share.first * group,
                        last < plan->samples ? last : plan->samples);
        norma_environment_leave(caller);
    }
}

void norma_phase_sums(const struct norma_execution *execution,
                      const struct norma_workspace *workspace, const struct norma_tile *everything,
                      const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    norma_tile_load_statistics(execution, everything, statistics);
    if (plan->rows) {
        phase_row_sums(execution, everything, statistics);
        return;
    }
    norma_phase_moments(execution, workspace, statistics);
#pragma omp parallel num_threads(plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        (plan->columns ? share_row_sums : share_sums)(execution, workspace, everything, statistics);
#pragma omp barrier
        add_up_planes(execution, workspace);
        norma_environment_leave(caller);
    }
    norma_tile_set_sums(execution, everything, statistics);
}

static void phase_elements(const struct norma_execution *execution,
                           const struct norma_workspace *workspace,
                           const struct norma_tile *everything,
                           const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const int64_t across = norma_chunks(plan->problem.c * plan->spatial);
    norma_tile_load_statistics(execution, everything, statistics);
#pragma omp parallel num_threads(plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        share_elements(execution, workspace);
        norma_environment_leave(caller);
    }
    for (int64_t n = 0; n < plan->samples; n++) {
        statistics->set_product[n] = add_up(workspace->chunk_element + n * across, across, 1);
    }
}

static void execute_phased(const struct norma_execution *execution,
                           const struct norma_workspace *workspace) {
    const struct norma_tile everything = norma_tile_number(execution->plan, 0);
    const struct norma_statistics statistics =
        norma_tile_arrays(execution->plan, &everything, workspace->tiles);
    if (execution->plan->elementwise) {
        phase_elements(execution, workspace, &everything, &statistics);
    } else {
        norma_phase_sums(execution, workspace, &everything, &statistics);
    }
    norma_phase_apply(execution, &everything, &statistics, norma_gradient_channels);
    norma_tile_parameters(execution, &everything, &statistics);
}

/* ---- parameters and style ----------------------------------------------------------------- */

/* Of an alpha per element, from dy, which dx may be about to overwrite. */
static void write_element_alpha(const struct norma_execution *execution,
                                const struct norma_workspace *workspace) {
    const struct norma_plan *plan = execution->plan;
    const int64_t elements = plan->problem.c * plan->spatial;
    norma_element_factors(execution, workspace->element_weight, workspace->element_factor);
#pragma omp parallel num_threads(plan->threads) if (plan->threads > 1)
    {
        const struct norma_environment caller = norma_environment_enter();
        const struct norma_share share = norma_my_share(norma_chunks(elements));
        const int64_t first = share.first * NORMA_CHUNK;
        const int64_t last = share.last * NORMA_CHUNK;
        if (share.first < share.last) {
            norma_element_alpha(execution, workspace->element_weight, workspace->element_factor,
                                first, (last < elements ? last : elements) - first);
        }
        norma_environment_leave(caller);
    }
}

static bool wants_style_gradient(const struct norma_execution *execution) {
    const struct norma_args *args = execution->args;
    switch (execution->plan->problem.style_source) {
    case NORMA_STYLE_TENSOR:
        return execution->plan->descriptor->style && args->dstyle;
    case NORMA_STYLE_STATS:
        return args->dstyle_mean || args->dstyle_std;
    case NORMA_STYLE_SWAP:
        break;
    }
    return false;
}

/* Waking threads does not pay where all the work is two numbers a channel. */
static void write_style_gradients(const struct norma_execution *execution) {
    const struct norma_plan *plan = execution->plan;
    const int64_t across = plan->problem.c;
    const int64_t rows = plan->samples * plan->styles;
#pragma omp parallel num_threads(plan->threads) if (plan->threads > 1 && plan->style_spatial > 0)
    {
        const struct norma_environment caller = norma_environment_enter();
        struct norma_share share = norma_my_share(rows * across);
        struct norma_part part;
        while (norma_next_part(&share, across, &part)) {
            norma_style_channels(execution, part.row / plan->styles, part.row % plan->styles,
                                 part.first, part.count);
        }
        norma_environment_leave(caller);
    }
}

/* Over the samples of all tiles. Of little, waking threads is most of the work. */
static void add_up_parameters(const struct norma_execution *execution) {
    enum { WORTH_WAKING = 16 * 1024 };
    const struct norma_plan *plan = execution->plan;
    const int64_t entries = plan->parameter_parts * plan->problem.c;
#pragma omp parallel num_threads(plan->threads) if (plan->threads > 1 && entries >= WORTH_WAKING)
    {
        const struct norma_environment caller = norma_environment_enter();
        const struct norma_share share = norma_my_share(plan->problem.c);
        norma_parameter_gradients(execution, share.first, share.last - share.first);
        norma_environment_leave(caller);
    }
}

void norma_write_gradients(const struct norma_execution *execution) {
    const struct norma_plan *plan = execution->plan;
    if (has_parameters(plan) && !have_tiles_all_samples(plan)) {
        add_up_parameters(execution);
    }
    if (has_parameters(plan)) {
        norma_number_gradient(execution);
    }
    if (wants_style_gradient(execution)) {
        write_style_gradients(execution);
    }
}

void norma_execute_backward(const struct norma_execution *execution,
                            const struct norma_workspace *workspace) {
    const struct norma_plan *plan = execution->plan;
    if (plan->elementwise && execution->args->dalpha) {
        write_element_alpha(execution, workspace);
    }
    if (plan->two_phase) {
        execute_phased(execution, workspace);
    } else if (plan->split_channels) {
        norma_cross(execution, workspace,
                    &(struct norma_crossing){take_sums, norma_gradient_channels,
                                             has_parameters(plan) ? finish_tile : NULL});
    } else {
        norma_for_each_tile(execution, workspace, work_on_tile);
    }
    norma_write_gradients(execution);
}

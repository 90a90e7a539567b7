/* SPDX-License-Identifier: Apache-2.0 */
#include <norma_tools.h>

#include "kernels/execute/traverse.h"

static struct norma_chunking chunks_of_moments(const struct norma_plan *plan) {
    if (norma_moments_of_x(plan).by_columns) {
        return (struct norma_chunking){norma_chunk_rows(plan->problem.c),
                                       norma_row_chunks(plan->problem.c, plan->spatial), true};
    }
    return (struct norma_chunking){NORMA_CHUNK, norma_chunks(plan->span_length), false};
}

static struct norma_chunking chunks_of_sums(const struct norma_plan *plan) {
    if (plan->row_statistics) {
        return (struct norma_chunking){0};
    }
    if (plan->elementwise) {
        return (struct norma_chunking){NORMA_CHUNK, norma_chunks(plan->problem.c * plan->spatial),
                                       false};
    }
    const bool columns = plan->order == NORMA_ORDER_COLUMNS;
    return (struct norma_chunking){columns ? norma_chunk_rows(plan->problem.c) : NORMA_CHUNK,
                                   norma_sum_chunks(plan), columns};
}

static struct norma_chunking chunks_of(const struct norma_plan *plan) {
    if (plan->backward) {
        return chunks_of_sums(plan);
    }
    return plan->moments ? chunks_of_moments(plan) : (struct norma_chunking){0};
}

static struct norma_work_split split_of(const struct norma_plan *plan) {
    struct norma_work_split split = {
        .unit = NORMA_WORK_UNIT_TILE,
        .units = norma_tile_count(plan),
        .threads = plan->threads,
        .worthwhile = norma_worthwhile_threads(plan),
        .sets = norma_independent_sets(plan),
    };
    if (plan->strategy == NORMA_STRATEGY_TWO_PHASE) {
        split.unit = norma_phase_unit(plan);
        split.units = norma_phase_units(plan);
    }
    return split;
}

void norma_plan_describe(const struct norma_plan *plan, struct norma_description *description) {
    *description = (struct norma_description){0};
    if (!plan) {
        return;
    }
    const bool two_phase = plan->strategy == NORMA_STRATEGY_TWO_PHASE;
    *description = (struct norma_description){
        .set = plan->set,
        .size = norma_plan_size_class(plan),
        .size_bytes = 2 * norma_bytes_of_x(plan),
        .tuning = plan->tuning,
        .profile = plan->profile,
        .two_phase = two_phase,
        .split_channels = plan->strategy == NORMA_STRATEGY_SPLIT_CHANNELS,
        .mixes_samples = plan->descriptor->mix_samples != NULL,
        .columns = plan->order == NORMA_ORDER_COLUMNS,
        .rows = plan->row_statistics,
        .spatial = plan->spatial,
        .workspace = plan->workspace,
    };
    if (norma_is_empty(plan)) {
        return;
    }
    const struct norma_tile tile = norma_tile_number(plan, 0);
    description->tiles = norma_tile_count(plan);
    description->tile_samples = tile.samples;
    description->tile_channels = tile.channels;
    description->tile_bytes = norma_bytes_read(plan, tile.samples * tile.channels);
    description->chunks = chunks_of(plan);
    description->split = split_of(plan);
    description->readings = plan->backward || plan->moments ? 2 : 1;
    description->between_readings =
        norma_divide_up(description->tile_bytes, two_phase ? plan->threads : 1);
    description->stream = plan->stream;
    description->prefetch_distance = plan->prefetch_distance;
}

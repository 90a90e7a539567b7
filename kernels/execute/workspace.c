/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/workspace.h"

/* The sums of planes of one chunk are the chunk's: their arrays must be there already. */
static void lay_out_chunks(const struct norma_plan *plan, struct norma_arena *arena,
                           struct norma_workspace *workspace) {
    const struct norma_moments_work x = norma_moments_of_x(plan);
    const struct norma_moments_work styles = norma_moments_of_styles(plan);
    const int64_t span_chunks = norma_moment_chunks(&x);
    const int64_t style_chunks = norma_moment_chunks(&styles);
    const int64_t plane_chunks = plan->samples * plan->problem.c * norma_sum_chunks(plan);
    const int64_t sample_chunks = plan->samples * norma_chunks(plan->problem.c * plan->spatial);
    const bool sums = plan->backward && !plan->elementwise && !plan->row_statistics;
    const bool elements = plan->backward && plan->elementwise;
    const bool single = norma_sum_chunks(plan) == 1;
    workspace->chunk_mean = norma_arena_take(arena, plan->moments || plan->recover, span_chunks);
    workspace->chunk_m2 = norma_arena_take(arena, plan->moments || plan->recover, span_chunks);
    workspace->style_mean = norma_arena_take(arena, plan->style_moments, style_chunks);
    workspace->style_m2 = norma_arena_take(arena, plan->style_moments, style_chunks);
    workspace->chunk_dy =
        single ? workspace->plane_dy : norma_arena_take(arena, sums, plane_chunks);
    workspace->chunk_product =
        single ? workspace->plane_product : norma_arena_take(arena, sums, plane_chunks);
    workspace->chunk_element = norma_arena_take(arena, elements, sample_chunks);
}

/* Two-phase and by split channels, there is one tile that holds everything; otherwise each thread
 * has a tile. */
static void lay_out_tiles(const struct norma_plan *plan, struct norma_arena *arena,
                          struct norma_workspace *workspace) {
    int64_t samples = plan->tiling.samples, channels = plan->tiling.channels;
    int64_t tiles = plan->threads;
    if (plan->strategy == NORMA_STRATEGY_TWO_PHASE ||
        plan->strategy == NORMA_STRATEGY_SPLIT_CHANNELS) {
        samples = plan->samples;
        channels = plan->problem.c;
        tiles = 1;
    }
    workspace->tile_size = norma_tile_scratch(plan, samples, channels);
    workspace->tiles = norma_arena_take(arena, true, (int64_t)workspace->tile_size * tiles);
}

/* Each thread's buffers begin a cache line, to which memory that is aligned as malloc does may have
 * a part of a line. */
static void lay_out_buffers(const struct norma_plan *plan, struct norma_arena *arena,
                            struct norma_workspace *workspace) {
    enum { LINE = 64 };
    workspace->buffer_size = norma_buffer_size(plan);
    const int64_t size = workspace->buffer_size * plan->threads;
    char *const start =
        (char *)norma_arena_take(arena, size > 0, size + LINE / (int64_t)sizeof(double));
    if (start) {
        workspace->buffers = (double *)(void *)(start + (LINE - (uintptr_t)start % LINE) % LINE);
    }
}

size_t norma_workspace_lay_out(const struct norma_plan *plan, double *base,
                               struct norma_workspace *workspace) {
    struct norma_arena arena = {base, 0};
    const struct norma_operator_descriptor *descriptor = plan->descriptor;
    const int64_t n = plan->samples;
    const int64_t planes = plan->parameter_parts * plan->regions * plan->problem.c;
    const bool sums = plan->backward || plan->loss;
    const bool weights = plan->backward && (descriptor->gate || descriptor->weight);
    const bool elements = plan->backward && plan->elementwise;
    const bool swapped = plan->problem.style_source == NORMA_STYLE_SWAP;
    *workspace = (struct norma_workspace){0};
    lay_out_buffers(plan, &arena, workspace);
    lay_out_tiles(plan, &arena, workspace);
    workspace->plane_dy = norma_arena_take(&arena, sums, planes);
    workspace->plane_product =
        norma_arena_take(&arena, sums && !(plan->row_group > 0 && descriptor->weight), planes);
    workspace->plane_weight = norma_arena_take(&arena, weights, planes);
    if (plan->strategy == NORMA_STRATEGY_TWO_PHASE) {
        lay_out_chunks(plan, &arena, workspace);
    }
    workspace->region_count = norma_arena_take(&arena, plan->regions > 1, n * plan->regions);
    workspace->element_weight = norma_arena_take(&arena, elements, n);
    workspace->element_factor = norma_arena_take(&arena, elements, n);
    workspace->styled = (int32_t *)(void *)norma_arena_take(&arena, swapped, norma_divide_up(n, 2));
    return arena.count;
}

size_t norma_workspace_bytes(const struct norma_plan *plan) {
    struct norma_workspace workspace;
    return norma_workspace_lay_out(plan, NULL, &workspace) * sizeof(double);
}

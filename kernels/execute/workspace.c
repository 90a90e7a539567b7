/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/workspace.h"

#include "kernels/stages/stages.h"

static void lay_out_chunks(const struct norma_plan *plan, struct norma_arena *arena,
                           struct norma_workspace *workspace) {
    const struct norma_moments_work x = norma_moments_of_x(plan);
    const struct norma_moments_work styles = norma_moments_of_styles(plan);
    const int64_t run_chunks = norma_moment_chunks(&x);
    const int64_t style_chunks = norma_moment_chunks(&styles);
    const int64_t plane_chunks = plan->samples * plan->problem.c * norma_sum_chunks(plan);
    const int64_t sample_chunks = plan->samples * norma_chunks(plan->problem.c * plan->spatial);
    const bool sums = plan->backward && !plan->elementwise && !plan->rows;
    workspace->chunk_mean = norma_arena_take(arena, plan->moments, run_chunks);
    workspace->chunk_m2 = norma_arena_take(arena, plan->moments, run_chunks);
    workspace->style_mean = norma_arena_take(arena, plan->style_moments, style_chunks);
    workspace->style_m2 = norma_arena_take(arena, plan->style_moments, style_chunks);
    workspace->chunk_dy = norma_arena_take(arena, sums, plane_chunks);
    workspace->chunk_product = norma_arena_take(arena, sums, plane_chunks);
    workspace->chunk_element =
        norma_arena_take(arena, plan->backward && plan->elementwise, sample_chunks);
}

size_t norma_workspace_lay_out(const struct norma_plan *plan, double *base,
                               struct norma_workspace *workspace) {
    struct norma_arena arena = {base, 0};
    const int64_t n = plan->samples;
    const int64_t planes = plan->parameter_parts * plan->regions * plan->problem.c;
    const bool tables = plan->backward || plan->loss;
    const bool third = plan->backward && (plan->descriptor->gate || plan->descriptor->weight);
    const bool elements = plan->backward && plan->elementwise;
    const bool swapped = plan->problem.style_source == NORMA_STYLE_SWAP;
    *workspace = (struct norma_workspace){
        .tile = norma_tile_scratch(plan, plan->tiling.samples,
                                   plan->split_channels ? plan->problem.c : plan->tiling.channels)};
    const size_t tiles = plan->two_phase || plan->split_channels ? 1 : (size_t)plan->threads;
    workspace->tiles = norma_arena_take(&arena, true, (int64_t)(workspace->tile * tiles));
    if (plan->two_phase) {
        lay_out_chunks(plan, &arena, workspace);
    }
    workspace->first = norma_arena_take(&arena, tables, planes);
    workspace->second = norma_arena_take(&arena, tables, planes);
    workspace->third = norma_arena_take(&arena, third, planes);
    workspace->region_count = norma_arena_take(&arena, plan->regions > 1, n * plan->regions);
    workspace->element_weight = norma_arena_take(&arena, elements, n);
    workspace->element_factor = norma_arena_take(&arena, elements, n);
    workspace->styled = (int32_t *)(void *)norma_arena_take(&arena, swapped, norma_divide_up(n, 2));
    return arena.count;
}

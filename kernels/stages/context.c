/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/context.h"

static struct norma_statistics lay_out(const struct norma_plan *plan, int64_t samples,
                                       int64_t channels, struct norma_arena *arena) {
    const struct norma_operator_descriptor *descriptor = plan->descriptor;
    const int64_t sets = samples * plan->regions * (channels / plan->channels_per_span);
    const int64_t styles = samples * plan->styles * channels;
    const bool mixes = descriptor->mix_samples != NULL;
    const bool set_sums = plan->backward && descriptor->set_weights;
    const bool batch_sums = plan->backward && (descriptor->batch_weights || mixes);
    const bool batch_x = plan->recover && norma_has_means_of_batch(plan);
    const bool x_means = plan->recover && !plan->moments;
    const bool two_phase = plan->strategy == NORMA_STRATEGY_TWO_PHASE;
    const int64_t x_sets = two_phase || samples == 0 ? sets : sets / samples;
    struct norma_statistics statistics = {
        .mean = norma_arena_take(arena, plan->instance, sets),
        .inverse_std = norma_arena_take(arena, plan->instance, sets),
        .style_mean = norma_arena_take(arena, descriptor->style, styles),
        .style_std = norma_arena_take(arena, descriptor->style, styles),
        .batch_mean = norma_arena_take(arena, descriptor->batch, channels),
        .batch_inverse_std = norma_arena_take(arena, descriptor->batch, channels),
        .inverse_norm = norma_arena_take(arena, mixes, samples),
        .norm_slope = norma_arena_take(arena, mixes && plan->backward, samples),
        .set_dy = norma_arena_take(arena, set_sums, sets),
        .set_product = norma_arena_take(arena, set_sums, sets),
        .batch_dy = norma_arena_take(arena, batch_sums, channels),
        .batch_product = norma_arena_take(arena, batch_sums, channels),
        .x_mean = norma_arena_take(arena, x_means, x_sets),
        .x_m2 = norma_arena_take(arena, x_means, x_sets),
        .batch_x = norma_arena_take(arena, batch_x, channels),
    };
    return statistics;
}

size_t norma_tile_scratch(const struct norma_plan *plan, int64_t samples, int64_t channels) {
    struct norma_arena arena = {NULL, 0};
    lay_out(plan, samples, channels, &arena);
    return arena.count;
}

static double *from(double *array, int64_t index) {
    return array ? array + index : NULL;
}

static double *buffers_of(const struct norma_execution *execution, int thread) {
    return from(execution->workspace.buffers, thread * execution->workspace.buffer_size);
}

struct norma_stage_context norma_tile_context(const struct norma_execution *execution,
                                              struct norma_tile tile, int thread) {
    const struct norma_workspace *workspace = &execution->workspace;
    struct norma_arena arena = {workspace->tiles + (size_t)thread * workspace->tile_size, 0};
    return (struct norma_stage_context){
        .execution = execution,
        .tile = tile,
        .statistics = lay_out(execution->plan, tile.samples, tile.channels, &arena),
        .buffers = buffers_of(execution, thread),
    };
}

struct norma_stage_context norma_context_of_thread(const struct norma_stage_context *shared,
                                                   int thread) {
    struct norma_stage_context own = *shared;
    own.buffers = buffers_of(shared->execution, thread);
    return own;
}

struct norma_stage_context norma_part_of_context(const struct norma_stage_context *everything,
                                                 struct norma_tile tile) {
    const struct norma_statistics *statistics = &everything->statistics;
    const int64_t channel = tile.channel;
    const int64_t set = channel / everything->execution->plan->channels_per_span;
    return (struct norma_stage_context){
        .execution = everything->execution,
        .tile = tile,
        .buffers = everything->buffers,
        .statistics =
            {
                .mean = from(statistics->mean, set),
                .inverse_std = from(statistics->inverse_std, set),
                .style_mean = from(statistics->style_mean, channel),
                .style_std = from(statistics->style_std, channel),
                .batch_mean = from(statistics->batch_mean, channel),
                .batch_inverse_std = from(statistics->batch_inverse_std, channel),
                .set_dy = from(statistics->set_dy, set),
                .set_product = from(statistics->set_product, set),
                .batch_dy = from(statistics->batch_dy, channel),
                .batch_product = from(statistics->batch_product, channel),
                .x_mean = from(statistics->x_mean, set),
                .x_m2 = from(statistics->x_m2, set),
                .batch_x = from(statistics->batch_x, channel),
            },
    };
}

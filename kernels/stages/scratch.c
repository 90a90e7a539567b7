/* The scratch arrays of a tile.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/arena.h"
#include "kernels/stages/tile.h"

static struct norma_statistics lay_out(const struct norma_plan *plan, int64_t samples,
                                       int64_t channels, struct norma_arena *arena) {
    const struct norma_operator_descriptor *descriptor = plan->descriptor;
    const int64_t sets = samples * plan->regions * (channels / plan->channels_per_span);
    const int64_t styles = samples * plan->styles * channels;
    const bool batch_sums = plan->backward && (descriptor->batch_weights || descriptor->couple);
    struct norma_statistics statistics = {
        .mean = norma_arena_take(arena, plan->instance, sets),
        .inverse_std = norma_arena_take(arena, plan->instance, sets),
        .style_mean = norma_arena_take(arena, descriptor->style, styles),
        .style_std = norma_arena_take(arena, descriptor->style, styles),
        .batch_mean = norma_arena_take(arena, descriptor->batch, channels),
        .batch_inverse_std = norma_arena_take(arena, descriptor->batch, channels),
        .inverse_norm = norma_arena_take(arena, descriptor->couple, samples),
        .norm_slope = norma_arena_take(arena, descriptor->couple && plan->backward, samples),
        .set_dy = norma_arena_take(arena, plan->backward && descriptor->set_weights, sets),
        .set_product = norma_arena_take(arena, plan->backward && descriptor->set_weights, sets),
        .batch_dy = norma_arena_take(arena, batch_sums, channels),
        .batch_product = norma_arena_take(arena, batch_sums, channels),
    };
    return statistics;
}

size_t norma_tile_scratch(const struct norma_plan *plan, int64_t samples, int64_t channels) {
    struct norma_arena arena = {NULL, 0};
    lay_out(plan, samples, channels, &arena);
    return arena.count;
}

struct norma_statistics norma_tile_arrays(const struct norma_plan *plan,
                                          const struct norma_tile *tile, double *scratch) {
    struct norma_arena arena = {scratch, 0};
    return lay_out(plan, tile->samples, tile->channels, &arena);
}

static double *from(double *array, int64_t index) {
    return array ? array + index : NULL;
}

struct norma_statistics norma_tile_part(const struct norma_plan *plan,
                                        const struct norma_tile *tile,
                                        const struct norma_statistics *everything) {
    const int64_t channel = tile->channel, set = channel / plan->channels_per_span;
    return (struct norma_statistics){
        .mean = from(everything->mean, set),
        .inverse_std = from(everything->inverse_std, set),
        .style_mean = from(everything->style_mean, channel),
        .style_std = from(everything->style_std, channel),
        .batch_mean = from(everything->batch_mean, channel),
        .batch_inverse_std = from(everything->batch_inverse_std, channel),
        .set_dy = from(everything->set_dy, set),
        .set_product = from(everything->set_product, set),
        .batch_dy = from(everything->batch_dy, channel),
        .batch_product = from(everything->batch_product, channel),
    };
}

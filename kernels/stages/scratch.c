/* The scratch arrays of a tile.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/arena.h"
#include "kernels/stages/tile.h"

static struct norma_statistics lay_out(const struct norma_plan *plan, int64_t samples,
                                       int64_t channels, struct norma_carver *carver) {
    const struct norma_operator_rules *rules = plan->rules;
    const int64_t sets = samples * plan->regions * (channels / plan->channels_per_run);
    const int64_t styles = samples * plan->styles * channels;
    const bool batch_sums = plan->backward && (rules->batch_weights || rules->couple);
    struct norma_statistics statistics = {
        .mean = norma_carve(carver, plan->instance, sets),
        .inverse_std = norma_carve(carver, plan->instance, sets),
        .style_mean = norma_carve(carver, rules->style, styles),
        .style_std = norma_carve(carver, rules->style, styles),
        .batch_mean = norma_carve(carver, rules->batch, channels),
        .batch_inverse_std = norma_carve(carver, rules->batch, channels),
        .inverse_norm = norma_carve(carver, rules->couple, samples),
        .norm_slope = norma_carve(carver, rules->couple && plan->backward, samples),
        .set_dy = norma_carve(carver, plan->backward && rules->set_weights, sets),
        .set_product = norma_carve(carver, plan->backward && rules->set_weights, sets),
        .batch_dy = norma_carve(carver, batch_sums, channels),
        .batch_product = norma_carve(carver, batch_sums, channels),
    };
    return statistics;
}

size_t norma_tile_scratch(const struct norma_plan *plan, int64_t samples, int64_t channels) {
    struct norma_carver carver = {NULL, 0};
    lay_out(plan, samples, channels, &carver);
    return carver.count;
}

struct norma_statistics norma_tile_carve(const struct norma_plan *plan,
                                         const struct norma_tile *tile, double *scratch) {
    struct norma_carver carver = {scratch, 0};
    return lay_out(plan, tile->samples, tile->channels, &carver);
}

static double *from(double *array, int64_t index) {
    return array ? array + index : NULL;
}

struct norma_statistics norma_tile_part(const struct norma_plan *plan,
                                        const struct norma_tile *tile,
                                        const struct norma_statistics *everything) {
    const int64_t channel = tile->channel, set = channel / plan->channels_per_run;
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

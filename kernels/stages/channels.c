/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/channels.h"

int64_t norma_block_size(const struct norma_plan *plan) {
    if (plan->columns) {
        return NORMA_COLUMNS;
    }
    const int64_t channels = NORMA_BLOCK_ELEMENTS / plan->spatial;
    return channels < 1 ? 1 : (channels < NORMA_BLOCK ? channels : NORMA_BLOCK);
}

struct norma_block norma_rest_of(const struct norma_block *block, int64_t done, int64_t most) {
    struct norma_block rest = *block;
    rest.channel += done;
    rest.count -= done;
    rest.count = rest.count < most ? rest.count : most;
    return rest;
}

/* NULL stays NULL. */
static const double *spread_spans(const struct norma_plan *plan, const struct norma_tile *tile,
                                  const struct norma_block *block, const double *sets,
                                  double *channels) {
    if (!sets) {
        return NULL;
    }
    const double *row = sets + norma_set_row(plan, tile, block->sample, block->region);
    if (plan->channels_per_span == 1) {
        return row + block->channel;
    }
    int64_t run = block->channel / plan->channels_per_span;
    for (int64_t i = 0; i < block->count; run++) {
        const int64_t end = (run + 1) * plan->channels_per_span - block->channel;
        for (; i < block->count && i < end; i++) {
            channels[i] = row[run];
        }
    }
    return channels;
}

static const double *from(const double *array, int64_t index) {
    return array ? array + index : NULL;
}

struct norma_channels norma_channels_of(const struct norma_execution *execution,
                                        const struct norma_tile *tile,
                                        const struct norma_statistics *statistics,
                                        const struct norma_block *block,
                                        struct norma_spread *spread) {
    const struct norma_plan *plan = execution->plan;
    const int64_t sample = tile->sample + block->sample;
    const int64_t style =
        (block->sample * plan->styles + block->region) * tile->channels + block->channel;
    struct norma_channels channels = {
        .problem = &plan->problem,
        .args = execution->args,
        .sample = sample,
        .row = plan->descriptor->tables ? execution->args->style_index[sample] : 0,
        .first = tile->channel + block->channel,
        .count = block->count,
        .mean = spread_spans(plan, tile, block, statistics->mean, spread->mean),
        .inverse_std =
            spread_spans(plan, tile, block, statistics->inverse_std, spread->inverse_std),
        .batch_mean = from(statistics->batch_mean, block->channel),
        .batch_inverse_std = from(statistics->batch_inverse_std, block->channel),
        .style_mean = from(statistics->style_mean, style),
        .style_std = from(statistics->style_std, style),
        .set_count = (double)plan->span_length,
        .batch_count = execution->batch_count,
    };
    if (execution->region_count) {
        channels.set_count = execution->region_count[sample * plan->regions + block->region];
    }
    if (statistics->inverse_norm) {
        channels.inverse_norm = statistics->inverse_norm[block->sample];
    }
    return channels;
}

struct norma_sums norma_sums_of(const struct norma_execution *execution,
                                const struct norma_tile *tile,
                                const struct norma_statistics *statistics,
                                const struct norma_block *block, struct norma_spread *spread) {
    const struct norma_plan *plan = execution->plan;
    const int64_t plane =
        norma_plane_entry(plan, tile, block->sample, block->region, block->channel);
    struct norma_sums sums = {
        .dy = execution->first + plane,
        .product = execution->second + plane,
        .set_dy = spread_spans(plan, tile, block, statistics->set_dy, spread->dy),
        .set_product = spread_spans(plan, tile, block, statistics->set_product, spread->product),
        .batch_dy = from(statistics->batch_dy, block->channel),
        .batch_product = from(statistics->batch_product, block->channel),
    };
    if (execution->styled) {
        const int64_t styled = execution->styled[tile->sample + block->sample];
        const int64_t at = styled * plan->problem.c + tile->channel + block->channel;
        sums.styled = styled;
        sums.styled_dy = execution->first + at;
        sums.styled_product = execution->second + at;
    }
    if (statistics->norm_slope) {
        sums.norm_slope = statistics->norm_slope[block->sample];
    }
    return sums;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/channels.h"

/* ---- blocks ------------------------------------------------------------------------------- */

struct norma_block norma_rest_of(const struct norma_block *block, int64_t done, int64_t most) {
    struct norma_block rest = *block;
    rest.channel += done;
    rest.count = norma_min(block->count - done, most);
    return rest;
}

int64_t norma_block_size(const struct norma_plan *plan) {
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return NORMA_COLUMNS;
    case NORMA_ORDER_PLANES:
        break;
    }
    return norma_max(1, norma_min(NORMA_BLOCK_ELEMENTS / plan->spatial, NORMA_BLOCK));
}

/* ---- buffers ------------------------------------------------------------------------------ */

int64_t norma_buffer_channels(const struct norma_plan *plan) {
    const bool columns =
        plan->order == NORMA_ORDER_COLUMNS || plan->style_order == NORMA_ORDER_COLUMNS;
    const int64_t channels = norma_min(plan->problem.c, columns ? NORMA_COLUMNS : NORMA_BLOCK);
    if (plan->elementwise) {
        return 0;
    }
    return norma_divide_up(channels, NORMA_LANES) * NORMA_LANES; /* every array begins a vector */
}

struct norma_column_buffers norma_column_buffers_of(const struct norma_stage_context *context) {
    struct norma_arena arena = {context->buffers, 0};
    const int64_t channels = norma_buffer_channels(context->execution->plan);
    struct norma_column_buffers buffers;
    for (int i = 0; i < 2; i++) {
        buffers.chunk[i] = norma_arena_take(&arena, true, channels);
        buffers.part[i] = norma_arena_take(&arena, true, channels);
    }
    return buffers;
}

/* ---- pieces ------------------------------------------------------------------------------- */

struct norma_piece norma_piece_of(const struct norma_stage_context *context,
                                  const struct norma_block *block, int64_t first, int64_t last) {
    const struct norma_plan *plan = context->execution->plan;
    const int64_t offset = norma_offset_of(context, block->sample, block->channel, first);
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return (struct norma_piece){offset, block->count, last - first, plan->problem.c, NULL};
    case NORMA_ORDER_PLANES:
        break;
    }
    return (struct norma_piece){offset, last - first, block->count, 0, NULL};
}

/* ---- what operators see ------------------------------------------------------------------- */

static const double *from(const double *array, int64_t index) {
    return array ? array + index : NULL;
}

/* Returns one value for each channel of a block, from an array that has one for each span. If a
 * span is one channel, the result is part of the array itself; otherwise it is the buffer, into
 * which each span's value is repeated for its channels. NULL stays NULL. */
static const double *for_each_channel(const struct norma_stage_context *context,
                                      const struct norma_block *block, const double *spans,
                                      double *restrict buffer) {
    const int64_t channels_per_span = context->execution->plan->channels_per_span;
    const double *row = from(spans, norma_set_row(context, block->sample, block->region));
    if (!row || channels_per_span == 1) {
        return from(row, block->channel);
    }
    int64_t span = block->channel / channels_per_span;
    for (int64_t i = 0; i < block->count; span++) {
        const int64_t end =
            norma_min(block->count, (span + 1) * channels_per_span - block->channel);
        for (; i < end; i++) {
            buffer[i] = row[span];
        }
    }
    return buffer;
}

/* Returns the number of elements that the statistics of a block's channels are of. */
static double set_count_of(const struct norma_stage_context *context,
                           const struct norma_block *block) {
    const struct norma_plan *plan = context->execution->plan;
    const double *counts = context->execution->workspace.region_count;
    const int64_t sample = context->tile.sample + block->sample;
    return counts ? counts[sample * plan->regions + block->region] : (double)plan->span_length;
}

struct norma_channels norma_channels_of(const struct norma_stage_context *context,
                                        const struct norma_block *block,
                                        struct norma_channel_buffers *buffers) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_args *args = context->execution->args;
    const struct norma_tile *tile = &context->tile;
    const struct norma_statistics *statistics = &context->statistics;
    const int64_t sample = tile->sample + block->sample;
    const int64_t style =
        (block->sample * plan->styles + block->region) * tile->channels + block->channel;
    return (struct norma_channels){
        .problem = &plan->problem,
        .args = args,
        .sample = sample,
        .row = plan->descriptor->tables ? args->style_index[sample] : 0,
        .first = tile->channel + block->channel,
        .count = block->count,
        .mean = for_each_channel(context, block, statistics->mean, buffers->mean),
        .inverse_std =
            for_each_channel(context, block, statistics->inverse_std, buffers->inverse_std),
        .batch_mean = from(statistics->batch_mean, block->channel),
        .batch_inverse_std = from(statistics->batch_inverse_std, block->channel),
        .style_mean = from(statistics->style_mean, style),
        .style_std = from(statistics->style_std, style),
        .set_count = set_count_of(context, block),
        .batch_count = context->execution->batch_count,
        .inverse_norm = statistics->inverse_norm ? statistics->inverse_norm[block->sample] : 0.0,
    };
}

struct norma_sums norma_sums_of(const struct norma_stage_context *context,
                                const struct norma_block *block,
                                struct norma_channel_buffers *buffers) {
    const struct norma_workspace *workspace = &context->execution->workspace;
    const struct norma_tile *tile = &context->tile;
    const struct norma_statistics *statistics = &context->statistics;
    const int64_t plane = norma_plane_entry(context, block->sample, block->region, block->channel);
    struct norma_sums sums = {
        .dy = from(workspace->plane_dy, plane),
        .product = from(workspace->plane_product, plane),
        .set_dy = for_each_channel(context, block, statistics->set_dy, buffers->dy),
        .set_product = for_each_channel(context, block, statistics->set_product, buffers->product),
        .batch_dy = from(statistics->batch_dy, block->channel),
        .batch_product = from(statistics->batch_product, block->channel),
        .norm_slope = statistics->norm_slope ? statistics->norm_slope[block->sample] : 0.0,
    };
    if (workspace->styled) {
        sums.styled = workspace->styled[tile->sample + block->sample];
        const int64_t channel = tile->channel + block->channel;
        const int64_t entry = sums.styled * context->execution->plan->problem.c + channel;
        sums.styled_dy = workspace->plane_dy + entry;
        sums.styled_product = workspace->plane_product + entry;
    }
    return sums;
}

void norma_for_each_block(const struct norma_stage_context *context, norma_block_work *work) {
    struct norma_channel_buffers buffers;
    for (int64_t n = 0; n < context->tile.samples; n++) {
        for (int64_t r = 0; r < context->execution->plan->regions; r++) {
            const struct norma_block all = {n, r, 0, context->tile.channels};
            for (int64_t c = 0; c < all.count; c += NORMA_BLOCK) {
                const struct norma_block block = norma_rest_of(&all, c, NORMA_BLOCK);
                const struct norma_channels channels = norma_channels_of(context, &block, &buffers);
                const struct norma_sums sums = norma_sums_of(context, &block, &buffers);
                work(context, &block, &channels, &sums);
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/walk.h"

/* ---- pieces ------------------------------------------------------------------------------- */

/* Returns the elements of channels [first, first + count) of a piece. */
static struct norma_piece some_channels(const struct norma_piece *piece, int64_t first,
                                        int64_t count) {
    struct norma_piece part = *piece;
    if (piece->stride > 0) {
        part.offset += first;
        part.length = count;
    } else {
        part.offset += first * piece->length;
        part.spans = count;
    }
    return part;
}

/* Returns coefficients that lie in the thread's buffers. */
static struct norma_coefficients coefficients_in(const struct norma_stage_context *context) {
    const int64_t channels = norma_buffer_channels(context->execution->plan);
    float *const start = (float *)context->buffers;
    return (struct norma_coefficients){
        .centre = start,
        .scale = start + channels,
        .shift = start + 2 * channels,
        .x_scale = start + 3 * channels,
        .in_double = (bool *)(start + 4 * channels),
    };
}

/* Returns how many channels from number `first` on are computed together. In double it is one. */
static int64_t channels_together(const struct norma_coefficients *coefficients, int64_t first,
                                 int64_t count) {
    int64_t end = first;
    while (end < count && !coefficients->in_double[end]) {
        end++;
    }
    return end > first ? end - first : 1;
}

/* Visits a piece of the block that the coefficients are of. */
static void visit(const struct norma_stage_context *context, const struct norma_block *block,
                  const struct norma_piece *piece, const struct norma_coefficients *coefficients,
                  const struct norma_visitor *visitor) {
    if (!coefficients->any_in_double) {
        visitor->apply(context, piece, coefficients, 0);
        return;
    }
    for (int64_t i = 0, count; i < block->count; i += count) {
        count = channels_together(coefficients, i, block->count);
        const struct norma_piece part = some_channels(piece, i, count);
        if (coefficients->in_double[i]) {
            const struct norma_block channel = norma_rest_of(block, i, 1);
            visitor->in_double(context, &channel, &part);
        } else {
            visitor->apply(context, &part, coefficients, i);
        }
    }
}

/* ---- planes ------------------------------------------------------------------------------- */

/* Goes from the last block to the first: what was read last for the statistics or sums is still in
 * a cache. */
static void walk_blocks(const struct norma_stage_context *context, const struct norma_slice *slice,
                        const struct norma_visitor *visitor) {
    const int64_t most = norma_block_size(context->execution->plan);
    struct norma_coefficients coefficients = coefficients_in(context);
    for (int64_t end = slice->channels, count = 0; end > 0; end -= count) {
        count = norma_min(end, most);
        const struct norma_block block = {slice->sample, 0, slice->channel + end - count, count};
        const struct norma_piece piece = norma_piece_of(context, &block, slice->first, slice->last);
        visitor->compute(context, &block, &coefficients);
        visit(context, &block, &piece, &coefficients, visitor);
    }
}

/* Applies each region in turn to some positions of one channel. */
static void walk_regions_of(const struct norma_stage_context *context,
                            const struct norma_block *channel, int64_t first, int64_t last,
                            const struct norma_visitor *visitor) {
    const uint8_t *labels = norma_labels_of(context, channel->sample);
    struct norma_coefficients coefficients = coefficients_in(context);
    struct norma_block block = *channel;
    struct norma_piece piece = norma_piece_of(context, channel, first, last);
    for (; block.region < context->execution->plan->regions; block.region++) {
        const struct norma_selection selection = {
            .labels = labels + first, .label = (uint8_t)block.region, .count = last - first};
        piece.selection = &selection;
        visitor->compute(context, &block, &coefficients);
        visit(context, &block, &piece, &coefficients, visitor);
    }
}

static void walk_regions(const struct norma_stage_context *context, const struct norma_slice *slice,
                         const struct norma_visitor *visitor) {
    for (int64_t c = 0; c < slice->channels; c++) {
        const struct norma_block channel = {slice->sample, 0, slice->channel + c, 1};
        for (int64_t first = slice->first, last; first < slice->last; first = last) {
            last = first + norma_min(slice->last - first, visitor->region_positions);
            walk_regions_of(context, &channel, first, last, visitor);
        }
    }
}

/* ---- columns ------------------------------------------------------------------------------ */

/* Visits the rows of one region: those that follow each other at once. */
static void walk_rows_of_region(const struct norma_stage_context *context,
                                const struct norma_slice *slice, const struct norma_block *block,
                                const struct norma_coefficients *coefficients,
                                const struct norma_visitor *visitor) {
    const uint8_t *labels = norma_labels_of(context, block->sample);
    struct norma_rows rows = {slice->first, 0};
    while (norma_next_rows(labels, (uint8_t)block->region, slice->last, &rows)) {
        const struct norma_piece piece =
            norma_piece_of(context, block, rows.first, rows.first + rows.count);
        visit(context, block, &piece, coefficients, visitor);
    }
}

static void walk_columns(const struct norma_stage_context *context, const struct norma_slice *slice,
                         const struct norma_visitor *visitor) {
    const int64_t regions = context->execution->plan->regions;
    const struct norma_block all = {slice->sample, 0, slice->channel, slice->channels};
    struct norma_coefficients coefficients = coefficients_in(context);
    for (int64_t c = 0; c < all.count; c += NORMA_COLUMNS) {
        struct norma_block block = norma_rest_of(&all, c, NORMA_COLUMNS);
        for (; block.region < regions; block.region++) {
            visitor->compute(context, &block, &coefficients);
            if (regions > 1) {
                walk_rows_of_region(context, slice, &block, &coefficients, visitor);
            } else {
                const struct norma_piece piece =
                    norma_piece_of(context, &block, slice->first, slice->last);
                visit(context, &block, &piece, &coefficients, visitor);
            }
        }
    }
}

/* ---- rows --------------------------------------------------------------------------------- */

static void walk_rows(const struct norma_stage_context *context, int64_t first, int64_t last,
                      const struct norma_visitor *visitor) {
    for (int64_t row = first, end; row < last; row = end) {
        end = row + visitor->rows_together(context, row, last);
        if (end > row) {
            visitor->rows(context, row, end);
        } else {
            walk_blocks(context, &(struct norma_slice){row, 1, 0, context->tile.channels, 0, 1},
                        visitor);
            end++;
        }
    }
}

/* ---- samples together --------------------------------------------------------------------- */

/* Computes coefficients that are the same for every sample only once. */
static void walk_samples_together(const struct norma_stage_context *context,
                                  const struct norma_slice *slice,
                                  const struct norma_visitor *visitor) {
    const struct norma_block all = {slice->sample, 0, slice->channel, slice->channels};
    struct norma_coefficients coefficients = coefficients_in(context);
    for (int64_t c = 0; c < all.count; c += NORMA_BLOCK) {
        struct norma_block block = norma_rest_of(&all, c, NORMA_BLOCK);
        visitor->compute(context, &block, &coefficients);
        for (int64_t i = 0; i < slice->samples; i++) {
            const int64_t done = visitor->last_sample_first ? slice->samples - 1 - i : i;
            block.sample = slice->sample + done;
            const struct norma_piece piece =
                norma_piece_of(context, &block, slice->first, slice->last);
            visit(context, &block, &piece, &coefficients, visitor);
        }
    }
}

/* ---- both --------------------------------------------------------------------------------- */

void norma_walk_slice(const struct norma_stage_context *context, const struct norma_slice *slice,
                      const struct norma_visitor *visitor) {
    const struct norma_plan *plan = context->execution->plan;
    if (plan->elementwise) {
        visitor->elements(context, slice);
        return;
    }
    if (plan->row_statistics) {
        walk_rows(context, slice->sample, slice->sample + slice->samples, visitor);
        return;
    }
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        walk_columns(context, slice, visitor);
        break;
    case NORMA_ORDER_PLANES:
        (plan->regions > 1                  ? walk_regions
         : norma_has_samples_together(plan) ? walk_samples_together
                                            : walk_blocks)(context, slice, visitor);
        break;
    }
}

void norma_walk_tile(const struct norma_stage_context *context,
                     const struct norma_visitor *visitor) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_tile *tile = &context->tile;
    struct norma_slice slice = {0, tile->samples, 0, tile->channels, 0, plan->spatial};
    if (plan->row_statistics || norma_has_samples_together(plan)) {
        norma_walk_slice(context, &slice, visitor);
        return;
    }
    slice.samples = 1;
    for (int64_t i = 0; i < tile->samples; i++) {
        slice.sample = visitor->last_sample_first ? tile->samples - 1 - i : i;
        norma_walk_slice(context, &slice, visitor);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/column_moments.h"
#include "kernels/stages/tile.h"

static void moments_of_regions(const struct norma_stage_context *context, int64_t sample,
                               const void *x, struct norma_moment_arrays moments) {
    const struct norma_plan *plan = context->execution->plan;
    const uint8_t *labels = norma_labels_of(context, sample);
    const int64_t channels = context->tile.channels;
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        norma_column_moments_of_regions(plan, x, channels, labels, moments);
        break;
    case NORMA_ORDER_PLANES:
        for (int64_t r = 0; r < plan->regions; r++) {
            norma_moments_of_region(plan, x, channels, (struct norma_region){labels, (uint8_t)r},
                                    norma_moments_from(moments, r * channels));
        }
        break;
    }
}

static void moments_of_x(const struct norma_stage_context *context, int64_t sample) {
    const struct norma_plan *plan = context->execution->plan;
    const void *x =
        norma_element_at(plan, context->execution->args->x, norma_offset_of(context, sample, 0, 0));
    const struct norma_moment_arrays all = {context->statistics.mean,
                                            context->statistics.inverse_std};
    const struct norma_moment_arrays moments =
        norma_moments_from(all, norma_set_row(context, sample, 0));
    if (plan->regions > 1) {
        moments_of_regions(context, sample, x, moments);
    } else if (plan->contiguous_spans) {
        norma_moments_of_spans(plan, x, plan->span_length, norma_spans_of(context), moments);
    } else {
        norma_column_moments_of_spans(plan, x, context->tile.channels, moments);
    }
}

/* Computes the moments of one style, number `style` of the tile. */
static void moments_of_style(const struct norma_stage_context *context, int64_t style) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_tile *tile = &context->tile;
    const int64_t channels = plan->problem.c, positions = plan->style_spatial;
    const int64_t first = (tile->sample * plan->styles + style) * channels * positions;
    const void *tensor = context->execution->args->style;
    const struct norma_moment_arrays all = {context->statistics.style_mean,
                                            context->statistics.style_std};
    const struct norma_moment_arrays moments = norma_moments_from(all, style * tile->channels);
    switch (plan->style_order) {
    case NORMA_ORDER_COLUMNS:
        norma_moments_of_matrix(
            plan,
            (struct norma_matrix){norma_element_at(plan, tensor, first + tile->channel), positions,
                                  channels, tile->channels},
            moments);
        break;
    case NORMA_ORDER_PLANES:
        norma_moments_of_spans(plan,
                               norma_element_at(plan, tensor, first + tile->channel * positions),
                               positions, tile->channels, moments);
        break;
    }
}

void norma_tile_moments(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    if (plan->moments) {
        for (int64_t n = 0; n < context->tile.samples; n++) {
            moments_of_x(context, n);
        }
    }
    if (plan->style_moments) {
        for (int64_t i = 0; i < context->tile.samples * plan->styles; i++) {
            moments_of_style(context, i);
        }
    }
}

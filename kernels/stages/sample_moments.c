/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/sample_moments.h"

#include "kernels/stages/channels.h"
#include "kernels/stages/tile.h"

static void moments_of_regions(const struct norma_stage_context *context, int64_t sample,
                               const void *x, struct norma_moment_arrays moments) {
    const struct norma_plan *plan = context->execution->plan;
    const uint8_t *labels = norma_labels_of(context, sample);
    const int64_t channels = context->tile.channels;
    const struct norma_column_buffers buffers = norma_column_buffers_of(context);
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        norma_column_moments_of_regions(plan, x, channels, labels, moments, &buffers);
        break;
    case NORMA_ORDER_PLANES:
        for (int64_t r = 0; r < plan->regions; r++) {
            norma_moments_of_region(plan, x, channels, (struct norma_region){labels, (uint8_t)r},
                                    norma_moments_from(moments, r * channels));
        }
        break;
    }
}

void norma_sample_moments(const struct norma_stage_context *context, int64_t sample,
                          struct norma_moment_arrays moments) {
    const struct norma_plan *plan = context->execution->plan;
    const void *x =
        norma_element_at(plan, context->execution->args->x, norma_offset_of(context, sample, 0, 0));
    if (plan->regions > 1) {
        moments_of_regions(context, sample, x, moments);
    } else if (plan->contiguous_spans) {
        norma_moments_of_spans(plan, x, plan->span_length, norma_spans_of(context), moments);
    } else {
        const struct norma_column_buffers buffers = norma_column_buffers_of(context);
        norma_column_moments_of_spans(plan, x, context->tile.channels, moments, &buffers);
    }
}

void norma_style_moments(const struct norma_execution *execution, int64_t row, int64_t channel,
                         int64_t count, struct norma_moment_arrays moments,
                         const struct norma_column_buffers *buffers) {
    const struct norma_plan *plan = execution->plan;
    const int64_t channels = plan->problem.c, positions = plan->style_spatial;
    const int64_t first = row * channels * positions;
    const void *tensor = execution->args->style;
    switch (plan->style_order) {
    case NORMA_ORDER_COLUMNS:
        norma_moments_of_matrix(
            plan,
            (struct norma_matrix){norma_element_at(plan, tensor, first + channel), positions,
                                  channels, count},
            moments, buffers);
        break;
    case NORMA_ORDER_PLANES:
        norma_moments_of_spans(plan, norma_element_at(plan, tensor, first + channel * positions),
                               positions, count, moments);
        break;
    }
}

/* Checks whether the spans of all the tile's samples follow each other. */
static bool are_samples_joined(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    return plan->contiguous_spans && plan->regions == 1 &&
           context->tile.channels == plan->problem.c;
}

/* Takes as many spans at once as follow each other: a sample may have one of a few elements. */
static void moments_of_samples(const struct norma_stage_context *context,
                               struct norma_moment_arrays moments) {
    const struct norma_plan *plan = context->execution->plan;
    if (are_samples_joined(context)) {
        const void *x =
            norma_element_at(plan, context->execution->args->x, norma_offset_of(context, 0, 0, 0));
        norma_moments_of_spans(plan, x, plan->span_length,
                               norma_set_row(context, context->tile.samples, 0), moments);
        return;
    }
    for (int64_t n = 0; n < context->tile.samples; n++) {
        norma_sample_moments(context, n, norma_moments_from(moments, norma_set_row(context, n, 0)));
    }
}

void norma_tile_moments(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_tile *tile = &context->tile;
    const struct norma_statistics *statistics = &context->statistics;
    const struct norma_moment_arrays x = {statistics->mean, statistics->inverse_std};
    const struct norma_moment_arrays style = {statistics->style_mean, statistics->style_std};
    const struct norma_column_buffers buffers = norma_column_buffers_of(context);
    if (plan->moments) {
        moments_of_samples(context, x);
    }
    if (plan->style_moments) {
        for (int64_t i = 0; i < tile->samples * plan->styles; i++) {
            norma_style_moments(context->execution, tile->sample * plan->styles + i, tile->channel,
                                tile->channels, norma_moments_from(style, i * tile->channels),
                                &buffers);
        }
    }
}

/* Backward: the sums of dy and of dy (x - centre) over planes, and from these over statistics sets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/stages/channels.h"
#include "kernels/stages/elements.h"
#include "kernels/stages/rows.h"
#include "kernels/stages/tile.h"

/* ---- over planes -------------------------------------------------------------------------- */

/* Writes the centres that the operator's sums are about: means as they were given, or recovered
 * ones, rounded again. */
static void fill_centres(const struct norma_stage_context *context, const struct norma_block *block,
                         float *centre) {
    const struct norma_operator_descriptor *descriptor = context->execution->plan->descriptor;
    const bool instance = descriptor->instance && !descriptor->mix_samples;
    struct norma_channel_buffers buffers;
    for (int64_t done = 0; done < block->count; done += NORMA_BLOCK) {
        const struct norma_block rest = norma_rest_of(block, done, NORMA_BLOCK);
        const struct norma_channels channels = norma_channels_of(context, &rest, &buffers);
        const double *mean = instance ? channels.mean : channels.batch_mean;
        for (int64_t i = 0; i < rest.count; i++) {
            centre[done + i] = descriptor->squared_norm ? 0.0f : (float)mean[i];
        }
    }
}

/* Checks whether sums about the instance's mean are moved to the batch's. A rounding error that is
 * small relative to the first can be large relative to the second. */
static bool is_moved(const struct norma_plan *plan) {
    return plan->descriptor->instance && plan->descriptor->batch_weights;
}

/* Returns the work on some elements, without the arrays for its results. */
static struct norma_gradient_sums work_on(const struct norma_execution *execution,
                                          const struct norma_piece *piece, const float *centre) {
    const struct norma_plan *plan = execution->plan;
    return (struct norma_gradient_sums){
        .x = norma_element_at(plan, execution->args->x, piece->offset),
        .dy = norma_element_at(plan, execution->args->dy, piece->offset),
        .y = norma_relu_output_at(execution, piece->offset),
        .length = piece->length,
        .spans = piece->spans,
        .centre = centre,
        .in_double = is_moved(plan),
    };
}

/* Channels-last: adds the sums of a region's rows, those that follow each other at once. */
static void sum_rows_of_region(const struct norma_stage_context *context,
                               const struct norma_block *block, const float *centre, double *dy_sum,
                               double *product) {
    const struct norma_plan *plan = context->execution->plan;
    const uint8_t *labels = norma_labels_of(context, block->sample);
    const struct norma_column_buffers buffers = norma_column_buffers_of(context);
    double *some_dy = buffers.part[0], *some_product = buffers.part[1];
    memset(dy_sum, 0, (size_t)block->count * sizeof *dy_sum);
    memset(product, 0, (size_t)block->count * sizeof *product);
    struct norma_rows rows = {0};
    while (norma_next_rows(labels, (uint8_t)block->region, plan->spatial, &rows)) {
        const struct norma_piece piece =
            norma_piece_of(context, block, rows.first, rows.first + rows.count);
        struct norma_gradient_sums work = work_on(context->execution, &piece, centre);
        work.dy_sum = some_dy;
        work.product = some_product;
        norma_gradient_sums_columns(plan, &work, piece.stride, &buffers);
        for (int64_t i = 0; i < block->count; i++) {
            dy_sum[i] += some_dy[i];
            product[i] += some_product[i];
        }
    }
}

/* Computes the sums of a block's planes. */
static void sum_block(const struct norma_stage_context *context, const struct norma_block *block) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const int64_t entry = norma_plane_entry(context, block->sample, block->region, block->channel);
    const struct norma_piece piece = norma_piece_of(context, block, 0, plan->spatial);
    const struct norma_column_buffers buffers = norma_column_buffers_of(context);
    float centre[NORMA_COLUMNS];
    fill_centres(context, block, centre);
    struct norma_gradient_sums work = work_on(execution, &piece, centre);
    work.dy_sum = execution->workspace.plane_dy + entry;
    work.product = execution->workspace.plane_product + entry;
    struct norma_region region = {NULL, (uint8_t)block->region};
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        if (plan->regions > 1) {
            sum_rows_of_region(context, block, centre, work.dy_sum, work.product);
        } else {
            norma_gradient_sums_columns(plan, &work, piece.stride, &buffers);
        }
        break;
    case NORMA_ORDER_PLANES:
        region.labels = plan->regions > 1 ? norma_labels_of(context, block->sample) : NULL;
        norma_sums_of_spans(plan, &work, region);
        break;
    }
}

void norma_plane_sums(const struct norma_stage_context *context, int64_t sample, int64_t channel,
                      int64_t channels) {
    const struct norma_plan *plan = context->execution->plan;
    const int64_t most = norma_block_size(plan);
    for (int64_t c = 0; c < channels; c += most) {
        for (int64_t r = 0; r < plan->regions; r++) {
            const struct norma_block all = {sample, r, channel, channels};
            const struct norma_block block = norma_rest_of(&all, c, most);
            sum_block(context, &block);
        }
    }
}

void norma_tile_sums(const struct norma_stage_context *context) {
    if (context->execution->plan->row_statistics) {
        norma_rows_sums(context, 0, context->tile.samples);
        return;
    }
    for (int64_t n = 0; n < context->tile.samples; n++) {
        norma_plane_sums(context, n, 0, context->tile.channels);
    }
}

/* ---- over chunks of planes ---------------------------------------------------------------- */

int64_t norma_sum_chunks(const struct norma_plan *plan) {
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return norma_row_chunks(plan->problem.c, plan->spatial);
    case NORMA_ORDER_PLANES:
        break;
    }
    return norma_chunks(plan->spatial);
}

void norma_plane_chunk_sums(const struct norma_stage_context *everything, int64_t plane,
                            int64_t first, int64_t count) {
    const struct norma_execution *execution = everything->execution;
    const struct norma_plan *plan = execution->plan;
    const int64_t entry = plane * norma_sum_chunks(plan) + first;
    const struct norma_block block = {plane / plan->problem.c, 0, plane % plan->problem.c, 1};
    const struct norma_piece piece = norma_piece_of(everything, &block, 0, plan->spatial);
    float centre;
    fill_centres(everything, &block, &centre);
    struct norma_gradient_sums work = work_on(execution, &piece, &centre);
    work.dy_sum = execution->workspace.chunk_dy + entry;
    work.product = execution->workspace.chunk_product + entry;
    norma_sums_of_chunks(plan, &work, first, count);
}

void norma_row_chunk_sums(const struct norma_stage_context *everything, int64_t sample,
                          int64_t chunk, int64_t first, int64_t last) {
    const struct norma_execution *execution = everything->execution;
    const struct norma_plan *plan = execution->plan;
    const int64_t rows = norma_chunk_rows(plan->problem.c);
    const int64_t end = norma_min((chunk + 1) * rows, plan->spatial);
    const int64_t entry = (sample * norma_sum_chunks(plan) + chunk) * plan->problem.c;
    for (int64_t c = first; c < last; c += NORMA_COLUMNS) {
        const struct norma_block block = {sample, 0, c, norma_min(last - c, NORMA_COLUMNS)};
        const struct norma_piece piece = norma_piece_of(everything, &block, chunk * rows, end);
        float centre[NORMA_COLUMNS];
        fill_centres(everything, &block, centre);
        struct norma_gradient_sums work = work_on(execution, &piece, centre);
        work.dy_sum = execution->workspace.chunk_dy + entry + c;
        work.product = execution->workspace.chunk_product + entry + c;
        norma_chunk_column_sums(plan, &work, piece.stride);
    }
}

/* ---- over statistics sets ----------------------------------------------------------------- */

static void add_weighted(int64_t count, const double *weights, const double *sums,
                         double *restrict totals) {
    for (int64_t i = 0; i < count; i++) {
        totals[i] += weights[i] * sums[i];
    }
}

/* Adds a block's sums to those of its statistics sets. */
static void add_to_sets(const struct norma_stage_context *context, const struct norma_block *block,
                        const struct norma_channels *channels, const struct norma_sums *sums) {
    const struct norma_plan *plan = context->execution->plan;
    const int64_t channels_per_span = plan->channels_per_span;
    double *set_dy = context->statistics.set_dy, *set_product = context->statistics.set_product;
    int64_t set =
        norma_set_row(context, block->sample, block->region) + block->channel / channels_per_span;
    int64_t rest = channels_per_span - block->channel % channels_per_span; /* of the set */
    double weights[NORMA_BLOCK];
    plan->descriptor->set_weights(channels, weights);
    if (channels_per_span == 1) {
        add_weighted(block->count, weights, sums->dy, set_dy + set);
        add_weighted(block->count, weights, sums->product, set_product + set);
        return;
    }
    for (int64_t i = 0; i < block->count; i++) {
        set_dy[set] += weights[i] * sums->dy[i];
        set_product[set] += weights[i] * sums->product[i];
        if (--rest == 0) {
            set++;
            rest = channels_per_span;
        }
    }
}

/* Adds a block's sums to those of the batch. Products about the instance's mean are moved to the
 * batch's. */
static void add_to_batch(const struct norma_stage_context *context, const struct norma_block *block,
                         const struct norma_channels *channels, const struct norma_sums *sums) {
    const struct norma_operator_descriptor *descriptor = context->execution->plan->descriptor;
    const struct norma_statistics *statistics = &context->statistics;
    double weights[NORMA_BLOCK], moved[NORMA_BLOCK];
    const double *products = sums->product;
    descriptor->batch_weights(channels, weights);
    if (descriptor->instance) {
        for (int64_t i = 0; i < block->count; i++) {
            moved[i] =
                sums->product[i] + (channels->mean[i] - channels->batch_mean[i]) * sums->dy[i];
        }
        products = moved;
    }
    add_weighted(block->count, weights, sums->dy, statistics->batch_dy + block->channel);
    add_weighted(block->count, weights, products, statistics->batch_product + block->channel);
}

/* Computes the sums of samples whose alpha varies from element to element. The weights are inside
 * of these sums. */
static void sum_elements(const struct norma_stage_context *context) {
    for (int64_t n = 0; n < context->tile.samples; n++) {
        context->statistics.set_product[norma_set_row(context, n, 0)] =
            norma_element_product(context->execution, context->tile.sample + n);
    }
}

static void sum_sets(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const int64_t sets = context->tile.samples * plan->regions * norma_spans_of(context);
    memset(context->statistics.set_dy, 0, (size_t)sets * sizeof(double));
    memset(context->statistics.set_product, 0, (size_t)sets * sizeof(double));
    if (plan->elementwise) {
        sum_elements(context);
    } else {
        norma_for_each_block(context, add_to_sets);
    }
}

static void sum_batch(const struct norma_stage_context *context) {
    const size_t bytes = (size_t)context->tile.channels * sizeof(double);
    memset(context->statistics.batch_dy, 0, bytes);
    memset(context->statistics.batch_product, 0, bytes);
    norma_for_each_block(context, add_to_batch);
}

void norma_tile_set_sums(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    norma_tile_mix_samples(context);
    if (plan->descriptor->set_weights && !plan->row_statistics) {
        sum_sets(context);
    }
    if (plan->descriptor->batch_weights && plan->problem.pass == NORMA_PASS_BACKWARD) {
        sum_batch(context);
    }
}

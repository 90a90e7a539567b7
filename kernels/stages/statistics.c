/* From moments to the statistics that coefficients are made of, and to and from the caller.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "kernels/spans/spans.h"
#include "kernels/stages/tile.h"

/* Moves values between a tile's array and the caller's. */
typedef void transfer(double *own, float *callers, int64_t count);

/* Does nothing if the caller does not request the values. */
static void save(double *own, float *callers, int64_t count) {
    if (callers) {
        for (int64_t i = 0; i < count; i++) {
            callers[i] = (float)own[i];
        }
    }
}

static void load(double *own, float *callers, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        own[i] = (double)callers[i];
    }
}

static float *from(float *array, int64_t index) {
    return array ? array + index : NULL;
}

/* ---- of the batch ------------------------------------------------------------------------- */

/* Moves one value towards the batch's. With momentum 1 it may hold anything before the first step,
 * such as NaN, which 0 NaN would keep; with momentum 0 it keeps its bits, whatever the batch's
 * is. */
static void move_towards(float *running, double momentum, double batch) {
    if (momentum == 1.0) {
        *running = (float)batch;
    } else if (momentum > 0.0) {
        *running = (float)((1.0 - momentum) * (double)*running + momentum * batch);
    }
}

static void update_running(const struct norma_stage_context *context, double count) {
    const struct norma_args *args = context->execution->args;
    const struct norma_statistics *statistics = &context->statistics;
    const double momentum = context->execution->plan->problem.momentum;
    const double unbiased = count > 1.0 ? count - 1.0 : count; /* Bessel, where it is defined */
    for (int64_t i = 0; i < context->tile.channels; i++) {
        const int64_t c = context->tile.channel + i;
        if (args->running_mean) {
            move_towards(&args->running_mean[c], momentum, statistics->batch_mean[i]);
        }
        if (args->running_variance) {
            move_towards(&args->running_variance[c], momentum,
                         statistics->batch_inverse_std[i] / unbiased);
        }
    }
}

static void load_running(const struct norma_stage_context *context) {
    const struct norma_args *args = context->execution->args;
    const struct norma_statistics *statistics = &context->statistics;
    const int64_t channel = context->tile.channel, channels = context->tile.channels;
    load(statistics->batch_mean, args->running_mean + channel, channels);
    load(statistics->batch_inverse_std, args->running_variance + channel, channels);
    norma_inverse_std(channels, 1.0, context->execution->plan->epsilon,
                      statistics->batch_inverse_std);
}

static void transfer_batch(const struct norma_stage_context *context, transfer *move) {
    const struct norma_args *args = context->execution->args;
    const struct norma_statistics *statistics = &context->statistics;
    const int64_t channel = context->tile.channel, channels = context->tile.channels;
    move(statistics->batch_mean, from(args->mean, channel), channels);
    move(statistics->batch_inverse_std, from(args->inverse_std, channel), channels);
}

void norma_tile_merge_batch(const struct norma_stage_context *context) {
    const struct norma_statistics *statistics = &context->statistics;
    norma_merge_samples(
        context->tile.samples, context->tile.channels, context->execution->plan->spatial,
        (struct norma_moment_arrays){statistics->mean, statistics->inverse_std},
        (struct norma_moment_arrays){statistics->batch_mean, statistics->batch_inverse_std});
}

void norma_tile_finish_batch(const struct norma_stage_context *context, double count) {
    update_running(context, count);
    norma_inverse_std(context->tile.channels, count, context->execution->plan->epsilon,
                      context->statistics.batch_inverse_std);
    transfer_batch(context, save);
}

/* ---- of instances ------------------------------------------------------------------------- */

/* A region without a position gets 0, which is its mean as well. */
static void finish_regions(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_tile *tile = &context->tile;
    const double *counts = context->execution->workspace.region_count;
    for (int64_t n = 0; n < tile->samples; n++) {
        for (int64_t r = 0; r < plan->regions; r++) {
            const double count = counts[(tile->sample + n) * plan->regions + r];
            double *inverse_std = context->statistics.inverse_std + norma_set_row(context, n, r);
            if (count > 0.0) {
                norma_inverse_std(tile->channels, count, plan->epsilon, inverse_std);
            } else {
                memset(inverse_std, 0, (size_t)tile->channels * sizeof *inverse_std);
            }
        }
    }
}

static void finish_instances(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_statistics *statistics = &context->statistics;
    const int64_t sets = context->tile.samples * norma_spans_of(context);
    if (plan->descriptor->mix_samples) {
        return;
    }
    if (plan->regions > 1) {
        finish_regions(context);
    } else if (plan->descriptor->squared_norm) {
        norma_inverse_norm(sets, plan->span_length, plan->descriptor->mean_square, plan->epsilon,
                           (struct norma_moment_arrays){statistics->mean, statistics->inverse_std});
    } else if (plan->descriptor->instance) {
        norma_inverse_std(sets, (double)plan->span_length, plan->epsilon, statistics->inverse_std);
    }
}

/* Moves the statistics of the tile's spans. mean and inverse_std are the caller's arrays of the
 * whole tensor. */
static void transfer_spans(const struct norma_stage_context *context, float *mean,
                           float *inverse_std, transfer *move) {
    const struct norma_plan *plan = context->execution->plan;
    const int64_t spans = norma_spans_of(context);
    const int64_t all_spans = plan->problem.c / plan->channels_per_span;
    const int64_t first = context->tile.channel / plan->channels_per_span;
    for (int64_t n = 0; n < context->tile.samples; n++) {
        for (int64_t r = 0; r < plan->regions; r++) {
            const int64_t row = norma_set_row(context, n, r);
            const int64_t index =
                ((context->tile.sample + n) * plan->regions + r) * all_spans + first;
            if (!plan->descriptor->squared_norm) {
                move(context->statistics.mean + row, from(mean, index), spans);
            }
            move(context->statistics.inverse_std + row, from(inverse_std, index), spans);
        }
    }
}

/* The arrays mean and inverse_std are the batch's where there are statistics of the batch, and
 * instances have arrays of their own then. */
static void transfer_instances(const struct norma_stage_context *context, transfer *move) {
    const struct norma_args *args = context->execution->args;
    const bool both = context->execution->plan->descriptor->batch;
    transfer_spans(context, both ? args->instance_mean : args->mean,
                   both ? args->instance_inverse_std : args->inverse_std, move);
}

static void save_instances(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const bool training = plan->problem.pass == NORMA_PASS_FORWARD;
    if (plan->descriptor->instance && !plan->descriptor->mix_samples &&
        (plan->descriptor->batch || training)) {
        transfer_instances(context, save);
    }
}

/* ---- of styles ---------------------------------------------------------------------------- */

static double deviation(const struct norma_plan *plan, double m2, int64_t count) {
    return plan->problem.style_unbiased ? sqrt(m2 / (double)(count - 1))
                                        : sqrt(m2 / (double)count + plan->epsilon);
}

/* Turns the moments of the style tensor into deviations. */
static void finish_tensor_styles(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    double *style_std = context->statistics.style_std;
    for (int64_t i = 0; i < context->tile.samples * plan->styles * context->tile.channels; i++) {
        style_std[i] = deviation(plan, style_std[i], plan->style_spatial);
    }
}

/* Takes the statistics of other samples, all of which must be in the tile. */
static void swap_styles(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_statistics *statistics = &context->statistics;
    const int64_t channels = context->tile.channels;
    for (int64_t n = 0; n < context->tile.samples; n++) {
        const int64_t source = context->execution->args->permutation[n] * channels;
        const int64_t to = n * channels;
        for (int64_t i = 0; i < channels; i++) {
            statistics->style_mean[to + i] = statistics->mean[source + i];
            statistics->style_std[to + i] =
                deviation(plan, statistics->inverse_std[source + i], plan->spatial);
        }
    }
}

static void transfer_styles(const struct norma_stage_context *context, transfer *move) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_args *args = context->execution->args;
    const struct norma_tile *tile = &context->tile;
    for (int64_t row = 0; row < tile->samples * plan->styles; row++) {
        const int64_t index = (tile->sample * plan->styles + row) * plan->problem.c + tile->channel;
        const int64_t own = row * tile->channels;
        move(context->statistics.style_mean + own, from(args->style_mean, index), tile->channels);
        move(context->statistics.style_std + own, from(args->style_std, index), tile->channels);
    }
}

static void finish_styles(const struct norma_stage_context *context) {
    switch (context->execution->plan->problem.style_source) {
    case NORMA_STYLE_STATS:
        transfer_styles(context, load);
        return;
    case NORMA_STYLE_TENSOR:
        finish_tensor_styles(context);
        break;
    case NORMA_STYLE_SWAP:
        swap_styles(context);
        break;
    }
    transfer_styles(context, save);
}

/* Mixes the styles of a sample into the first, by weight. `styles` is [K][channels]. */
static void mix(const float *weights, int64_t count, int64_t channels, double *styles) {
    for (int64_t i = 0; i < channels; i++) {
        double mixed = (double)weights[0] * styles[i];
        for (int64_t k = 1; k < count; k++) {
            mixed += (double)weights[k] * styles[k * channels + i];
        }
        styles[i] = mixed;
    }
}

/* Mixes several styles, by weight, into the first [AdaIN eq. 15]. */
static void mix_styles(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const int64_t styles = plan->styles, channels = context->tile.channels;
    for (int64_t n = 0; n < context->tile.samples; n++) {
        const float *weights =
            context->execution->args->style_weights + (context->tile.sample + n) * styles;
        mix(weights, styles, channels, context->statistics.style_mean + n * styles * channels);
        mix(weights, styles, channels, context->statistics.style_std + n * styles * channels);
    }
}

/* ---- the style loss ----------------------------------------------------------------------- */

/* Writes the squares of the differences between content and style, which the loss sums over the
 * channels. */
static void write_differences(const struct norma_stage_context *context) {
    const struct norma_statistics *statistics = &context->statistics;
    const struct norma_workspace *workspace = &context->execution->workspace;
    for (int64_t n = 0; n < context->tile.samples; n++) {
        const int64_t to = norma_plane_entry(context, n, 0, 0);
        for (int64_t i = 0; i < context->tile.channels; i++) {
            const int64_t at = n * context->tile.channels + i;
            const double mean = statistics->mean[at] - statistics->style_mean[at];
            const double std = 1.0 / statistics->inverse_std[at] - statistics->style_std[at];
            workspace->plane_dy[to + i] = mean * mean;
            workspace->plane_product[to + i] = std * std;
        }
    }
}

void norma_style_loss(const struct norma_execution *execution) {
    const struct norma_problem *problem = &execution->plan->problem;
    const struct norma_workspace *workspace = &execution->workspace;
    for (int64_t n = 0; n < problem->n; n++) {
        double mean = 0.0, std = 0.0;
        for (int64_t p = n * problem->c; p < (n + 1) * problem->c; p++) {
            mean += workspace->plane_dy[p];
            std += workspace->plane_product[p];
        }
        execution->args->style_loss[n] = (float)(sqrt(mean) + sqrt(std));
    }
}

/* ---- all of them -------------------------------------------------------------------------- */

void norma_tile_mix_samples(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_statistics *statistics = &context->statistics;
    if (plan->descriptor->mix_samples) {
        plan->descriptor->mix_samples(&(struct norma_mixing){
            .problem = &plan->problem,
            .args = context->execution->args,
            .mean = statistics->mean,
            .m2 = statistics->inverse_std,
            .batch_mean = statistics->batch_mean,
            .batch_inverse_std = statistics->batch_inverse_std,
            .inverse_norm = statistics->inverse_norm,
            .dy = context->execution->workspace.plane_dy,
            .product = context->execution->workspace.plane_product,
            .norm_slope = statistics->norm_slope,
            .batch_dy = statistics->batch_dy,
            .batch_product = statistics->batch_product,
        });
    }
}

void norma_tile_finish_statistics(const struct norma_stage_context *context, double batch_count) {
    const struct norma_plan *plan = context->execution->plan;
    if (plan->merge) {
        norma_tile_finish_batch(context, batch_count);
    } else if (plan->descriptor->batch) {
        load_running(context);
    }
    if (plan->descriptor->style) {
        finish_styles(context); /* before m2 becomes inverse_std */
    }
    finish_instances(context);
    norma_tile_mix_samples(context);
    save_instances(context);
    if (context->execution->loss) {
        write_differences(context);
    }
    if (plan->mixed_styles) {
        mix_styles(context);
    }
}

void norma_tile_statistics(const struct norma_stage_context *context) {
    if (context->execution->plan->merge) {
        norma_tile_merge_batch(context);
    }
    norma_tile_finish_statistics(context, context->execution->batch_count);
}

void norma_tile_load_statistics(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    if (plan->descriptor->batch && plan->problem.pass == NORMA_PASS_INFERENCE_BACKWARD) {
        load_running(context);
    } else if (plan->descriptor->batch) {
        transfer_batch(context, load);
    }
    if (plan->descriptor->instance && !plan->descriptor->mix_samples) {
        transfer_instances(context, load);
    }
    if (plan->descriptor->style) {
        transfer_styles(context, load);
    }
    if (plan->mixed_styles) {
        mix_styles(context);
    }
}

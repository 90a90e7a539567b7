/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/recovered_means.h"

#include <string.h>

#include "kernels/stages/channels.h"
#include "kernels/stages/sample_moments.h"
#include "kernels/stages/shared_moments.h"

/* ---- which means are large ---------------------------------------------------------------- */

/* Returns the bits of a value, a negative number where the value is negative. */
static inline int64_t bits_of(double value) {
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Checks whether any mean may be large, on integers, as gcc vectorizes no comparison of doubles for
 * the least of x86-64's sets. The difference is negative for every large mean: means and inverse
 * deviations were floats, so that only those that are not finite make it NaN. */
static bool may_any_be_large(int64_t count, const double *mean, const double *inverse_std,
                             double epsilon) {
    int64_t any = 0;
    for (int64_t i = 0; i < count; i++) {
        const double share = 1.0 - epsilon * (inverse_std[i] * inverse_std[i]) - 0x1p-20;
        const double ratio = mean[i] * inverse_std[i];
        any |= bits_of(16.0 * share - ratio * ratio);
    }
    return any < 0;
}

static bool is_any_large(int64_t count, const double *mean, const double *inverse_std,
                         double epsilon) {
    const bool may = may_any_be_large(count, mean, inverse_std, epsilon);
    bool large = false;
    for (int64_t i = 0; may && !large && i < count; i++) {
        large = norma_is_large_mean(mean[i], inverse_std[i], epsilon);
    }
    return large;
}

static bool has_large_mean(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_statistics *statistics = &context->statistics;
    const int64_t spans = context->tile.samples * plan->regions * norma_spans_of(context);
    return (norma_has_means_of_spans(plan) &&
            is_any_large(spans, statistics->mean, statistics->inverse_std, plan->epsilon)) ||
           (statistics->batch_x && is_any_large(context->tile.channels, statistics->batch_mean,
                                                statistics->batch_inverse_std, plan->epsilon));
}

/* Checks whether the mean of a set is large. `set` is its index in [samples][R][spans]. */
static bool is_large(const struct norma_stage_context *context, int64_t set) {
    return norma_is_large_mean(context->statistics.mean[set], context->statistics.inverse_std[set],
                               context->execution->plan->epsilon);
}

static bool is_large_in_batch(const struct norma_stage_context *context, int64_t channel) {
    return norma_is_large_mean(context->statistics.batch_mean[channel],
                               context->statistics.batch_inverse_std[channel],
                               context->execution->plan->epsilon);
}

/* Checks whether the moments of a set are needed, which is in this one of a sample's spans. */
static bool is_needed(const struct norma_stage_context *context, int64_t set, int64_t span) {
    return (norma_has_means_of_spans(context->execution->plan) && is_large(context, set)) ||
           (context->statistics.batch_x && is_large_in_batch(context, span));
}

/* ---- the moments of x --------------------------------------------------------------------- */

/* Returns how many spans from this one on are needed, one after the other. `set` is its set. */
static int64_t needed_from(const struct norma_stage_context *context, int64_t set, int64_t span) {
    int64_t count = 0;
    while (span + count < norma_spans_of(context) &&
           is_needed(context, set + count, span + count)) {
        count++;
    }
    return count;
}

/* Computes the moments of those spans of a sample that are needed. Sets take many short spans at
 * once in less time than one by one. */
static void compute_needed_spans(const struct norma_stage_context *context, int64_t sample,
                                 struct norma_moment_arrays moments) {
    const struct norma_plan *plan = context->execution->plan;
    const int64_t first = norma_set_row(context, sample, 0);
    const int64_t offset = norma_offset_of(context, sample, 0, 0);
    const void *x = norma_element_at(plan, context->execution->args->x, offset);
    for (int64_t span = 0, count; span < norma_spans_of(context); span += count + 1) {
        count = needed_from(context, first + span, span);
        if (count > 0) {
            norma_moments_of_spans(plan, norma_element_at(plan, x, span * plan->span_length),
                                   plan->span_length, count, norma_moments_from(moments, span));
        }
    }
}

static void compute_moments(const struct norma_stage_context *context, int64_t sample,
                            struct norma_moment_arrays moments) {
    const struct norma_plan *plan = context->execution->plan;
    if (plan->contiguous_spans && plan->regions == 1) {
        compute_needed_spans(context, sample, moments);
    } else {
        norma_sample_moments(context, sample, moments);
    }
}

/* ---- taking the means --------------------------------------------------------------------- */

/* Takes the means of a sample's spans. */
static bool take_spans(const struct norma_stage_context *context, int64_t sample,
                       const double *means) {
    const int64_t first = norma_set_row(context, sample, 0);
    const int64_t spans = context->execution->plan->regions * norma_spans_of(context);
    bool taken = false;
    for (int64_t i = 0; i < spans; i++) {
        if (is_large(context, first + i)) {
            context->statistics.mean[first + i] = means[i];
            taken = true;
        }
    }
    return taken;
}

/* Adds a sample's deviations from the batch's means. */
static void add_deviations(const struct norma_stage_context *context, const double *means) {
    const struct norma_statistics *statistics = &context->statistics;
    const double count = (double)context->execution->plan->spatial;
    for (int64_t c = 0; c < context->tile.channels; c++) {
        if (is_large_in_batch(context, c)) {
            statistics->batch_x[c] += count * (means[c] - statistics->batch_mean[c]);
        }
    }
}

static bool take_sample(const struct norma_stage_context *context, int64_t sample,
                        const double *means) {
    if (context->statistics.batch_x) {
        add_deviations(context, means);
    }
    return norma_has_means_of_spans(context->execution->plan) && take_spans(context, sample, means);
}

/* Returns the mean of a channel over the batch, from the one that was given. */
static double batch_mean_of(const struct norma_stage_context *context, int64_t c) {
    return context->statistics.batch_mean[c] +
           context->statistics.batch_x[c] / context->execution->batch_count;
}

/* The sums of an operator that mixes samples depend on the batch's means in a way that cannot be
 * moved afterwards. It takes them at once, unless other processes have parts of the batch: then
 * they are not known yet, and those that were given stay. */
static bool take_batch(const struct norma_stage_context *context) {
    const struct norma_statistics *statistics = &context->statistics;
    bool taken = false;
    for (int64_t c = 0; c < context->tile.channels; c++) {
        if (statistics->batch_x[c] != 0.0 && !context->execution->staged) {
            statistics->batch_mean[c] = batch_mean_of(context, c);
            taken = true;
        }
        statistics->batch_x[c] = 0.0;
    }
    return taken;
}

/* ---- both --------------------------------------------------------------------------------- */

/* Begins without deviations. Returns whether there is a mean to be recovered. */
static bool begin(const struct norma_stage_context *context) {
    if (context->statistics.batch_x) {
        memset(context->statistics.batch_x, 0, (size_t)context->tile.channels * sizeof(double));
    }
    return context->execution->plan->recover && has_large_mean(context);
}

bool norma_tile_recover_means(const struct norma_stage_context *context) {
    const struct norma_moment_arrays moments = {context->statistics.x_mean,
                                                context->statistics.x_m2};
    bool taken = false;
    if (!begin(context)) {
        return false;
    }
    for (int64_t n = 0; n < context->tile.samples; n++) {
        compute_moments(context, n, moments);
        taken |= take_sample(context, n, moments.mean);
    }
    return taken;
}

/* An operator that mixes samples has the moments of x anyway. */
static const double *phase_means(const struct norma_stage_context *everything) {
    const struct norma_statistics *statistics = &everything->statistics;
    if (everything->execution->plan->moments) {
        return statistics->mean;
    }
    norma_phase_moments_of_x(everything,
                             (struct norma_moment_arrays){statistics->x_mean, statistics->x_m2});
    return statistics->x_mean;
}

bool norma_phase_recover_means(const struct norma_stage_context *everything) {
    bool taken = false;
    if (!begin(everything)) {
        return false;
    }
    const double *means = phase_means(everything);
    for (int64_t n = 0; n < everything->tile.samples; n++) {
        taken |= take_sample(everything, n, means + norma_set_row(everything, n, 0));
    }
    return everything->execution->plan->descriptor->mix_samples ? take_batch(everything) : taken;
}

/* ---- moving sums -------------------------------------------------------------------------- */

/* Returns the sum of dy (x - mean) for a mean that is smaller by `shift`. Without a shift nothing
 * is added, as 0 times an infinite sum of dy would be NaN. */
static inline double moved(double product, double shift, double dy) {
    return shift == 0.0 ? product : product + shift * dy;
}

static void move_block(const struct norma_stage_context *context, const struct norma_block *block,
                       const struct norma_channels *channels, const struct norma_sums *sums) {
    const bool own = norma_has_means_of_spans(context->execution->plan);
    const double *mean = own ? channels->mean : channels->batch_mean;
    double *product = context->execution->workspace.plane_product +
                      norma_plane_entry(context, block->sample, block->region, block->channel);
    for (int64_t i = 0; i < block->count; i++) {
        product[i] = moved(sums->product[i], (double)(float)mean[i] - mean[i], sums->dy[i]);
    }
}

void norma_tile_move_to_spans(const struct norma_stage_context *context) {
    norma_for_each_block(context, move_block);
}

/* Moves the sums of a channel's planes, which are about the batch's mean. */
static void move_planes(const struct norma_stage_context *context, int64_t c, double shift) {
    const struct norma_workspace *workspace = &context->execution->workspace;
    for (int64_t n = 0; n < context->tile.samples; n++) {
        const int64_t plane = norma_plane_entry(context, n, 0, c);
        workspace->plane_product[plane] =
            moved(workspace->plane_product[plane], shift, workspace->plane_dy[plane]);
    }
}

void norma_tile_move_to_batch(const struct norma_stage_context *context) {
    const struct norma_statistics *statistics = &context->statistics;
    for (int64_t c = 0; statistics->batch_x && c < context->tile.channels; c++) {
        if (statistics->batch_x[c] != 0.0) {
            const double mean = batch_mean_of(context, c);
            const double shift = statistics->batch_mean[c] - mean;
            statistics->batch_product[c] =
                moved(statistics->batch_product[c], shift, statistics->batch_dy[c]);
            statistics->batch_mean[c] = mean;
            if (!norma_has_means_of_spans(context->execution->plan)) {
                move_planes(context, c, shift);
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "stages.h"

#include <math.h>

#include "statistics.h"

/* Channels whose coefficients are computed together, on the stack. */
enum { BLOCK = 256, BLOCK_ELEMENTS = 16 * 1024 };

static int64_t runs_of(const struct norma_plan *plan, const struct norma_tile *tile) {
    return tile->channels / plan->channels_per_run;
}

/* ---- scratch ------------------------------------------------------------------------------ */

size_t norma_tile_scratch(const struct norma_plan *plan, int64_t samples, int64_t channels) {
    const int64_t instance = plan->instance ? samples * (channels / plan->channels_per_run) : 0;
    const int64_t style = plan->rules->style ? samples * channels : 0;
    const int64_t batch = plan->rules->batch ? channels : 0;
    return 2 * (size_t)(instance + style + batch);
}

static double *carve(double **scratch, int64_t count) {
    double *start = *scratch;
    *scratch += count;
    return start;
}

struct norma_statistics norma_tile_carve(const struct norma_plan *plan,
                                         const struct norma_tile *tile, double *scratch) {
    struct norma_statistics statistics = {0};
    if (plan->instance) {
        statistics.mean = carve(&scratch, tile->samples * runs_of(plan, tile));
        statistics.inverse_std = carve(&scratch, tile->samples * runs_of(plan, tile));
    }
    if (plan->rules->style) {
        statistics.style_mean = carve(&scratch, tile->samples * tile->channels);
        statistics.style_std = carve(&scratch, tile->samples * tile->channels);
    }
    if (plan->rules->batch) {
        statistics.batch_mean = carve(&scratch, tile->channels);
        statistics.batch_inverse_std = carve(&scratch, tile->channels);
    }
    return statistics;
}

/* ---- stage 1: moments --------------------------------------------------------------------- */

void norma_tile_moments(const struct norma_plan *plan, const struct norma_args *args,
                        const struct norma_tile *tile, const struct norma_statistics *statistics) {
    const int64_t runs = runs_of(plan, tile);
    for (int64_t n = 0; n < tile->samples; n++) {
        const int64_t plane = (tile->sample + n) * plan->problem.c + tile->channel;
        if (plan->instance) {
            norma_moments_of_runs(plan->set, (const float *)args->x + plane * plan->spatial,
                                  plan->run_length, runs, statistics->mean + n * runs,
                                  statistics->inverse_std + n * runs);
        }
        if (plan->style_spatial > 0) {
            norma_moments_of_runs(
                plan->set, (const float *)args->style + plane * plan->style_spatial,
                plan->style_spatial, tile->channels, statistics->style_mean + n * tile->channels,
                statistics->style_std + n * tile->channels);
        }
    }
}

/* ---- stage 2: statistics ------------------------------------------------------------------ */

static void update_running(const struct norma_plan *plan, const struct norma_args *args,
                           const struct norma_tile *tile, const struct norma_statistics *statistics,
                           const double *batch_m2) {
    const double momentum = plan->problem.momentum;
    const double count = (double)plan->problem.n * (double)plan->spatial;
    const double unbiased = count > 1.0 ? count - 1.0 : count; /* Bessel, where it is defined */
    for (int64_t i = 0; i < tile->channels; i++) {
        const int64_t c = tile->channel + i;
        if (args->running_mean) {
            args->running_mean[c] = (float)((1.0 - momentum) * (double)args->running_mean[c] +
                                            momentum * statistics->batch_mean[i]);
        }
        if (args->running_variance) {
            args->running_variance[c] =
                (float)((1.0 - momentum) * (double)args->running_variance[c] +
                        momentum * (batch_m2[i] / unbiased));
        }
    }
}

static void merge_batch(const struct norma_plan *plan, const struct norma_args *args,
                        const struct norma_tile *tile, const struct norma_statistics *statistics) {
    norma_merge_samples(tile->samples, tile->channels, tile->channels, plan->spatial,
                        statistics->mean, statistics->inverse_std, statistics->batch_mean,
                        statistics->batch_inverse_std);
    update_running(plan, args, tile, statistics, statistics->batch_inverse_std);
    norma_inverse_std(tile->channels, tile->samples * plan->spatial, plan->problem.epsilon,
                      statistics->batch_inverse_std);
}

static void load_running(const struct norma_plan *plan, const struct norma_args *args,
                         const struct norma_tile *tile, const struct norma_statistics *statistics) {
    for (int64_t i = 0; i < tile->channels; i++) {
        statistics->batch_mean[i] = (double)args->running_mean[tile->channel + i];
        statistics->batch_inverse_std[i] = (double)args->running_variance[tile->channel + i];
    }
    norma_inverse_std(tile->channels, 1, plan->problem.epsilon, statistics->batch_inverse_std);
}

/* The style's standard deviation, computed or given. */
static void finish_style(const struct norma_plan *plan, const struct norma_args *args,
                         const struct norma_tile *tile, const struct norma_statistics *statistics) {
    for (int64_t n = 0; n < tile->samples; n++) {
        const int64_t plane = (tile->sample + n) * plan->problem.c + tile->channel;
        double *mean = statistics->style_mean + n * tile->channels;
        double *std = statistics->style_std + n * tile->channels;
        for (int64_t i = 0; i < tile->channels; i++) {
            if (plan->style_spatial > 0) {
                std[i] = sqrt(std[i] / (double)plan->style_spatial + plan->problem.epsilon);
            } else {
                mean[i] = (double)args->style_mean[plane + i];
                std[i] = (double)args->style_std[plane + i];
            }
        }
    }
}

static void save(float *out, int64_t index, const double *from, int64_t count) {
    if (out) {
        for (int64_t i = 0; i < count; i++) {
            out[index + i] = (float)from[i];
        }
    }
}

/* bn and bin return the batch's statistics as mean and inverse_std, the others the instances'. */
static void save_statistics(const struct norma_plan *plan, const struct norma_args *args,
                            const struct norma_tile *tile,
                            const struct norma_statistics *statistics) {
    if (plan->rules->batch) {
        save(args->mean, tile->channel, statistics->batch_mean, tile->channels);
        save(args->inverse_std, tile->channel, statistics->batch_inverse_std, tile->channels);
    }
    if (!plan->rules->instance) {
        return;
    }
    float *mean = plan->rules->batch ? args->instance_mean : args->mean;
    float *inverse_std = plan->rules->batch ? args->instance_inverse_std : args->inverse_std;
    const int64_t runs = runs_of(plan, tile);
    const int64_t runs_per_sample = plan->problem.c / plan->channels_per_run;
    for (int64_t n = 0; n < tile->samples; n++) {
        const int64_t index =
            (tile->sample + n) * runs_per_sample + tile->channel / plan->channels_per_run;
        if (!plan->rules->squared_norm) {
            save(mean, index, statistics->mean + n * runs, runs);
        }
        save(inverse_std, index, statistics->inverse_std + n * runs, runs);
    }
}

void norma_tile_statistics(const struct norma_plan *plan, const struct norma_args *args,
                           const struct norma_tile *tile,
                           const struct norma_statistics *statistics) {
    const int64_t sets = tile->samples * runs_of(plan, tile);
    if (plan->merge) {
        merge_batch(plan, args, tile, statistics);
    } else if (plan->rules->batch) {
        load_running(plan, args, tile, statistics);
    }
    if (plan->rules->squared_norm) {
        norma_inverse_norm(sets, plan->run_length, plan->problem.epsilon, statistics->mean,
                           statistics->inverse_std);
    } else if (plan->rules->instance) {
        norma_inverse_std(sets, plan->run_length, plan->problem.epsilon, statistics->inverse_std);
    }
    if (plan->rules->style) {
        finish_style(plan, args, tile, statistics);
    }
    if (plan->problem.pass == NORMA_FORWARD) {
        save_statistics(plan, args, tile, statistics);
    }
}

/* ---- stage 3: coefficients and affine ----------------------------------------------------- */

/* The coefficients of a block of channels, as the sets take them. */
struct coefficients {
    float centre[BLOCK], scale[BLOCK], shift[BLOCK];
};

/* Rounds to float. The centre's rounding error moves into the shift; without one, the shift stays
 * as it is, -0.0 included. */
static void round_affine(const struct norma_affine *affine, int64_t count,
                         struct coefficients *rounded) {
    for (int64_t i = 0; i < count; i++) {
        const float centre = (float)affine->centre[i];
        const double residue = (double)centre - affine->centre[i];
        const double moved = affine->shift[i] + residue * affine->scale[i];
        rounded->centre[i] = centre;
        rounded->scale[i] = (float)affine->scale[i];
        rounded->shift[i] = (float)(residue == 0.0 ? affine->shift[i] : moved);
    }
}

/* One entry per channel from one per run. */
static const double *spread(const struct norma_plan *plan, const struct norma_tile *tile,
                            const double *runs, int64_t sample, int64_t channel, int64_t count,
                            double *channels) {
    const double *row = runs + sample * runs_of(plan, tile);
    if (plan->channels_per_run == 1) {
        return row + channel;
    }
    int64_t run = channel / plan->channels_per_run;
    for (int64_t i = 0; i < count; run++) {
        const int64_t end = (run + 1) * plan->channels_per_run - channel;
        for (; i < count && i < end; i++) {
            channels[i] = row[run];
        }
    }
    return channels;
}

/* sample and channel count from the tile's corner; count <= BLOCK. */
static void compute_coefficients(const struct norma_plan *plan, const struct norma_args *args,
                                 const struct norma_tile *tile,
                                 const struct norma_statistics *statistics, int64_t sample,
                                 int64_t channel, int64_t count, struct coefficients *rounded) {
    double mean[BLOCK], inverse_std[BLOCK];
    double centre[BLOCK], scale[BLOCK], shift[BLOCK];
    struct norma_channels channels = {
        .problem = &plan->problem,
        .args = args,
        .sample = tile->sample + sample,
        .first = tile->channel + channel,
        .count = count,
    };
    if (plan->rules->instance) {
        channels.mean = spread(plan, tile, statistics->mean, sample, channel, count, mean);
        channels.inverse_std =
            spread(plan, tile, statistics->inverse_std, sample, channel, count, inverse_std);
    }
    if (plan->rules->batch) {
        channels.batch_mean = statistics->batch_mean + channel;
        channels.batch_inverse_std = statistics->batch_inverse_std + channel;
    }
    if (plan->rules->style) {
        channels.style_mean = statistics->style_mean + sample * tile->channels + channel;
        channels.style_std = statistics->style_std + sample * tile->channels + channel;
    }
    const struct norma_affine affine = {centre, scale, shift};
    plan->rules->coefficients(&channels, &affine);
    round_affine(&affine, count, rounded);
}

static int64_t offset_of(const struct norma_plan *plan, const struct norma_tile *tile,
                         int64_t sample, int64_t channel) {
    return ((tile->sample + sample) * plan->problem.c + tile->channel + channel) * plan->spatial;
}

static bool alpha_per_element(const struct norma_plan *plan) {
    return plan->rules->weight && plan->problem.alpha_kind == NORMA_ALPHA_ELEMENT;
}

/* Unitization with an alpha per element: the one forward coefficient that varies inside a run. */
static void blend(const struct norma_plan *plan, const struct norma_args *args,
                  const struct norma_tile *tile, const struct norma_statistics *statistics,
                  int64_t sample, int64_t channel, int64_t first, int64_t length) {
    const int64_t offset = offset_of(plan, tile, sample, channel) + first;
    const int64_t run = sample * runs_of(plan, tile) + channel / plan->channels_per_run;
    plan->set->blend((const float *)args->x + offset, (float *)args->y + offset, length,
                     args->alpha + (tile->channel + channel) * plan->spatial + first,
                     (float)statistics->inverse_std[run]);
}

static void apply(const struct norma_plan *plan, const struct norma_args *args, int64_t offset,
                  int64_t length, int64_t channels, const struct coefficients *rounded) {
    const bool stream = plan->stream && args->x != args->y;
    (stream ? plan->set->apply_streamed
            : plan->set->apply)((const float *)args->x + offset, (float *)args->y + offset, length,
                                channels, rounded->centre, rounded->scale, rounded->shift);
}

/* Channels whose coefficients are computed and applied together: BLOCK, unless their planes are
 * long enough for the coefficients' fixed costs not to matter. */
static int64_t block_of(const struct norma_plan *plan) {
    const int64_t channels = BLOCK_ELEMENTS / plan->spatial;
    return channels < 1 ? 1 : (channels < BLOCK ? channels : BLOCK);
}

void norma_apply_channels(const struct norma_plan *plan, const struct norma_args *args,
                          const struct norma_tile *tile, const struct norma_statistics *statistics,
                          int64_t sample, int64_t channel, int64_t channels, int64_t first,
                          int64_t last) {
    if (alpha_per_element(plan)) {
        blend(plan, args, tile, statistics, sample, channel, first, channels * (last - first));
        return;
    }
    /* From the end: what the moments read last is still in a cache. */
    const int64_t most = block_of(plan);
    struct coefficients rounded;
    for (int64_t end = channels, count = 0; end > 0; end -= count) {
        count = end < most ? end : most;
        const int64_t c = channel + end - count;
        compute_coefficients(plan, args, tile, statistics, sample, c, count, &rounded);
        apply(plan, args, offset_of(plan, tile, sample, c) + first, last - first, count, &rounded);
    }
}

/* Coefficients that are the same for every sample are computed once. */
static void apply_same_to_samples(const struct norma_plan *plan, const struct norma_args *args,
                                  const struct norma_tile *tile,
                                  const struct norma_statistics *statistics) {
    struct coefficients rounded;
    for (int64_t c = 0; c < tile->channels; c += BLOCK) {
        const int64_t count = tile->channels - c < BLOCK ? tile->channels - c : BLOCK;
        compute_coefficients(plan, args, tile, statistics, 0, c, count, &rounded);
        for (int64_t n = 0; n < tile->samples; n++) {
            apply(plan, args, offset_of(plan, tile, n, c), plan->spatial, count, &rounded);
        }
    }
}

void norma_tile_apply(const struct norma_plan *plan, const struct norma_args *args,
                      const struct norma_tile *tile, const struct norma_statistics *statistics) {
    if (!plan->rules->instance) {
        apply_same_to_samples(plan, args, tile, statistics);
        return;
    }
    for (int64_t n = 0; n < tile->samples; n++) {
        norma_apply_channels(plan, args, tile, statistics, n, 0, tile->channels, 0, plan->spatial);
    }
}

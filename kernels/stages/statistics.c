/* From moments to the statistics that coefficients are made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/merge.h"

#include <math.h>
#include <string.h>

#include "kernels/stages/tile.h"

static void save(float *out, int64_t index, const double *from, int64_t count) {
    if (out) {
        for (int64_t i = 0; i < count; i++) {
            out[index + i] = (float)from[i];
        }
    }
}

static void load(double *to, const float *from, int64_t index, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        to[i] = (double)from[index + i];
    }
}

/* ---- of the batch ------------------------------------------------------------------------- */

static void update_running(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics, double count) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const double momentum = plan->problem.momentum;
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
                        momentum * (statistics->batch_inverse_std[i] / unbiased));
        }
    }
}

void norma_tile_merge_batch(const struct norma_execution *execution, const struct norma_tile *tile,
                            const struct norma_statistics *statistics) {
    norma_merge_samples(tile->samples, tile->channels, tile->channels, execution->plan->spatial,
                        statistics->mean, statistics->inverse_std, statistics->batch_mean,
                        statistics->batch_inverse_std);
}

static void load_running(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics) {
    load(statistics->batch_mean, execution->args->running_mean, tile->channel, tile->channels);
    load(statistics->batch_inverse_std, execution->args->running_variance, tile->channel,
         tile->channels);
    norma_inverse_std(tile->channels, 1.0, execution->plan->epsilon, statistics->batch_inverse_std);
}

/* ---- of instances ------------------------------------------------------------------------- */

/* From m2; of a region without a position 0, as its mean. */
static void finish_regions(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    for (int64_t n = 0; n < tile->samples; n++) {
        for (int64_t r = 0; r < plan->regions; r++) {
            const double count = execution->region_count[(tile->sample + n) * plan->regions + r];
            double *inverse_std = statistics->inverse_std + norma_set_row(plan, tile, n, r);
            if (count > 0.0) {
                norma_inverse_std(tile->channels, count, plan->epsilon, inverse_std);
            } else {
                memset(inverse_std, 0, (size_t)tile->channels * sizeof *inverse_std);
            }
        }
    }
}

static void finish_instances(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const int64_t sets = tile->samples * norma_spans_of(plan, tile);
    if (plan->descriptor->couple) {
        return;
    }
    if (plan->regions > 1) {
        finish_regions(execution, tile, statistics);
    } else if (plan->descriptor->squared_norm) {
        norma_inverse_norm(sets, plan->span_length, plan->descriptor->mean_square, plan->epsilon,
                           statistics->mean, statistics->inverse_std);
    } else if (plan->descriptor->instance) {
        norma_inverse_std(sets, (double)plan->span_length, plan->epsilon, statistics->inverse_std);
    }
}

/* bn and bin return the batch's statistics as mean and inverse_std, the others the instances'. */
static void save_instances(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics, float *mean,
                           float *inverse_std) {
    const struct norma_plan *plan = execution->plan;
    const int64_t spans = norma_spans_of(plan, tile);
    const int64_t runs_per_sample = plan->problem.c / plan->channels_per_span;
    for (int64_t n = 0; n < tile->samples; n++) {
        for (int64_t r = 0; r < plan->regions; r++) {
            const int64_t index = ((tile->sample + n) * plan->regions + r) * runs_per_sample +
                                  tile->channel / plan->channels_per_span;
            const int64_t row = norma_set_row(plan, tile, n, r);
            if (!plan->descriptor->squared_norm) {
                save(mean, index, statistics->mean + row, spans);
            }
            save(inverse_std, index, statistics->inverse_std + row, spans);
        }
    }
}

static void save_statistics(const struct norma_execution *execution, const struct norma_tile *tile,
                            const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const bool training = plan->problem.pass == NORMA_PASS_FORWARD;
    if (plan->descriptor->batch && training) {
        save(args->mean, tile->channel, statistics->batch_mean, tile->channels);
        save(args->inverse_std, tile->channel, statistics->batch_inverse_std, tile->channels);
    }
    if (!plan->descriptor->instance || plan->descriptor->couple) {
        return;
    }
    if (plan->descriptor->batch) {
        save_instances(execution, tile, statistics, args->instance_mean,
                       args->instance_inverse_std);
    } else if (training) {
        save_instances(execution, tile, statistics, args->mean, args->inverse_std);
    }
}

static void load_instances(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics, const float *mean,
                           const float *inverse_std) {
    const struct norma_plan *plan = execution->plan;
    const int64_t spans = norma_spans_of(plan, tile);
    const int64_t runs_per_sample = plan->problem.c / plan->channels_per_span;
    for (int64_t n = 0; n < tile->samples; n++) {
        for (int64_t r = 0; r < plan->regions; r++) {
            const int64_t index = ((tile->sample + n) * plan->regions + r) * runs_per_sample +
                                  tile->channel / plan->channels_per_span;
            const int64_t row = norma_set_row(plan, tile, n, r);
            if (!plan->descriptor->squared_norm) {
                load(statistics->mean + row, mean, index, spans);
            }
            load(statistics->inverse_std + row, inverse_std, index, spans);
        }
    }
}

/* ---- of styles ---------------------------------------------------------------------------- */

static double deviation(const struct norma_plan *plan, double m2, int64_t count) {
    return plan->problem.style_unbiased ? sqrt(m2 / (double)(count - 1))
                                        : sqrt(m2 / (double)count + plan->epsilon);
}

/* Of the style tensor: its own moments. */
static void finish_tensor_styles(const struct norma_plan *plan, const struct norma_tile *tile,
                                 const struct norma_statistics *statistics) {
    for (int64_t i = 0; i < tile->samples * plan->styles * tile->channels; i++) {
        statistics->style_std[i] = deviation(plan, statistics->style_std[i], plan->style_spatial);
    }
}

/* Of other samples: the tile has all of them. */
static void swap_styles(const struct norma_execution *execution, const struct norma_tile *tile,
                        const struct norma_statistics *statistics) {
    for (int64_t n = 0; n < tile->samples; n++) {
        const int64_t from = execution->args->permutation[n] * tile->channels;
        const int64_t to = n * tile->channels;
        for (int64_t i = 0; i < tile->channels; i++) {
            statistics->style_mean[to + i] = statistics->mean[from + i];
            statistics->style_std[to + i] = deviation(
                execution->plan, statistics->inverse_std[from + i], execution->plan->spatial);
        }
    }
}

/* Calls save or load for the tile's part of style_mean and style_std. */
static void move_styles(const struct norma_execution *execution, const struct norma_tile *tile,
                        const struct norma_statistics *statistics, bool saved) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    for (int64_t row = 0; row < tile->samples * plan->styles; row++) {
        const int64_t index = (tile->sample * plan->styles + row) * plan->problem.c + tile->channel;
        double *mean = statistics->style_mean + row * tile->channels;
        double *std = statistics->style_std + row * tile->channels;
        if (saved) {
            save(args->style_mean, index, mean, tile->channels);
            save(args->style_std, index, std, tile->channels);
        } else {
            load(mean, args->style_mean, index, tile->channels);
            load(std, args->style_std, index, tile->channels);
        }
    }
}

static void finish_styles(const struct norma_execution *execution, const struct norma_tile *tile,
                          const struct norma_statistics *statistics) {
    switch (execution->plan->problem.style_source) {
    case NORMA_STYLE_STATS:
        move_styles(execution, tile, statistics, false);
        return;
    case NORMA_STYLE_TENSOR:
        finish_tensor_styles(execution->plan, tile, statistics);
        break;
    case NORMA_STYLE_SWAP:
        swap_styles(execution, tile, statistics);
        break;
    }
    move_styles(execution, tile, statistics, true);
}

void norma_tile_mix_styles(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    for (int64_t n = 0; plan->mixed && n < tile->samples; n++) {
        const float *weights = execution->args->style_weights + (tile->sample + n) * plan->styles;
        double *mean = statistics->style_mean + n * plan->styles * tile->channels;
        double *std = statistics->style_std + n * plan->styles * tile->channels;
        for (int64_t i = 0; i < tile->channels; i++) {
            double mixed_mean = (double)weights[0] * mean[i];
            double mixed_std = (double)weights[0] * std[i];
            for (int64_t k = 1; k < plan->styles; k++) {
                mixed_mean += (double)weights[k] * mean[k * tile->channels + i];
                mixed_std += (double)weights[k] * std[k * tile->channels + i];
            }
            mean[i] = mixed_mean;
            std[i] = mixed_std;
        }
    }
}

/* Squares of the differences between content and style, which the loss sums over the channels. */
static void note_differences(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_statistics *statistics) {
    for (int64_t n = 0; n < tile->samples; n++) {
        const int64_t to = norma_plane_entry(execution->plan, tile, n, 0, 0);
        for (int64_t i = 0; i < tile->channels; i++) {
            const int64_t at = n * tile->channels + i;
            const double mean = statistics->mean[at] - statistics->style_mean[at];
            const double std = 1.0 / statistics->inverse_std[at] - statistics->style_std[at];
            execution->first[to + i] = mean * mean;
            execution->second[to + i] = std * std;
        }
    }
}

/* ---- all of them -------------------------------------------------------------------------- */

static void couple(const struct norma_execution *execution,
                   const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    if (plan->descriptor->couple) {
        plan->descriptor->couple(&(struct norma_coupling){
            .problem = &plan->problem,
            .args = execution->args,
            .mean = statistics->mean,
            .m2 = statistics->inverse_std,
            .batch_mean = statistics->batch_mean,
            .batch_inverse_std = statistics->batch_inverse_std,
            .inverse_norm = statistics->inverse_norm,
        });
    }
}

void norma_tile_finish_statistics(const struct norma_execution *execution,
                                  const struct norma_tile *tile,
                                  const struct norma_statistics *statistics, double batch_count) {
    const struct norma_plan *plan = execution->plan;
    if (plan->merge) {
        update_running(execution, tile, statistics, batch_count);
        norma_inverse_std(tile->channels, batch_count, plan->epsilon,
                          statistics->batch_inverse_std);
    } else if (plan->descriptor->batch) {
        load_running(execution, tile, statistics);
    }
    if (plan->descriptor->style) {
        finish_styles(execution, tile, statistics); /* before m2 becomes inverse_std */
    }
    finish_instances(execution, tile, statistics);
    couple(execution, statistics);
    save_statistics(execution, tile, statistics);
    if (execution->first) {
        note_differences(execution, tile, statistics);
    }
    norma_tile_mix_styles(execution, tile, statistics);
}

void norma_tile_statistics(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics) {
    if (execution->plan->merge) {
        norma_tile_merge_batch(execution, tile, statistics);
    }
    norma_tile_finish_statistics(execution, tile, statistics, execution->batch_count);
}

void norma_tile_load_statistics(const struct norma_execution *execution,
                                const struct norma_tile *tile,
                                const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    if (plan->descriptor->batch && plan->problem.pass == NORMA_PASS_INFERENCE_BACKWARD) {
        load_running(execution, tile, statistics);
    } else if (plan->descriptor->batch) {
        load(statistics->batch_mean, args->mean, tile->channel, tile->channels);
        load(statistics->batch_inverse_std, args->inverse_std, tile->channel, tile->channels);
    }
    if (plan->descriptor->instance && !plan->descriptor->couple) {
        const bool both = plan->descriptor->batch;
        load_instances(execution, tile, statistics, both ? args->instance_mean : args->mean,
                       both ? args->instance_inverse_std : args->inverse_std);
    }
    if (plan->descriptor->style) {
        move_styles(execution, tile, statistics, false);
        norma_tile_mix_styles(execution, tile, statistics);
    }
}

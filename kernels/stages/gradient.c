/* Backward: coefficients, and the affine of dy and x.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/operators/operators.h"
#include "kernels/stages/channels.h"
#include "kernels/stages/rows.h"

/* ---- coefficients ------------------------------------------------------------------------- */

/* As the sets take them. The centres are floats already: means that came as floats. */
struct coefficients {
    float centre[NORMA_COLUMNS], dy_scale[NORMA_COLUMNS], x_scale[NORMA_COLUMNS],
        constant[NORMA_COLUMNS];
};

static void round_all(int64_t count, const double *values, float *restrict rounded) {
    for (int64_t i = 0; i < count; i++) {
        rounded[i] = (float)values[i];
    }
}

/* Of at most NORMA_BLOCK channels, from number `at` on. */
static void compute_block(const struct norma_execution *execution, const struct norma_tile *tile,
                          const struct norma_statistics *statistics,
                          const struct norma_block *block, int64_t at,
                          struct coefficients *rounded) {
    double centre[NORMA_BLOCK], dy_scale[NORMA_BLOCK], x_scale[NORMA_BLOCK], constant[NORMA_BLOCK];
    struct norma_spread spread;
    const struct norma_channels channels =
        norma_channels_of(execution, tile, statistics, block, &spread);
    const struct norma_sums sums = norma_sums_of(execution, tile, statistics, block, &spread);
    execution->plan->descriptor->gradient(
        &channels, &sums, &(struct norma_gradient_affine){centre, dy_scale, x_scale, constant});
    round_all(block->count, centre, rounded->centre + at);
    round_all(block->count, dy_scale, rounded->dy_scale + at);
    round_all(block->count, x_scale, rounded->x_scale + at);
    round_all(block->count, constant, rounded->constant + at);
}

static void compute_coefficients(const struct norma_execution *execution,
                                 const struct norma_tile *tile,
                                 const struct norma_statistics *statistics,
                                 const struct norma_block *block, struct coefficients *rounded) {
    for (int64_t done = 0; done < block->count; done += NORMA_BLOCK) {
        const struct norma_block rest = norma_rest_of(block, done, NORMA_BLOCK);
        compute_block(execution, tile, statistics, &rest, done, rounded);
    }
}

/* ---- affine ------------------------------------------------------------------------------- */

static float *dresidual_at(const struct norma_execution *execution, int64_t offset) {
    const bool add = execution->plan->problem.epilogue == NORMA_EPILOGUE_ADD_RELU;
    float *dresidual = add ? execution->args->dresidual : NULL;
    return dresidual ? dresidual + offset : NULL;
}

static const float *gate_at(const struct norma_execution *execution, int64_t offset) {
    const bool relu = execution->plan->problem.epilogue != NORMA_EPILOGUE_NONE;
    return relu ? (const float *)execution->args->y + offset : NULL;
}

/* Batch normalization by constant statistics has no term in x. */
static bool needs_x(const struct norma_plan *plan) {
    return plan->descriptor->instance || plan->problem.pass == NORMA_PASS_BACKWARD;
}

static struct norma_gradient_apply work_at(const struct norma_execution *execution, int64_t offset,
                                           int64_t length, int64_t channels,
                                           const struct coefficients *rounded) {
    const struct norma_args *args = execution->args;
    return (struct norma_gradient_apply){
        .x = needs_x(execution->plan) ? (const float *)args->x + offset : NULL,
        .dy = (const float *)args->dy + offset,
        .y = gate_at(execution, offset),
        .dx = (float *)args->dx + offset,
        .dresidual = dresidual_at(execution, offset),
        .length = length,
        .spans = channels,
        .centre = rounded->centre,
        .dy_scale = rounded->dy_scale,
        .x_scale = rounded->x_scale,
        .constant = rounded->constant,
        .nontemporal = execution->plan->stream && args->dx != args->dy,
        .prefetch_distance = execution->plan->prefetch_distance,
    };
}

/* As forward: each region in turn, the first writing all of dx. */
static void gradient_by_regions(const struct norma_execution *execution,
                                const struct norma_tile *tile,
                                const struct norma_statistics *statistics, int64_t sample,
                                int64_t channel, int64_t first, int64_t last) {
    const struct norma_plan *plan = execution->plan;
    const uint8_t *labels = execution->args->labels + (tile->sample + sample) * plan->spatial;
    const int64_t offset = norma_offset_of(plan, tile, sample, channel, first);
    for (int64_t r = 0; r < plan->regions; r++) {
        const struct norma_block block = {sample, r, channel, 1};
        struct coefficients rounded;
        compute_coefficients(execution, tile, statistics, &block, &rounded);
        const struct norma_selection selection = {
            .labels = labels + first, .label = (uint8_t)r, .count = last - first};
        struct norma_gradient_apply work = work_at(execution, offset, last - first, 1, &rounded);
        work.dresidual = r == 0 ? work.dresidual : NULL;
        work.selection = &selection;
        work.others = r == 0 ? work.dy : work.dx;
        plan->set->gradient_apply(&work);
    }
}

/* Channels-last: rows from `first` on. */
static void gradient_of_rows(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_block *block, int64_t first, int64_t rows,
                             const struct coefficients *rounded) {
    const struct norma_plan *plan = execution->plan;
    const int64_t offset = norma_offset_of(plan, tile, block->sample, block->channel, first);
    struct norma_gradient_apply work = work_at(execution, offset, block->count, rows, rounded);
    norma_gradient_columns(plan->set, &work, plan->problem.c);
}

static void gradient_of_region(const struct norma_execution *execution,
                               const struct norma_tile *tile, const struct norma_block *block,
                               int64_t first, int64_t last, const struct coefficients *rounded) {
    const struct norma_plan *plan = execution->plan;
    const uint8_t *labels =
        execution->args->labels + (tile->sample + block->sample) * plan->spatial;
    struct norma_rows rows = {first, 0};
    while (norma_next_rows(labels, (uint8_t)block->region, last, &rows)) {
        gradient_of_rows(execution, tile, block, rows.first, rows.count, rounded);
    }
}

static void gradient_of_columns(const struct norma_execution *execution,
                                const struct norma_tile *tile,
                                const struct norma_statistics *statistics, int64_t sample,
                                int64_t first, int64_t last) {
    const struct norma_plan *plan = execution->plan;
    struct coefficients rounded;
    for (int64_t c = 0; c < tile->channels; c += NORMA_COLUMNS) {
        for (int64_t r = 0; r < plan->regions; r++) {
            const struct norma_block all = {sample, r, 0, tile->channels};
            const struct norma_block block = norma_rest_of(&all, c, NORMA_COLUMNS);
            compute_coefficients(execution, tile, statistics, &block, &rounded);
            if (plan->regions > 1) {
                gradient_of_region(execution, tile, &block, first, last, &rounded);
            } else {
                gradient_of_rows(execution, tile, &block, first, last - first, &rounded);
            }
        }
    }
}

void norma_gradient_channels(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_statistics *statistics, int64_t sample,
                             int64_t channel, int64_t channels, int64_t first, int64_t last) {
    const struct norma_plan *plan = execution->plan;
    if (plan->elementwise) {
        const int64_t run = norma_set_row(plan, tile, sample, 0);
        const int64_t offset = norma_offset_of(plan, tile, sample, channel, first);
        norma_element_gradient(execution, tile->sample + sample, statistics->set_product[run],
                               offset % (plan->problem.c * plan->spatial),
                               channels * (last - first));
        return;
    }
    if (plan->rows) {
        norma_rows_gradient(execution, tile, statistics, sample, sample + 1);
        return;
    }
    if (plan->columns) {
        gradient_of_columns(execution, tile, statistics, sample, first, last);
        return;
    }
    for (int64_t c = 0; plan->regions > 1 && c < channels; c++) {
        gradient_by_regions(execution, tile, statistics, sample, channel + c, first, last);
    }
    if (plan->regions > 1) {
        return;
    }
    /* From the end: what the sums read last is still in a cache. */
    const int64_t most = norma_block_size(plan);
    struct coefficients rounded;
    for (int64_t end = channels, count = 0; end > 0; end -= count) {
        count = end < most ? end : most;
        const struct norma_block block = {sample, 0, channel + end - count, count};
        compute_coefficients(execution, tile, statistics, &block, &rounded);
        const int64_t offset = norma_offset_of(plan, tile, sample, block.channel, first);
        const struct norma_gradient_apply work =
            work_at(execution, offset, last - first, count, &rounded);
        plan->set->gradient_apply(&work);
    }
}

/* Coefficients that are the same for every sample are computed once. */
static void gradient_same_for_samples(const struct norma_execution *execution,
                                      const struct norma_tile *tile,
                                      const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_block all = {0, 0, 0, tile->channels};
    struct coefficients rounded;
    for (int64_t c = 0; c < tile->channels; c += NORMA_BLOCK) {
        const struct norma_block block = norma_rest_of(&all, c, NORMA_BLOCK);
        compute_coefficients(execution, tile, statistics, &block, &rounded);
        for (int64_t n = tile->samples - 1; n >= 0; n--) {
            const int64_t offset = norma_offset_of(plan, tile, n, c, 0);
            const struct norma_gradient_apply work =
                work_at(execution, offset, plan->spatial, block.count, &rounded);
            plan->set->gradient_apply(&work);
        }
    }
}

void norma_tile_gradient(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    if (plan->rows) {
        norma_rows_gradient(execution, tile, statistics, 0, tile->samples);
        return;
    }
    if (!plan->descriptor->instance && !plan->columns) {
        gradient_same_for_samples(execution, tile, statistics);
        return;
    }
    for (int64_t n = tile->samples - 1; n >= 0; n--) {
        norma_gradient_channels(execution, tile, statistics, n, 0, tile->channels, 0,
                                plan->spatial);
    }
}

/* ---- of the style ------------------------------------------------------------------------- */

/* Of one channel of one of the sample's styles: the weight of the style and the region that it is
 * the style of. */
static struct norma_style_gradient style_gradient(const struct norma_execution *execution,
                                                  int64_t sample, int64_t style, int64_t channel) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t region = plan->regions > 1 ? style : 0;
    const int64_t entry = (sample * plan->regions + region) * plan->problem.c + channel;
    const double weight =
        plan->mixed ? (double)args->style_weights[sample * plan->styles + style] : 1.0;
    return norma_style_gradient(&plan->problem, weight, (double)args->inverse_std[entry],
                                execution->first[entry], execution->second[entry]);
}

static void write_statistics_gradients(const struct norma_args *args, int64_t entry,
                                       struct norma_style_gradient gradient) {
    if (args->dstyle_mean) {
        args->dstyle_mean[entry] = (float)gradient.mean;
    }
    if (args->dstyle_std) {
        args->dstyle_std[entry] = (float)gradient.deviation;
    }
}

/* Some channels of one style, from `channel` on. */
static void write_tensor_gradient(const struct norma_execution *execution, int64_t style,
                                  int64_t channel, int64_t count, const float *scale,
                                  const float *shift) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const bool columns = plan->style_columns;
    const int64_t entry = style * plan->problem.c + channel;
    const int64_t offset = columns ? style * plan->problem.c * plan->style_spatial + channel
                                   : entry * plan->style_spatial;
    const struct norma_apply work = {
        .x = (const float *)args->style + offset,
        .y = (float *)args->dstyle + offset,
        .length = columns ? count : plan->style_spatial,
        .spans = columns ? plan->style_spatial : count,
        .centre = &args->style_mean[entry],
        .scale = scale,
        .shift = shift,
    };
    if (columns) {
        norma_apply_columns(plan->set, &work, plan->problem.c);
    } else {
        plan->set->apply(&work);
    }
}

static void style_block(const struct norma_execution *execution, int64_t sample, int64_t style,
                        int64_t channel, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const int64_t row = sample * plan->styles + style;
    float scale[NORMA_BLOCK], shift[NORMA_BLOCK];
    for (int64_t i = 0; i < count; i++) {
        const int64_t entry = row * plan->problem.c + channel + i;
        const struct norma_style_gradient gradient =
            style_gradient(execution, sample, style, channel + i);
        if (plan->style_spatial > 0) {
            const struct norma_affine_of_style affine = norma_affine_of_style(
                &plan->problem, gradient, (double)execution->args->style_std[entry],
                (double)plan->style_spatial);
            scale[i] = (float)affine.scale;
            shift[i] = (float)affine.shift;
        } else {
            write_statistics_gradients(execution->args, entry, gradient);
        }
    }
    if (plan->style_spatial > 0) {
        write_tensor_gradient(execution, row, channel, count, scale, shift);
    }
}

void norma_style_channels(const struct norma_execution *execution, int64_t sample, int64_t style,
                          int64_t channel, int64_t channels) {
    for (int64_t c = channel; c < channel + channels; c += NORMA_BLOCK) {
        const int64_t rest = channel + channels - c;
        style_block(execution, sample, style, c, rest < NORMA_BLOCK ? rest : NORMA_BLOCK);
    }
}

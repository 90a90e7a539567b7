/* Forward: coefficients and affine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "kernels/stages/channels.h"
#include "kernels/stages/merge.h"
#include "kernels/stages/rows.h"

/* ---- coefficients ------------------------------------------------------------------------- */

/* As the sets take them. */
struct coefficients {
    float centre[NORMA_COLUMNS], scale[NORMA_COLUMNS], shift[NORMA_COLUMNS];
};

/* Rounds to float. The centre's rounding error moves into the shift; without one, the shift stays
 * as it is, -0.0 included. */
static void round_affine(const struct norma_affine *affine, int64_t count, float *restrict centres,
                         float *restrict scales, float *restrict shifts) {
    for (int64_t i = 0; i < count; i++) {
        const float centre = (float)affine->centre[i];
        const double residue = (double)centre - affine->centre[i];
        const double moved = affine->shift[i] + residue * affine->scale[i];
        centres[i] = centre;
        scales[i] = (float)affine->scale[i];
        shifts[i] = (float)(residue == 0.0 ? affine->shift[i] : moved);
    }
}

/* Of any number of channels. */
static void write_coefficients(const struct norma_execution *execution,
                               const struct norma_tile *tile,
                               const struct norma_statistics *statistics,
                               const struct norma_block *block, float *centres, float *scales,
                               float *shifts) {
    double centre[NORMA_BLOCK], scale[NORMA_BLOCK], shift[NORMA_BLOCK];
    const struct norma_affine affine = {centre, scale, shift};
    struct norma_spread spread;
    for (int64_t done = 0; done < block->count; done += NORMA_BLOCK) {
        const struct norma_block rest = norma_rest_of(block, done, NORMA_BLOCK);
        const struct norma_channels channels =
            norma_channels_of(execution, tile, statistics, &rest, &spread);
        execution->plan->descriptor->coefficients(&channels, &affine);
        round_affine(&affine, rest.count, centres + done, scales + done, shifts + done);
    }
}

static void compute_coefficients(const struct norma_execution *execution,
                                 const struct norma_tile *tile,
                                 const struct norma_statistics *statistics,
                                 const struct norma_block *block, struct coefficients *rounded) {
    write_coefficients(execution, tile, statistics, block, rounded->centre, rounded->scale,
                       rounded->shift);
}

void norma_tile_coefficients(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_statistics *statistics, int64_t sample,
                             float *centre, float *scale, float *shift) {
    const struct norma_block block = {sample, 0, 0, tile->channels};
    write_coefficients(execution, tile, statistics, &block, centre, scale, shift);
}

/* ---- affine ------------------------------------------------------------------------------- */

static const float *residual_at(const struct norma_execution *execution, int64_t offset) {
    const bool add = execution->plan->problem.epilogue == NORMA_EPILOGUE_ADD_RELU;
    return add ? (const float *)execution->args->residual + offset : NULL;
}

static struct norma_apply work_at(const struct norma_execution *execution, int64_t offset,
                                  int64_t length, int64_t channels, const float *centre,
                                  const float *scale, const float *shift) {
    const struct norma_args *args = execution->args;
    return (struct norma_apply){
        .x = (const float *)args->x + offset,
        .residual = residual_at(execution, offset),
        .y = (float *)args->y + offset,
        .length = length,
        .spans = channels,
        .centre = centre,
        .scale = scale,
        .shift = shift,
        .relu = execution->plan->problem.epilogue != NORMA_EPILOGUE_NONE,
        .nontemporal = execution->plan->stream && args->x != args->y,
        .prefetch_distance = execution->plan->prefetch_distance,
    };
}

void norma_apply_affine(const struct norma_execution *execution, int64_t plane, const float *centre,
                        const float *scale, const float *shift) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_apply work =
        work_at(execution, plane * plan->spatial, plan->spatial, 1, centre, scale, shift);
    plan->set->apply(&work);
}

void norma_apply_affine_rows(const struct norma_execution *execution, int64_t first, int64_t rows,
                             const float *centre, const float *scale, const float *shift) {
    const struct norma_plan *plan = execution->plan;
    const int64_t channels = plan->problem.c;
    for (int64_t c = 0; c < channels; c += NORMA_COLUMNS) {
        const int64_t rest = channels - c;
        const struct norma_apply work =
            work_at(execution, first * channels + c, rest < NORMA_COLUMNS ? rest : NORMA_COLUMNS,
                    rows, centre + c, scale + c, shift + c);
        norma_apply_columns(plan->set, &work, channels);
    }
}

/* Rows of some channels of a sample, channels-last. */
static void apply_rows(const struct norma_execution *execution, int64_t offset, int64_t rows,
                       int64_t channels, const struct coefficients *rounded) {
    const struct norma_plan *plan = execution->plan;
    struct norma_apply work =
        work_at(execution, offset, channels, rows, rounded->centre, rounded->scale, rounded->shift);
    norma_apply_columns(plan->set, &work, plan->problem.c);
}

/* Each region in turn, in pieces that stay in the nearest cache: the first writes all of y, the
 * others their own elements, which in place are still those of x. */
static void apply_regions(const struct norma_execution *execution, const struct norma_tile *tile,
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
        struct norma_apply work = work_at(execution, offset, last - first, 1, rounded.centre,
                                          rounded.scale, rounded.shift);
        work.selection = &selection;
        work.others = r == 0 ? work.x : work.y;
        plan->set->apply(&work);
    }
}

static void apply_channel_by_regions(const struct norma_execution *execution,
                                     const struct norma_tile *tile,
                                     const struct norma_statistics *statistics, int64_t sample,
                                     int64_t channel, int64_t first, int64_t last) {
    for (int64_t start = first; start < last; start += NORMA_CHUNK) {
        const int64_t end = start + NORMA_CHUNK < last ? start + NORMA_CHUNK : last;
        apply_regions(execution, tile, statistics, sample, channel, start, end);
    }
}

/* ---- unitization with an alpha per element ------------------------------------------------ */

/* 1/|x| multiplies, |x| divides; of a sample without norm x is 0, and any weight but 0 will do. */
static float blend_weight(const struct norma_plan *plan, double inverse_norm) {
    if (plan->problem.form == NORMA_FORM_PRACTICAL) {
        return (float)inverse_norm;
    }
    return isinf(inverse_norm) ? 1.0f : (float)(1.0 / inverse_norm);
}

static void blend(const struct norma_execution *execution, const struct norma_tile *tile,
                  const struct norma_statistics *statistics, int64_t sample, int64_t channel,
                  int64_t first, int64_t length) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = norma_offset_of(plan, tile, sample, channel, first);
    const int64_t run = norma_set_row(plan, tile, sample, 0) + channel / plan->channels_per_span;
    plan->set->blend(&(struct norma_blend){
        .x = (const float *)args->x + offset,
        .alpha = args->alpha + offset % (plan->problem.c * plan->spatial),
        .residual = residual_at(execution, offset),
        .out = (float *)args->y + offset,
        .length = length,
        .weight = blend_weight(plan, statistics->inverse_std[run]),
        .divide = plan->problem.form == NORMA_FORM_VECTOR,
        .relu = plan->problem.epilogue != NORMA_EPILOGUE_NONE,
    });
}

/* ---- channels-last ------------------------------------------------------------------------ */

/* The rows of each region in turn: those that follow each other at once. */
static void apply_rows_of_region(const struct norma_execution *execution,
                                 const struct norma_tile *tile,
                                 const struct norma_statistics *statistics,
                                 const struct norma_block *block, int64_t first, int64_t last) {
    const struct norma_plan *plan = execution->plan;
    const uint8_t *labels =
        execution->args->labels + (tile->sample + block->sample) * plan->spatial;
    struct coefficients rounded;
    compute_coefficients(execution, tile, statistics, block, &rounded);
    struct norma_rows rows = {first, 0};
    while (norma_next_rows(labels, (uint8_t)block->region, last, &rows)) {
        apply_rows(execution,
                   norma_offset_of(plan, tile, block->sample, block->channel, rows.first),
                   rows.count, block->count, &rounded);
    }
}

static void apply_columns(const struct norma_execution *execution, const struct norma_tile *tile,
                          const struct norma_statistics *statistics, int64_t sample, int64_t first,
                          int64_t last) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_block all = {sample, 0, 0, tile->channels};
    for (int64_t c = 0; c < tile->channels; c += NORMA_COLUMNS) {
        struct norma_block block = norma_rest_of(&all, c, NORMA_COLUMNS);
        for (; plan->regions > 1 && block.region < plan->regions; block.region++) {
            apply_rows_of_region(execution, tile, statistics, &block, first, last);
        }
        if (plan->regions == 1) {
            struct coefficients rounded;
            compute_coefficients(execution, tile, statistics, &block, &rounded);
            apply_rows(execution, norma_offset_of(plan, tile, sample, c, first), last - first,
                       block.count, &rounded);
        }
    }
}

/* ---- over the tile ------------------------------------------------------------------------ */

void norma_apply_channels(const struct norma_execution *execution, const struct norma_tile *tile,
                          const struct norma_statistics *statistics, int64_t sample,
                          int64_t channel, int64_t channels, int64_t first, int64_t last) {
    const struct norma_plan *plan = execution->plan;
    if (plan->elementwise) {
        blend(execution, tile, statistics, sample, channel, first, channels * (last - first));
        return;
    }
    if (plan->columns) {
        apply_columns(execution, tile, statistics, sample, first, last);
        return;
    }
    for (int64_t c = 0; plan->regions > 1 && c < channels; c++) {
        apply_channel_by_regions(execution, tile, statistics, sample, channel + c, first, last);
    }
    if (plan->regions > 1) {
        return;
    }
    /* From the end: what the moments read last is still in a cache. */
    const int64_t most = norma_block_size(plan);
    struct coefficients rounded;
    for (int64_t end = channels, count = 0; end > 0; end -= count) {
        count = end < most ? end : most;
        const struct norma_block block = {sample, 0, channel + end - count, count};
        compute_coefficients(execution, tile, statistics, &block, &rounded);
        const int64_t offset = norma_offset_of(plan, tile, sample, block.channel, first);
        const struct norma_apply work = work_at(execution, offset, last - first, count,
                                                rounded.centre, rounded.scale, rounded.shift);
        plan->set->apply(&work);
    }
}

/* Coefficients that are the same for every sample are computed once. */
static void apply_same_to_samples(const struct norma_execution *execution,
                                  const struct norma_tile *tile,
                                  const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_block all = {0, 0, 0, tile->channels};
    struct coefficients rounded;
    for (int64_t c = 0; c < tile->channels; c += NORMA_BLOCK) {
        const struct norma_block block = norma_rest_of(&all, c, NORMA_BLOCK);
        compute_coefficients(execution, tile, statistics, &block, &rounded);
        for (int64_t n = 0; n < tile->samples; n++) {
            const struct norma_apply work =
                work_at(execution, norma_offset_of(plan, tile, n, c, 0), plan->spatial, block.count,
                        rounded.centre, rounded.scale, rounded.shift);
            plan->set->apply(&work);
        }
    }
}

void norma_tile_apply(const struct norma_execution *execution, const struct norma_tile *tile,
                      const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    if (plan->rows) {
        norma_rows_apply(execution, tile, statistics, 0, tile->samples);
        return;
    }
    if (!plan->descriptor->instance && !plan->columns) {
        apply_same_to_samples(execution, tile, statistics);
        return;
    }
    for (int64_t n = 0; n < tile->samples; n++) {
        norma_apply_channels(execution, tile, statistics, n, 0, tile->channels, 0, plan->spatial);
    }
}

void norma_style_loss(const struct norma_execution *execution) {
    const struct norma_problem *problem = &execution->plan->problem;
    for (int64_t n = 0; n < problem->n; n++) {
        double mean = 0.0, std = 0.0;
        for (int64_t p = n * problem->c; p < (n + 1) * problem->c; p++) {
            mean += execution->first[p];
            std += execution->second[p];
        }
        execution->args->style_loss[n] = (float)(sqrt(mean) + sqrt(std));
    }
}

/* Backward: the sums of dy and of dy (x - centre), over planes and from there over statistics sets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/stages/channels.h"
#include "kernels/stages/merge.h"
#include "kernels/stages/rows.h"

/* ---- over planes -------------------------------------------------------------------------- */

/* The centres that the operator's sums are about, as floats, which they are: means that came as
 * such. */
static void fill_centres(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics, const struct norma_block *block,
                         float *centre) {
    const struct norma_operator_descriptor *descriptor = execution->plan->descriptor;
    const bool instance = descriptor->instance && !descriptor->couple;
    struct norma_spread spread;
    for (int64_t done = 0; done < block->count; done += NORMA_BLOCK) {
        const struct norma_block rest = norma_rest_of(block, done, NORMA_BLOCK);
        const struct norma_channels channels =
            norma_channels_of(execution, tile, statistics, &rest, &spread);
        const double *mean = instance ? channels.mean : channels.batch_mean;
        for (int64_t i = 0; i < rest.count; i++) {
            centre[done + i] = descriptor->squared_norm ? 0.0f : (float)mean[i];
        }
    }
}

/* From the instance's mean to the batch's: what was rounded about the one may be much about the
 * other. */
static bool is_moved(const struct norma_plan *plan) {
    return plan->descriptor->instance && plan->descriptor->batch_weights;
}

/* Sums of elements from `offset` on; where to is for the caller to say. */
static struct norma_gradient_sums work_at(const struct norma_execution *execution, int64_t offset,
                                          int64_t length, int64_t spans, const float *centre) {
    const struct norma_args *args = execution->args;
    const bool relu = execution->plan->problem.epilogue != NORMA_EPILOGUE_NONE;
    return (struct norma_gradient_sums){
        .x = (const float *)args->x + offset,
        .dy = (const float *)args->dy + offset,
        .y = relu ? (const float *)args->y + offset : NULL,
        .length = length,
        .spans = spans,
        .centre = centre,
        .in_double = is_moved(execution->plan),
    };
}

static const uint8_t *labels_of(const struct norma_execution *execution, int64_t sample) {
    return execution->args->labels + sample * execution->plan->spatial;
}

static void sum_planes(const struct norma_execution *execution, const struct norma_tile *tile,
                       const struct norma_block *block, const float *centre, double *dy_sum,
                       double *product) {
    const struct norma_plan *plan = execution->plan;
    const int64_t offset = norma_offset_of(plan, tile, block->sample, block->channel, 0);
    struct norma_gradient_sums work =
        work_at(execution, offset, plan->spatial, block->count, centre);
    work.dy_sum = dy_sum;
    work.product = product;
    norma_sums_of_spans(plan->set, &work,
                        plan->regions > 1 ? labels_of(execution, tile->sample + block->sample)
                                          : NULL,
                        (uint8_t)block->region);
}

/* Of the region's rows: those that follow each other at once. */
static void sum_rows_of_region(const struct norma_execution *execution,
                               const struct norma_tile *tile, const struct norma_block *block,
                               const float *centre, double *dy_sum, double *product) {
    const struct norma_plan *plan = execution->plan;
    const uint8_t *labels = labels_of(execution, tile->sample + block->sample);
    double some_dy[NORMA_COLUMNS], some_product[NORMA_COLUMNS];
    memset(dy_sum, 0, (size_t)block->count * sizeof *dy_sum);
    memset(product, 0, (size_t)block->count * sizeof *product);
    struct norma_rows rows = {0};
    while (norma_next_rows(labels, (uint8_t)block->region, plan->spatial, &rows)) {
        const int64_t offset =
            norma_offset_of(plan, tile, block->sample, block->channel, rows.first);
        struct norma_gradient_sums work =
            work_at(execution, offset, block->count, rows.count, centre);
        work.dy_sum = some_dy;
        work.product = some_product;
        norma_gradient_sums_columns(plan->set, &work, plan->problem.c);
        for (int64_t i = 0; i < block->count; i++) {
            dy_sum[i] += some_dy[i];
            product[i] += some_product[i];
        }
    }
}

static void sum_rows(const struct norma_execution *execution, const struct norma_tile *tile,
                     const struct norma_block *block, const float *centre, double *dy_sum,
                     double *product) {
    const struct norma_plan *plan = execution->plan;
    if (plan->regions > 1) {
        sum_rows_of_region(execution, tile, block, centre, dy_sum, product);
        return;
    }
    const int64_t offset = norma_offset_of(plan, tile, block->sample, block->channel, 0);
    struct norma_gradient_sums work =
        work_at(execution, offset, block->count, plan->spatial, centre);
    work.dy_sum = dy_sum;
    work.product = product;
    norma_gradient_sums_columns(plan->set, &work, plan->problem.c);
}

static void sum_block(const struct norma_execution *execution, const struct norma_tile *tile,
                      const struct norma_statistics *statistics, const struct norma_block *block) {
    const struct norma_plan *plan = execution->plan;
    const int64_t entry =
        norma_plane_entry(plan, tile, block->sample, block->region, block->channel);
    float centre[NORMA_COLUMNS];
    fill_centres(execution, tile, statistics, block, centre);
    (plan->columns ? sum_rows : sum_planes)(execution, tile, block, centre,
                                            execution->first + entry, execution->second + entry);
}

int64_t norma_sum_chunks(const struct norma_plan *plan) {
    return plan->columns ? norma_row_chunks(plan->problem.c, plan->spatial)
                         : norma_chunks(plan->spatial);
}

void norma_plane_sums(const struct norma_execution *execution, const struct norma_tile *everything,
                      const struct norma_statistics *statistics, int64_t plane, int64_t first,
                      int64_t count, double *dy_sum, double *product) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_block block = {plane / plan->problem.c, 0, plane % plan->problem.c, 1};
    float centre;
    fill_centres(execution, everything, statistics, &block, &centre);
    struct norma_gradient_sums work =
        work_at(execution, plane * plan->spatial, plan->spatial, 1, &centre);
    work.dy_sum = dy_sum;
    work.product = product;
    norma_sums_of_chunks(plan->set, &work, first, count);
}

void norma_row_sums(const struct norma_execution *execution, const struct norma_tile *everything,
                    const struct norma_statistics *statistics, int64_t sample, int64_t chunk,
                    int64_t first, int64_t last, double *dy_sum, double *product) {
    const struct norma_plan *plan = execution->plan;
    const int64_t most = norma_chunk_rows(plan->problem.c), row = chunk * most;
    const int64_t rows = plan->spatial - row < most ? plan->spatial - row : most;
    for (int64_t c = first; c < last; c += NORMA_COLUMNS) {
        const int64_t rest = last - c;
        const struct norma_block block = {sample, 0, c,
                                          rest < NORMA_COLUMNS ? rest : NORMA_COLUMNS};
        float centre[NORMA_COLUMNS];
        fill_centres(execution, everything, statistics, &block, centre);
        struct norma_gradient_sums work =
            work_at(execution, norma_offset_of(plan, everything, sample, c, row), block.count, rows,
                    centre);
        work.dy_sum = dy_sum + c;
        work.product = product + c;
        norma_chunk_column_sums(plan->set, &work, plan->problem.c);
    }
}

void norma_tile_sums(const struct norma_execution *execution, const struct norma_tile *tile,
                     const struct norma_statistics *statistics) {
    const int64_t most = norma_block_size(execution->plan);
    if (execution->plan->rows) {
        norma_rows_sums(execution, tile, statistics, 0, tile->samples);
        return;
    }
    for (int64_t n = 0; n < tile->samples; n++) {
        for (int64_t c = 0; c < tile->channels; c += most) {
            for (int64_t r = 0; r < execution->plan->regions; r++) {
                const struct norma_block all = {n, r, 0, tile->channels};
                const struct norma_block block = norma_rest_of(&all, c, most);
                sum_block(execution, tile, statistics, &block);
            }
        }
    }
}

/* ---- over sets ---------------------------------------------------------------------------- */

static void add_weighted(int64_t count, const double *weights, const double *sums,
                         double *restrict totals) {
    for (int64_t i = 0; i < count; i++) {
        totals[i] += weights[i] * sums[i];
    }
}

/* Adds a block's sums to those of its statistics sets. */
static void add_to_sets(const struct norma_execution *execution, const struct norma_tile *tile,
                        const struct norma_statistics *statistics,
                        const struct norma_block *block) {
    const struct norma_plan *plan = execution->plan;
    struct norma_spread spread;
    const struct norma_channels channels =
        norma_channels_of(execution, tile, statistics, block, &spread);
    const struct norma_sums sums = norma_sums_of(execution, tile, statistics, block, &spread);
    const int64_t channels_per_span = plan->channels_per_span;
    int64_t run = norma_set_row(plan, tile, block->sample, block->region) +
                  block->channel / channels_per_span;
    int64_t rest = channels_per_span - block->channel % channels_per_span; /* of the run */
    double weights[NORMA_BLOCK];
    plan->descriptor->set_weights(&channels, weights);
    if (channels_per_span == 1) {
        add_weighted(block->count, weights, sums.dy, statistics->set_dy + run);
        add_weighted(block->count, weights, sums.product, statistics->set_product + run);
        return;
    }
    for (int64_t i = 0; i < block->count; i++) {
        statistics->set_dy[run] += weights[i] * sums.dy[i];
        statistics->set_product[run] += weights[i] * sums.product[i];
        if (--rest == 0) {
            run++;
            rest = channels_per_span;
        }
    }
}

/* About the batch's mean, from sums about the instance's. */
static void add_to_batch(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics,
                         const struct norma_block *block) {
    const struct norma_plan *plan = execution->plan;
    struct norma_spread spread;
    const struct norma_channels channels =
        norma_channels_of(execution, tile, statistics, block, &spread);
    const struct norma_sums sums = norma_sums_of(execution, tile, statistics, block, &spread);
    double weights[NORMA_BLOCK], moved[NORMA_BLOCK];
    const double *products = sums.product;
    plan->descriptor->batch_weights(&channels, weights);
    if (plan->descriptor->instance) {
        for (int64_t i = 0; i < block->count; i++) {
            moved[i] = sums.product[i] + (channels.mean[i] - channels.batch_mean[i]) * sums.dy[i];
        }
        products = moved;
    }
    add_weighted(block->count, weights, sums.dy, statistics->batch_dy + block->channel);
    add_weighted(block->count, weights, products, statistics->batch_product + block->channel);
}

typedef void add_block(const struct norma_execution *execution, const struct norma_tile *tile,
                       const struct norma_statistics *statistics, const struct norma_block *block);

/* In the order of samples, regions and channels, whatever the tile is. */
static void for_each_block(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics, add_block *add) {
    for (int64_t n = 0; n < tile->samples; n++) {
        for (int64_t r = 0; r < execution->plan->regions; r++) {
            const struct norma_block all = {n, r, 0, tile->channels};
            for (int64_t c = 0; c < tile->channels; c += NORMA_BLOCK) {
                const struct norma_block block = norma_rest_of(&all, c, NORMA_BLOCK);
                add(execution, tile, statistics, &block);
            }
        }
    }
}

static void clear(double *array, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        array[i] = 0.0;
    }
}

/* One product per element, so that the weights are inside the sums. */
static void element_set_sums(const struct norma_execution *execution, const struct norma_tile *tile,
                             const struct norma_statistics *statistics) {
    for (int64_t n = 0; n < tile->samples; n++) {
        const int64_t row = norma_set_row(execution->plan, tile, n, 0);
        statistics->set_product[row] = norma_element_product(execution, tile->sample + n);
    }
}

static void couple(const struct norma_execution *execution,
                   const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    plan->descriptor->couple(&(struct norma_coupling){
        .problem = &plan->problem,
        .args = execution->args,
        .mean = statistics->mean,
        .m2 = statistics->inverse_std,
        .batch_mean = statistics->batch_mean,
        .batch_inverse_std = statistics->batch_inverse_std,
        .inverse_norm = statistics->inverse_norm,
        .dy = execution->first,
        .product = execution->second,
        .norm_slope = statistics->norm_slope,
        .batch_dy = statistics->batch_dy,
        .batch_product = statistics->batch_product,
    });
}

void norma_tile_set_sums(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    if (plan->descriptor->couple) {
        couple(execution, statistics);
    }
    if (plan->descriptor->set_weights && !plan->rows) {
        const int64_t sets = tile->samples * plan->regions * norma_spans_of(plan, tile);
        clear(statistics->set_dy, sets);
        clear(statistics->set_product, sets);
        if (plan->elementwise) {
            element_set_sums(execution, tile, statistics);
        } else {
            for_each_block(execution, tile, statistics, add_to_sets);
        }
    }
    if (plan->descriptor->batch_weights && plan->problem.pass == NORMA_PASS_BACKWARD) {
        clear(statistics->batch_dy, tile->channels);
        clear(statistics->batch_product, tile->channels);
        for_each_block(execution, tile, statistics, add_to_batch);
    }
}

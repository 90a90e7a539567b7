/* The moments of a tile's runs, of x and of the style.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/column_moments.h"
#include "kernels/stages/merge.h"
#include "kernels/stages/tile.h"

static void moments_of_regions(const struct norma_execution *execution,
                               const struct norma_tile *tile, int64_t sample, const float *x,
                               const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const uint8_t *labels = execution->args->labels + (tile->sample + sample) * plan->spatial;
    const int64_t row = norma_set_row(plan, tile, sample, 0);
    if (plan->columns) {
        norma_column_moments_of_regions(plan, x, tile->channels, labels, statistics->mean + row,
                                        statistics->inverse_std + row);
        return;
    }
    for (int64_t r = 0; r < plan->regions; r++) {
        const int64_t region = row + r * tile->channels;
        norma_moments_of_region(plan->set, x, plan->spatial, tile->channels, labels, (uint8_t)r,
                                statistics->mean + region, statistics->inverse_std + region);
    }
}

static void moments_of_x(const struct norma_execution *execution, const struct norma_tile *tile,
                         int64_t sample, const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const float *x = (const float *)execution->args->x + norma_offset_of(plan, tile, sample, 0, 0);
    const int64_t row = norma_set_row(plan, tile, sample, 0);
    if (plan->regions > 1) {
        moments_of_regions(execution, tile, sample, x, statistics);
    } else if (plan->contiguous_spans) {
        norma_moments_of_spans(plan->set, x, plan->span_length, norma_spans_of(plan, tile),
                               statistics->mean + row, statistics->inverse_std + row);
    } else {
        norma_column_moments_of_spans(plan, x, tile->channels, statistics->mean + row,
                                      statistics->inverse_std + row);
    }
}

static void moments_of_styles(const struct norma_execution *execution,
                              const struct norma_tile *tile, int64_t sample,
                              const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const int64_t channels = plan->problem.c, positions = plan->style_spatial;
    for (int64_t k = 0; k < plan->styles; k++) {
        const float *style = (const float *)execution->args->style +
                             ((tile->sample + sample) * plan->styles + k) * channels * positions;
        const int64_t row = (sample * plan->styles + k) * tile->channels;
        double *mean = statistics->style_mean + row;
        double *m2 = statistics->style_std + row;
        if (plan->style_columns) {
            norma_moments_of_matrix(plan->set, style + tile->channel, positions, channels,
                                    tile->channels, mean, m2);
        } else {
            norma_moments_of_spans(plan->set, style + tile->channel * positions, positions,
                                   tile->channels, mean, m2);
        }
    }
}

void norma_tile_moments(const struct norma_execution *execution, const struct norma_tile *tile,
                        const struct norma_statistics *statistics) {
    for (int64_t n = 0; n < tile->samples; n++) {
        if (execution->plan->moments) {
            moments_of_x(execution, tile, n, statistics);
        }
        if (execution->plan->style_moments) {
            moments_of_styles(execution, tile, n, statistics);
        }
    }
}

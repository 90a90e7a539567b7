/* The moments of a tile's runs, of x and of the style.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stages/tile.h"
#include "statistics.h"

static void moments_of_regions(const struct norma_execution *execution,
                               const struct norma_tile *tile, int64_t sample, const float *x,
                               const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const uint8_t *labels = execution->args->labels + (tile->sample + sample) * plan->spatial;
    for (int64_t r = 0; r < plan->regions; r++) {
        const int64_t row = norma_set_row(plan, tile, sample, r);
        norma_moments_of_region(plan->set, x, plan->spatial, tile->channels, labels, (uint8_t)r,
                                statistics->mean + row, statistics->inverse_std + row);
    }
}

static void moments_of_x(const struct norma_execution *execution, const struct norma_tile *tile,
                         int64_t sample, const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    const float *x = (const float *)execution->args->x + norma_offset_of(plan, tile, sample, 0);
    if (plan->regions > 1) {
        moments_of_regions(execution, tile, sample, x, statistics);
        return;
    }
    const int64_t row = norma_set_row(plan, tile, sample, 0);
    norma_moments_of_runs(plan->set, x, plan->run_length, norma_runs_of(plan, tile),
                          statistics->mean + row, statistics->inverse_std + row);
}

static void moments_of_styles(const struct norma_execution *execution,
                              const struct norma_tile *tile, int64_t sample,
                              const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    for (int64_t k = 0; k < plan->styles; k++) {
        const int64_t plane =
            ((tile->sample + sample) * plan->styles + k) * plan->problem.c + tile->channel;
        const int64_t row = (sample * plan->styles + k) * tile->channels;
        norma_moments_of_runs(plan->set,
                              (const float *)execution->args->style + plane * plan->style_spatial,
                              plan->style_spatial, tile->channels, statistics->style_mean + row,
                              statistics->style_std + row);
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

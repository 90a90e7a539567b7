/* Execution: tile by tile, or phase by phase (see plan.h).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <omp.h>

#include "arguments.h"
#include "stages.h"
#include "statistics.h"

/* ---- tiled -------------------------------------------------------------------------------- */

static struct norma_tile tile_number(const struct norma_plan *plan, int64_t index) {
    const struct norma_problem *problem = &plan->problem;
    const int64_t across = norma_divide_up(problem->c, plan->tiling.channels);
    struct norma_tile tile = {
        .sample = index / across * plan->tiling.samples,
        .samples = plan->tiling.samples,
        .channel = index % across * plan->tiling.channels,
        .channels = plan->tiling.channels,
    };
    if (tile.samples > problem->n - tile.sample) {
        tile.samples = problem->n - tile.sample;
    }
    if (tile.channels > problem->c - tile.channel) {
        tile.channels = problem->c - tile.channel;
    }
    return tile;
}

static void execute_tile(const struct norma_plan *plan, const struct norma_args *args,
                         int64_t index, double *scratch) {
    const struct norma_tile tile = tile_number(plan, index);
    const struct norma_statistics statistics = norma_tile_carve(plan, &tile, scratch);
    norma_tile_moments(plan, args, &tile, &statistics);
    norma_tile_statistics(plan, args, &tile, &statistics);
    norma_tile_apply(plan, args, &tile, &statistics);
}

static void execute_tiled(const struct norma_plan *plan, const struct norma_args *args) {
    double *scratch = args->workspace;
    const int64_t tiles = norma_divide_up(plan->problem.n, plan->tiling.samples) *
                          norma_divide_up(plan->problem.c, plan->tiling.channels);
    if (plan->threads == 1) {
        for (int64_t i = 0; i < tiles; i++) {
            execute_tile(plan, args, i, scratch);
        }
        return;
    }
#pragma omp parallel for num_threads(plan->threads) schedule(static)
    for (int64_t i = 0; i < tiles; i++) {
        execute_tile(plan, args, i, scratch + (size_t)omp_get_thread_num() * plan->scratch);
    }
}

/* ---- phased ------------------------------------------------------------------------------- */

/* This thread's share [first, last) of a number of pieces. */
struct share {
    int64_t first, last;
};

static struct share my_share(int64_t pieces) {
    const int64_t threads = omp_get_num_threads();
    const int64_t thread = omp_get_thread_num();
    return (struct share){pieces * thread / threads, pieces * (thread + 1) / threads};
}

/* The part of one row of pieces that a share covers. */
struct part {
    int64_t row, first, count;
};

/* Takes the next row's part off the share, rows having `across` pieces; false when none is left. */
static bool next_part(struct share *share, int64_t across, struct part *part) {
    if (share->first >= share->last) {
        return false;
    }
    part->row = share->first / across;
    part->first = share->first % across;
    const int64_t rest = share->last - share->first;
    part->count = across - part->first < rest ? across - part->first : rest;
    share->first += part->count;
    return true;
}

/* Moments of all chunks of all runs of a tensor, shared out among the threads. */
static void chunk_moments(const struct norma_plan *plan, const float *x, int64_t length,
                          int64_t runs, double *mean, double *m2) {
    const int64_t across = norma_chunks(length);
    struct share share = my_share(runs * across);
    struct part part;
    while (next_part(&share, across, &part)) {
        const int64_t index = part.row * across + part.first;
        norma_moments_of_chunks(plan->set, x + part.row * length, length, part.first, part.count,
                                mean + index, m2 + index);
    }
}

static void merge_runs(int64_t length, int64_t runs, const double *chunk_mean,
                       const double *chunk_m2, double *mean, double *m2) {
    const int64_t across = norma_chunks(length);
    for (int64_t r = 0; r < runs; r++) {
        norma_merge_chunks(length, chunk_mean + r * across, chunk_m2 + r * across, &mean[r],
                           &m2[r]);
    }
}

/* Short planes are shared out whole, many to a call. */
static void apply_planes(const struct norma_plan *plan, const struct norma_args *args,
                         const struct norma_tile *everything,
                         const struct norma_statistics *statistics) {
    struct share share = my_share(everything->samples * everything->channels);
    struct part part;
    while (next_part(&share, everything->channels, &part)) {
        norma_apply_channels(plan, args, everything, statistics, part.row, part.first, part.count,
                             0, plan->spatial);
    }
}

/* Long planes are shared out in chunks. */
static void apply_chunks(const struct norma_plan *plan, const struct norma_args *args,
                         const struct norma_tile *everything,
                         const struct norma_statistics *statistics) {
    const int64_t across = norma_chunks(plan->spatial);
    struct share share = my_share(everything->samples * everything->channels * across);
    struct part part;
    while (next_part(&share, across, &part)) {
        const int64_t first = part.first * NORMA_CHUNK;
        const int64_t last = first + part.count * NORMA_CHUNK;
        norma_apply_channels(plan, args, everything, statistics, part.row / everything->channels,
                             part.row % everything->channels, 1, first,
                             last < plan->spatial ? last : plan->spatial);
    }
}

static void execute_phased(const struct norma_plan *plan, const struct norma_args *args) {
    const struct norma_tile everything = tile_number(plan, 0);
    const struct norma_statistics statistics = norma_tile_carve(plan, &everything, args->workspace);
    const int64_t planes = plan->problem.n * plan->problem.c;
    const int64_t runs = planes / plan->channels_per_run;
    double *chunk_mean = (double *)args->workspace + plan->scratch;
    double *chunk_m2 = chunk_mean + runs * norma_chunks(plan->run_length);
    double *style_mean = chunk_m2 + runs * norma_chunks(plan->run_length);
    double *style_m2 = style_mean + planes * norma_chunks(plan->style_spatial);
#pragma omp parallel num_threads(plan->threads)
    {
        if (plan->instance) {
            chunk_moments(plan, args->x, plan->run_length, runs, chunk_mean, chunk_m2);
        }
        if (plan->style_spatial > 0) {
            chunk_moments(plan, args->style, plan->style_spatial, planes, style_mean, style_m2);
        }
#pragma omp barrier
#pragma omp single
        {
            if (plan->instance) {
                merge_runs(plan->run_length, runs, chunk_mean, chunk_m2, statistics.mean,
                           statistics.inverse_std);
            }
            if (plan->style_spatial > 0) {
                merge_runs(plan->style_spatial, planes, style_mean, style_m2, statistics.style_mean,
                           statistics.style_std);
            }
            norma_tile_statistics(plan, args, &everything, &statistics);
        }
        (plan->spatial <= NORMA_CHUNK ? apply_planes : apply_chunks)(plan, args, &everything,
                                                                     &statistics);
    }
}

norma_status norma_execute(const struct norma_plan *plan, const struct norma_args *args) {
    if (!plan || !args) {
        return NORMA_NULL;
    }
    const norma_status status = norma_check_arguments(plan, args);
    if (status != NORMA_OK || plan->problem.n * plan->problem.c * plan->spatial == 0) {
        return status;
    }
    if (plan->phased) {
        execute_phased(plan, args);
    } else {
        execute_tiled(plan, args);
    }
    return NORMA_OK;
}

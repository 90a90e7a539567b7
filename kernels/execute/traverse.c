/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/execute/traverse.h"

/* ---- tile by tile ------------------------------------------------------------------------- */

static int64_t tiles_across(const struct norma_plan *plan) {
    return norma_divide_up(plan->problem.c, plan->tiling.channels);
}

static int64_t tiles_of_group(const struct norma_plan *plan) {
    return norma_divide_up(plan->row_group, plan->tiling.samples);
}

/* Returns a tile of rows, which is inside one group. */
static struct norma_tile tile_of_rows(const struct norma_plan *plan, int64_t index) {
    const int64_t tiles = tiles_of_group(plan);
    const int64_t group = index / tiles * plan->row_group;
    const int64_t row = group + index % tiles * plan->tiling.samples;
    const int64_t end = norma_min(group + plan->row_group, plan->samples);
    return (struct norma_tile){row, norma_min(plan->tiling.samples, end - row), 0, plan->problem.c};
}

struct norma_tile norma_tile_number(const struct norma_plan *plan, int64_t index) {
    if (plan->row_group > 0) {
        return tile_of_rows(plan, index);
    }
    const int64_t across = tiles_across(plan);
    const int64_t sample = index / across * plan->tiling.samples;
    const int64_t channel = index % across * plan->tiling.channels;
    return (struct norma_tile){
        .sample = sample,
        .samples = norma_min(plan->tiling.samples, plan->samples - sample),
        .channel = channel,
        .channels = norma_min(plan->tiling.channels, plan->problem.c - channel),
    };
}

int64_t norma_tile_count(const struct norma_plan *plan) {
    if (plan->row_group > 0) {
        return plan->samples / plan->row_group * tiles_of_group(plan) +
               norma_divide_up(plan->samples % plan->row_group, plan->tiling.samples);
    }
    return norma_divide_up(plan->samples, plan->tiling.samples) * tiles_across(plan);
}

/* Returns a worker's tiles, in whole groups of rows where there are groups. */
static struct norma_share tiles_of(const struct norma_plan *plan, struct norma_worker worker) {
    const int64_t tiles = norma_tile_count(plan);
    if (plan->row_group == 0) {
        return norma_share_of(worker, tiles);
    }
    const int64_t each = tiles_of_group(plan);
    const struct norma_share groups = norma_share_of(worker, plan->parameter_parts);
    return (struct norma_share){groups.first * each, norma_min(groups.last * each, tiles)};
}

struct tile_by_tile {
    const struct norma_execution *execution;
    norma_tile_work *work;
};

/* Works on tiles with scratch memory of this thread's own. */
static void work_on_tiles(const void *shared, struct norma_worker worker) {
    const struct tile_by_tile *all = shared;
    const struct norma_plan *plan = all->execution->plan;
    const struct norma_share share = tiles_of(plan, worker);
    for (int64_t i = share.first; i < share.last; i++) {
        const struct norma_stage_context context =
            norma_tile_context(all->execution, norma_tile_number(plan, i), worker.number);
        all->work(&context);
    }
}

void norma_for_each_tile(const struct norma_execution *execution, norma_tile_work *work) {
    norma_work_together(execution->plan->threads, work_on_tiles,
                        &(struct tile_by_tile){execution, work});
}

/* ---- in two phases ------------------------------------------------------------------------ */

/* Channels-last, rows of a unit of work. */
enum { ROWS = 16 };

struct norma_stage_context norma_everything(const struct norma_execution *execution) {
    const struct norma_plan *plan = execution->plan;
    return norma_tile_context(execution, (struct norma_tile){0, plan->samples, 0, plan->problem.c},
                              0);
}

enum norma_work_unit norma_phase_unit(const struct norma_plan *plan) {
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return NORMA_WORK_UNIT_ROWS;
    case NORMA_ORDER_PLANES:
        break;
    }
    return plan->spatial <= NORMA_CHUNK ? NORMA_WORK_UNIT_PLANE : NORMA_WORK_UNIT_CHUNK;
}

/* Returns the number of positions in a unit. */
static int64_t unit_positions(const struct norma_plan *plan) {
    switch (norma_phase_unit(plan)) {
    case NORMA_WORK_UNIT_ROWS:
        return ROWS;
    case NORMA_WORK_UNIT_CHUNK:
        return NORMA_CHUNK;
    default:
        return plan->spatial;
    }
}

/* Returns the number of units that a plane or, channels-last, a sample is cut into. */
static int64_t units_across(const struct norma_plan *plan) {
    return norma_divide_up(plan->spatial, unit_positions(plan));
}

int64_t norma_phase_units(const struct norma_plan *plan) {
    const bool rows = norma_phase_unit(plan) == NORMA_WORK_UNIT_ROWS;
    return plan->samples * (rows ? 1 : plan->problem.c) * units_across(plan);
}

/* Works on the worker's share of whole planes. */
static void share_planes(const struct norma_stage_context *everything, norma_slice_work *work,
                         struct norma_worker worker) {
    const struct norma_plan *plan = everything->execution->plan;
    struct norma_share share = norma_share_of(worker, norma_phase_units(plan));
    struct norma_part part;
    while (norma_last_part(&share, plan->problem.c, &part)) {
        work(everything,
             &(struct norma_slice){part.row, 1, part.first, part.count, 0, plan->spatial});
    }
}

/* Returns how many channels are worked on in several samples, one after the other. With few samples
 * they are fewer, for every thread to have some. */
static int64_t channels_together(const struct norma_plan *plan, struct norma_worker worker) {
    enum { PIECES_PER_THREAD = 2 };
    const int64_t pieces = norma_divide_up(PIECES_PER_THREAD * worker.count, plan->samples);
    return norma_min(norma_divide_up(plan->problem.c, pieces), NORMA_BLOCK);
}

/* Works on the worker's share of whole planes where the samples of a channel have the same
 * coefficients. */
static void share_samples(const struct norma_stage_context *everything, norma_slice_work *work,
                          struct norma_worker worker) {
    const struct norma_plan *plan = everything->execution->plan;
    const int64_t channels = plan->problem.c, most = channels_together(plan, worker);
    struct norma_share share =
        norma_share_of(worker, norma_divide_up(channels, most) * plan->samples);
    struct norma_part part;
    while (norma_last_part(&share, plan->samples, &part)) {
        const int64_t first = part.row * most;
        work(everything,
             &(struct norma_slice){part.first, part.count, first, norma_min(channels - first, most),
                                   0, plan->spatial});
    }
}

/* Works on the worker's share of samples that are rows. */
static void share_rows(const struct norma_stage_context *everything, norma_slice_work *work,
                       struct norma_worker worker) {
    const struct norma_plan *plan = everything->execution->plan;
    const struct norma_share share = norma_share_of(worker, plan->samples);
    work(everything,
         &(struct norma_slice){share.first, share.last - share.first, 0, plan->problem.c, 0, 1});
}

/* Works on the worker's share of units of some positions, which are of one channel or,
 * channels-last, of all. */
static void share_positions(const struct norma_stage_context *everything, norma_slice_work *work,
                            struct norma_worker worker) {
    const struct norma_plan *plan = everything->execution->plan;
    const bool rows = norma_phase_unit(plan) == NORMA_WORK_UNIT_ROWS;
    const int64_t channels = plan->problem.c, positions = unit_positions(plan);
    const int64_t across = units_across(plan);
    struct norma_share share = norma_share_of(worker, norma_phase_units(plan));
    struct norma_part part;
    while (norma_last_part(&share, across, &part)) {
        const int64_t first = part.first * positions;
        const int64_t last = norma_min(first + part.count * positions, plan->spatial);
        const struct norma_slice slice =
            rows
                ? (struct norma_slice){part.row, 1, 0, channels, first, last}
                : (struct norma_slice){part.row / channels, 1, part.row % channels, 1, first, last};
        work(everything, &slice);
    }
}

struct phase {
    const struct norma_stage_context *everything;
    norma_slice_work *work;
};

/* Works on a worker's share of the tensor. */
typedef void share_slices(const struct norma_stage_context *everything, norma_slice_work *work,
                          struct norma_worker worker);

/* Returns the way in which the workers share it. */
static share_slices *way_of(const struct norma_plan *plan) {
    if (plan->row_statistics) {
        return share_rows;
    }
    if (norma_phase_unit(plan) != NORMA_WORK_UNIT_PLANE) {
        return share_positions;
    }
    return norma_has_samples_together(plan) ? share_samples : share_planes;
}

static void work_on_slices(const void *shared, struct norma_worker worker) {
    const struct phase *phase = shared;
    const struct norma_stage_context own =
        norma_context_of_thread(phase->everything, worker.number);
    way_of(phase->everything->execution->plan)(&own, phase->work, worker);
}

void norma_phase_apply(const struct norma_stage_context *everything, norma_slice_work *work) {
    norma_work_together(everything->execution->plan->threads, work_on_slices,
                        &(struct phase){everything, work});
}

/* ---- by split channels -------------------------------------------------------------------- */

static void share_tiles(const struct norma_stage_context *everything, norma_tile_work *work,
                        struct norma_worker worker) {
    const struct norma_plan *plan = everything->execution->plan;
    const struct norma_share share = norma_share_of(worker, norma_tile_count(plan));
    for (int64_t i = share.first; i < share.last; i++) {
        const struct norma_stage_context context =
            norma_part_of_context(everything, norma_tile_number(plan, i));
        work(&context);
    }
}

struct split {
    const struct norma_stage_context *everything;
    const struct norma_split_work *work;
};

static void work_on_split(const void *shared, struct norma_worker worker) {
    const struct split *split = shared;
    const struct norma_stage_context own =
        norma_context_of_thread(split->everything, worker.number);
    share_tiles(&own, split->work->by_channels, worker);
    norma_wait_for_all(worker);
    share_positions(&own, split->work->by_rows, worker);
    if (split->work->by_channels_again) {
        norma_wait_for_all(worker);
        share_tiles(&own, split->work->by_channels_again, worker);
    }
}

void norma_split_channels(const struct norma_execution *execution,
                          const struct norma_split_work *work) {
    const struct norma_stage_context everything = norma_everything(execution);
    norma_work_together(execution->plan->threads, work_on_split,
                        &(struct split){&everything, work});
}

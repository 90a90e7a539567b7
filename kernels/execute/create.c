/* Plan creation: geometry, set, and how the tensor is cut for caches and threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/plan/plan.h"

#include <omp.h>
#include <stdlib.h>

#include "kernels/execute/workspace.h"
#include "kernels/stages/stages.h"

static int64_t at_least(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t at_most(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t channels_per_span(const struct norma_problem *problem, enum norma_extent extent) {
    switch (extent) {
    case NORMA_PER_GROUP:
        return problem->c / problem->groups;
    case NORMA_PER_SAMPLE:
        return problem->c;
    case NORMA_PER_PLANE:
        break;
    }
    return 1;
}

static void set_geometry(struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    plan->samples = problem->n;
    plan->spatial = norma_problem_spatial(problem);
    plan->columns = problem->layout == NORMA_LAYOUT_NSC || plan->spatial == 1;
    if (plan->columns && plan->descriptor->batch && !plan->descriptor->instance) {
        plan->spatial *= plan->samples;
        plan->samples = 1;
    }
    plan->regions = problem->regions > 1 ? problem->regions : 1;
    plan->styles = norma_problem_sample_styles(problem);
    plan->style_spatial = norma_problem_style_spatial(problem);
    plan->style_columns = problem->layout == NORMA_LAYOUT_NSC || plan->style_spatial == 1;
    plan->channels_per_span = channels_per_span(problem, plan->descriptor->extent);
    plan->span_length = plan->channels_per_span * plan->spatial;
    plan->contiguous_spans = !plan->columns || plan->channels_per_span == problem->c ||
                             (plan->channels_per_span > 1 && plan->spatial == 1);
    plan->epsilon = problem->op == NORMA_OPERATOR_UNIT && problem->form != NORMA_FORM_PRACTICAL &&
                            problem->form != NORMA_FORM_LAYER
                        ? 0.0
                        : problem->epsilon;
}

static void set_stages(struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    const bool forward = problem->pass == NORMA_PASS_FORWARD;
    plan->backward =
        problem->pass == NORMA_PASS_BACKWARD || problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
    plan->merge = plan->descriptor->batch && forward;
    plan->instance = plan->descriptor->instance || plan->merge;
    plan->moments = plan->backward ? plan->descriptor->couple != NULL : plan->instance;
    plan->style_moments = !plan->backward && plan->style_spatial > 0;
    plan->all_samples = plan->merge ||
                        (plan->descriptor->batch_weights && problem->pass == NORMA_PASS_BACKWARD) ||
                        problem->style_source == NORMA_STYLE_SWAP;
    plan->elementwise = plan->descriptor->weight && problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    plan->rows =
        plan->descriptor->rows && plan->columns && plan->spatial == 1 && !plan->elementwise;
    plan->parameter_parts =
        plan->rows ? norma_divide_up(plan->samples, norma_row_group(problem->c)) : plan->samples;
    plan->mixed = plan->descriptor->style && problem->styles > 1;
    plan->loss = forward && plan->styles == 1;
}

static int64_t bytes_of(const struct norma_plan *plan, int64_t planes) {
    return planes * plan->spatial * (int64_t)sizeof(float);
}

int64_t norma_bytes_of_x(const struct norma_plan *plan) {
    return bytes_of(plan, plan->samples * plan->problem.c);
}

norma_size_class norma_plan_size_class(const struct norma_plan *plan) {
    return norma_size_class_of(2 * norma_bytes_of_x(plan));
}

/* Returns the tuning of the set for x and y of this size. A set that was added and has no section
 * is tuned as the set that it is based on, so that a comparison of the two compares their kernels.
 * Returns NULL where the profile has a section for none of them. */
static const struct norma_tuning *find_tuning(const struct norma_profile *profile,
                                              const struct norma_set *set, norma_size_class size) {
    const struct norma_tuning *tuning = NULL;
    for (; set && !tuning; set = set->base ? norma_set_find(set->base) : NULL) {
        tuning = norma_profile_tuning(profile, set->name, size);
    }
    return tuning;
}

static norma_status set_tuning(struct norma_plan *plan, const struct norma_profile *profile) {
    const norma_size_class size = norma_plan_size_class(plan);
    norma_status status = profile ? NORMA_STATUS_OK : norma_profile_of_user(&profile);
    const struct norma_tuning *tuning = profile ? find_tuning(profile, plan->set, size) : NULL;
    plan->tuning = tuning ? *tuning : norma_tuning_default(size);
    plan->profile = tuning ? profile->path : NULL;
    return status;
}

/* Images of which a tile is read: x, and backward dy. */
static int64_t images(const struct norma_plan *plan) {
    return plan->backward ? 2 : 1;
}

int64_t norma_bytes_read(const struct norma_plan *plan, int64_t planes) {
    return bytes_of(plan, planes) * images(plan);
}

/* Bytes of x in a tile. */
static int64_t tile_bytes(const struct norma_plan *plan) {
    return plan->tuning.tile_bytes / images(plan);
}

/* Planes with regions and elements with an alpha of their own are always stored plainly. */
static bool choose_stream(const struct norma_plan *plan) {
    const int64_t shortest = plan->tuning.stream_elements;
    if (plan->elementwise || (plan->regions > 1 && !plan->columns)) {
        return false;
    }
    return shortest > 0 && (plan->columns || plan->spatial >= shortest);
}

int64_t norma_worthwhile_threads(const struct norma_plan *plan) {
    return at_least(1, norma_bytes_of_x(plan) / plan->tuning.thread_bytes);
}

static int choose_threads(const struct norma_plan *plan, int wanted) {
    const int64_t most = wanted > 0 ? wanted : omp_get_max_threads();
    return (int)at_most(most, norma_worthwhile_threads(plan));
}

/* Cuts `runs` so that each thread has the same number of cuts of at most `most` runs. */
static int64_t cut_evenly(int64_t spans, int64_t most, int64_t threads) {
    const int64_t cuts = norma_divide_up(spans, at_least(1, most));
    return at_least(1, spans / (norma_divide_up(cuts, threads) * threads));
}

/* Tiles hold all samples of some channels: statistics over the batch. They are pieces of samples,
 * and processors foresee little in short ones. So tiles are twice as large as others, and up to
 * four times for pieces that are long: bn:32x32x16x16 backward takes 0.84 of the time. Not where
 * results are stored past the caches, as only next tiles that are small are prefetched then. */
static struct norma_tiling tile_by_channels(const struct norma_plan *plan) {
    /* Shorter pieces waste lines of the cache and pages at their ends. */
    enum { SHORTEST_PIECE = 4 * 1024, LONG_PIECE = 16 * 1024 };
    const int64_t column = at_least(1, bytes_of(plan, plan->samples));
    const int64_t plane = at_least(1, bytes_of(plan, 1));
    const int64_t bytes = tile_bytes(plan);
    const int64_t larger = at_most(4 * bytes / column, norma_divide_up(LONG_PIECE, plane));
    const int64_t most = plan->stream ? bytes / column : at_least(2 * bytes / column, larger);
    const int64_t channels = at_least(most, norma_divide_up(SHORTEST_PIECE, plane));
    return (struct norma_tiling){
        .samples = plan->samples,
        .channels = cut_evenly(plan->problem.c, channels, plan->threads),
    };
}

/* Tiles hold some runs of one sample, or some whole samples. */
static struct norma_tiling tile_by_samples(const struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    const int64_t sample = at_least(1, bytes_of(plan, problem->c));
    const int64_t samples = cut_evenly(problem->n, tile_bytes(plan) / sample, plan->threads);
    if (samples > 1 || problem->n >= plan->threads) {
        const int64_t spans = at_least(1, tile_bytes(plan) / at_least(1, bytes_of(plan, 1)) /
                                              plan->channels_per_span);
        const int64_t channels = at_most(problem->c, spans * plan->channels_per_span);
        return (struct norma_tiling){samples, samples > 1 ? problem->c : channels};
    }
    const int64_t run = at_least(1, bytes_of(plan, plan->channels_per_span));
    const int64_t spans = cut_evenly(problem->c / plan->channels_per_span, tile_bytes(plan) / run,
                                     norma_divide_up(plan->threads, problem->n));
    return (struct norma_tiling){1, spans * plan->channels_per_span};
}

/* Channels-last: whole samples. Some channels of a sample that would stay in cache are pieces of
 * its rows, which costs more than reading it again from the next cache: 0.38 instead of 0.52 of a
 * copy's speed on in:8x512x28x28. */
static struct norma_tiling tile_columns(const struct norma_plan *plan) {
    const int64_t sample = at_least(1, bytes_of(plan, plan->problem.c));
    const int64_t samples = cut_evenly(plan->samples, tile_bytes(plan) / sample, plan->threads);
    if (plan->rows && plan->backward) {
        const int64_t group = norma_row_group(plan->problem.c);
        return (struct norma_tiling){norma_divide_up(samples, group) * group, plan->problem.c};
    }
    return (struct norma_tiling){plan->all_samples ? plan->samples : samples, plan->problem.c};
}

/* As norma_tile_part can. */
static bool can_cross(const struct norma_plan *plan) {
    return plan->columns && plan->samples == 1 && plan->styles <= 1;
}

/* Channels that are not too few for a tile of them. Where the tile's rows are only read, cache
 * lines will do, unless there are chunks of whole rows enough to share out; but folded rows are not
 * cut.
 */
static int64_t least_channels(const struct norma_plan *plan) {
    enum { LINE = 16, LEAST = 64, CHUNKS_PER_THREAD = 4 };
    const int64_t chunks = norma_row_chunks(plan->problem.c, plan->spatial);
    const bool narrow = can_cross(plan) && !norma_folds_rows(plan->problem.c) &&
                        chunks <= CHUNKS_PER_THREAD * plan->threads;
    return narrow ? LINE : LEAST;
}

/* Channels-last, with fewer samples than threads: each thread takes some channels of all rows.
 * 0: not, where these would be too narrow, or more than stays in its cache, or where statistics
 * are not of channels. */
static int64_t channels_of_thread(const struct norma_plan *plan) {
    const int64_t spans = plan->problem.c / plan->channels_per_span;
    const int64_t channels = norma_divide_up(spans, plan->threads) * plan->channels_per_span;
    const bool splits =
        plan->columns && !plan->rows && plan->regions == 1 && !plan->descriptor->couple;
    const int64_t samples = plan->all_samples ? plan->samples : 1;
    const bool fits = bytes_of(plan, samples * channels) <= 2 * plan->tuning.tile_bytes;
    return splits && fits && spans >= plan->threads && channels >= least_channels(plan) ? channels
                                                                                        : 0;
}

int64_t norma_independent_sets(const struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    if (plan->columns) {
        return plan->all_samples ? 1 : plan->backward ? plan->parameter_parts : plan->samples;
    }
    return plan->all_samples ? problem->c : problem->n * (problem->c / plan->channels_per_span);
}

/* Regions and groups of rows are not cut into pieces: where there are few, few threads have work.
 */
static void set_tiling(struct norma_plan *plan) {
    /* Channels of a thread from which on the pieces of rows that it writes are long enough. */
    enum { WIDE = 512 };
    const struct norma_problem *problem = &plan->problem;
    const struct norma_tiling everything = {plan->samples, problem->c};
    const int64_t sets = norma_independent_sets(plan);
    if (plan->regions > 1 || (plan->rows && plan->backward)) {
        plan->threads = (int)at_most(plan->threads, sets);
    }
    const int64_t split = sets < plan->threads ? channels_of_thread(plan) : 0;
    plan->two_phase = (sets < plan->threads && split == 0) || plan->descriptor->couple;
    plan->split_channels = split > 0 && split < WIDE && can_cross(plan);
    if (plan->two_phase) {
        plan->tiling = everything;
    } else if (split > 0) {
        plan->tiling = (struct norma_tiling){plan->all_samples ? plan->samples : 1, split};
    } else if (plan->columns) {
        plan->tiling = tile_columns(plan);
    } else {
        plan->tiling = plan->all_samples ? tile_by_channels(plan) : tile_by_samples(plan);
    }
}

/* Elements from a tile to the next, along a sample's channels if that has several tiles. */
static int64_t choose_ahead(const struct norma_plan *plan) {
    const int64_t channels = plan->tiling.channels;
    const int64_t planes = plan->tiling.samples * channels;
    const int64_t distance = channels < plan->problem.c ? channels : planes;
    const bool fits = norma_bytes_read(plan, planes) <= plan->tuning.ahead_bytes;
    return plan->stream && !plan->two_phase && !plan->columns && fits ? distance * plan->spatial
                                                                      : 0;
}

static void set_workspace(struct norma_plan *plan) {
    struct norma_workspace workspace;
    plan->workspace = norma_workspace_lay_out(plan, NULL, &workspace) * sizeof(double);
}

norma_status norma_plan_create(struct norma_plan **plan, const struct norma_problem *problem,
                               const struct norma_options *options) {
    if (!plan || !problem) {
        return NORMA_STATUS_NULL;
    }
    norma_status status = norma_problem_check(problem, NULL, 0);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    struct norma_plan made = {.problem = *problem,
                              .descriptor = norma_operator_descriptor(problem)};
    const char *sets = options && options->sets ? options->sets : getenv("NORMA_SETS");
    status = norma_set_choose(sets, &made.set);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    set_geometry(&made);
    set_stages(&made);
    status = set_tuning(&made, options ? options->profile : NULL);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    if (made.spatial > 0 && problem->n > 0 && problem->c > 0) {
        made.threads = choose_threads(&made, options ? options->threads : 0);
        made.stream = choose_stream(&made);
        set_tiling(&made);
        made.prefetch_distance = choose_ahead(&made);
        set_workspace(&made);
    }
    *plan = malloc(sizeof **plan);
    if (!*plan) {
        return NORMA_STATUS_NO_MEMORY;
    }
    **plan = made;
    return NORMA_STATUS_OK;
}

void norma_plan_destroy(struct norma_plan *plan) {
    free(plan);
}

size_t norma_plan_workspace(const struct norma_plan *plan) {
    return plan->workspace;
}

const char *norma_plan_set(const struct norma_plan *plan) {
    return plan->set->name;
}

const char *norma_plan_profile(const struct norma_plan *plan) {
    return plan->profile;
}

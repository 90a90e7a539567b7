/* Plan creation: geometry, stages, set, and how the tensor is cut for caches and threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "kernels/execute/passes.h"
#include "kernels/execute/workspace.h"

/* ---- geometry and stages ------------------------------------------------------------------ */

static enum norma_order order_of(norma_layout layout, int64_t spatial) {
    return layout == NORMA_LAYOUT_NSC || spatial == 1 ? NORMA_ORDER_COLUMNS : NORMA_ORDER_PLANES;
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

static bool are_spans_contiguous(const struct norma_plan *plan) {
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return plan->channels_per_span == plan->problem.c ||
               (plan->channels_per_span > 1 && plan->spatial == 1);
    case NORMA_ORDER_PLANES:
        break;
    }
    return true;
}

/* Returns the epsilon, or 0 for the forms of unitization that divide, which have none. */
static double epsilon_of(const struct norma_problem *problem) {
    const bool divides = problem->op == NORMA_OPERATOR_UNIT &&
                         problem->form != NORMA_FORM_PRACTICAL && problem->form != NORMA_FORM_LAYER;
    return divides ? 0.0 : problem->epsilon;
}

static void set_geometry(struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    plan->samples = problem->n;
    plan->spatial = norma_problem_spatial(problem);
    plan->order = order_of(problem->layout, plan->spatial);
    if (plan->order == NORMA_ORDER_COLUMNS && plan->descriptor->batch &&
        !plan->descriptor->instance) {
        plan->spatial *= plan->samples;
        plan->samples = 1;
    }
    plan->regions = norma_max(1, problem->regions);
    plan->styles = norma_problem_sample_styles(problem);
    plan->style_spatial = norma_problem_style_spatial(problem);
    plan->style_order = order_of(problem->layout, plan->style_spatial);
    plan->channels_per_span = channels_per_span(problem, plan->descriptor->extent);
    plan->span_length = plan->channels_per_span * plan->spatial;
    plan->contiguous_spans = are_spans_contiguous(plan);
    plan->epsilon = epsilon_of(problem);
}

static void set_stages(struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    const struct norma_operator_descriptor *descriptor = plan->descriptor;
    const bool forward = problem->pass == NORMA_PASS_FORWARD;
    plan->backward =
        problem->pass == NORMA_PASS_BACKWARD || problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
    plan->merge = descriptor->batch && forward;
    plan->instance = descriptor->instance || plan->merge;
    plan->moments = plan->backward ? descriptor->mix_samples != NULL : plan->instance;
    plan->style_moments = !plan->backward && plan->style_spatial > 0;
    plan->recover =
        plan->backward && (norma_has_means_of_spans(plan) || norma_has_means_of_batch(plan));
    plan->all_samples = plan->merge ||
                        (descriptor->batch_weights && problem->pass == NORMA_PASS_BACKWARD) ||
                        problem->style_source == NORMA_STYLE_SWAP;
    plan->elementwise = descriptor->weight && problem->alpha_kind == NORMA_ALPHA_ELEMENT;
    plan->row_statistics = descriptor->row_factor && plan->order == NORMA_ORDER_COLUMNS &&
                           plan->spatial == 1 && !plan->elementwise;
    const bool groups = plan->row_statistics && plan->backward;
    plan->row_group = groups ? norma_row_group(plan->samples, problem->c) : 0;
    plan->parameter_parts =
        groups ? norma_divide_up(plan->samples, plan->row_group) : plan->samples;
    plan->mixed_styles = descriptor->style && problem->styles > 1;
    plan->loss = forward && plan->styles == 1;
}

/* ---- tuning ------------------------------------------------------------------------------- */

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

/* Checks whether the result is stored past the caches. Planes with regions and elements with an
 * alpha of their own never are. */
static bool choose_stream(const struct norma_plan *plan) {
    const int64_t shortest = plan->tuning.stream_elements;
    const bool columns = plan->order == NORMA_ORDER_COLUMNS;
    if (plan->elementwise || (plan->regions > 1 && !columns)) {
        return false;
    }
    return shortest > 0 && (columns || plan->spatial >= shortest);
}

/* Neither regions nor groups of rows are cut into pieces. With few of these, few threads have
 * work. */
static int choose_threads(const struct norma_plan *plan, int requested) {
    const int64_t most = requested > 0 ? requested : omp_get_max_threads();
    const int64_t worthwhile = norma_min(most, norma_worthwhile_threads(plan));
    const bool uncut = plan->regions > 1 || plan->row_group > 0;
    return (int)(uncut ? norma_min(worthwhile, norma_independent_sets(plan)) : worthwhile);
}

/* ---- tiles -------------------------------------------------------------------------------- */

/* Returns the bytes of x in a tile. */
static int64_t tile_bytes(const struct norma_plan *plan) {
    return plan->tuning.tile_bytes / norma_tensors_read(plan);
}

/* Cuts `count` things so that each thread has the same number of cuts of at most `most` of them.
 * Returns how many are in a cut. */
static int64_t cut_evenly(int64_t count, int64_t most, int64_t threads) {
    const int64_t cuts = norma_divide_up(count, norma_max(1, most));
    return norma_max(1, count / (norma_divide_up(cuts, threads) * threads));
}

/* Returns tiles for statistics over the batch, which hold all samples of some channels. They
 * consist of pieces of samples, and processors prefetch little where these are short. So tiles are
 * twice as large as others, and up to four times where the pieces become long by that:
 * bn:32x32x16x16 backward takes 0.84 of the time. It is not done where results are stored past the
 * caches, because there only small next tiles are prefetched. */
static struct norma_tiling tile_by_channels(const struct norma_plan *plan) {
    /* Shorter pieces waste cache lines and pages at their ends. */
    enum { SHORTEST_PIECE = 4 * 1024, LONG_PIECE = 16 * 1024 };
    const int64_t channel = norma_max(1, norma_bytes_of_planes(plan, plan->samples));
    const int64_t plane = norma_max(1, norma_bytes_of_planes(plan, 1));
    const int64_t bytes = tile_bytes(plan);
    const int64_t larger = norma_min(4 * bytes / channel, norma_divide_up(LONG_PIECE, plane));
    const int64_t most = plan->stream ? bytes / channel : norma_max(2 * bytes / channel, larger);
    const int64_t channels = norma_max(most, norma_divide_up(SHORTEST_PIECE, plane));
    return (struct norma_tiling){
        .samples = plan->samples,
        .channels = cut_evenly(plan->problem.c, channels, plan->threads),
    };
}

/* Returns tiles of some spans of one sample, or of some whole samples. */
static struct norma_tiling tile_by_samples(const struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    const int64_t sample = norma_max(1, norma_bytes_of_planes(plan, problem->c));
    const int64_t samples = cut_evenly(problem->n, tile_bytes(plan) / sample, plan->threads);
    const int64_t channels_per_span = plan->channels_per_span;
    if (samples > 1) {
        return (struct norma_tiling){samples, problem->c};
    }
    if (problem->n >= plan->threads) {
        const int64_t plane = norma_max(1, norma_bytes_of_planes(plan, 1));
        const int64_t spans = norma_max(1, tile_bytes(plan) / plane / channels_per_span);
        return (struct norma_tiling){1, norma_min(problem->c, spans * channels_per_span)};
    }
    const int64_t span = norma_max(1, norma_bytes_of_planes(plan, channels_per_span));
    const int64_t spans = cut_evenly(problem->c / channels_per_span, tile_bytes(plan) / span,
                                     norma_divide_up(plan->threads, problem->n));
    return (struct norma_tiling){1, spans * channels_per_span};
}

/* Returns how many rows that have statistics each are a tile. More of them than are worth a call
 * would only take memory for their statistics. In a group a tile is whole steps of the primitives,
 * which take up to eight rows at a time. */
static int64_t rows_of_tile(const struct norma_plan *plan, int64_t rows) {
    enum { STEP = 8, MOST_ROWS = 512 };
    const int64_t most = norma_min(rows, MOST_ROWS);
    return plan->row_group > 0 ? norma_min(norma_max(most / STEP, 1) * STEP, plan->row_group)
                               : most;
}

/* Returns channels-last tiles, which hold whole samples. A tile of some channels of a sample, which
 * would stay in cache, is made of pieces of its rows. That costs more than reading the sample again
 * from the next cache: 0.38 instead of 0.52 of a copy's speed on in:8x512x28x28. */
static struct norma_tiling tile_by_rows(const struct norma_plan *plan) {
    const int64_t sample = norma_max(1, norma_bytes_of_planes(plan, plan->problem.c));
    const int64_t samples = cut_evenly(plan->samples, tile_bytes(plan) / sample, plan->threads);
    if (plan->row_statistics) {
        return (struct norma_tiling){rows_of_tile(plan, samples), plan->problem.c};
    }
    return (struct norma_tiling){plan->all_samples ? plan->samples : samples, plan->problem.c};
}

/* Returns how many channels each thread gets if whole statistics sets are divided among all. */
static int64_t channels_of_thread(const struct norma_plan *plan) {
    const int64_t spans = plan->problem.c / plan->channels_per_span;
    return norma_divide_up(spans, plan->threads) * plan->channels_per_span;
}

/* ---- strategy ----------------------------------------------------------------------------- */

/* Checks what norma_part_of_context requires. */
static bool can_split_channels(const struct norma_plan *plan) {
    return plan->order == NORMA_ORDER_COLUMNS && plan->samples == 1 && plan->styles <= 1;
}

/* Returns the fewest channels that make a tile. If a tile's rows are only read, a cache line of
 * each is enough, unless there are enough chunks of whole rows for the threads. Folded rows are not
 * cut. */
static int64_t least_channels(const struct norma_plan *plan) {
    enum { LINE = 16, LEAST = 64, CHUNKS_PER_THREAD = 4 };
    const int64_t chunks = norma_row_chunks(plan->problem.c, plan->spatial);
    const bool narrow = can_split_channels(plan) && !norma_folds_rows(plan->problem.c) &&
                        chunks <= CHUNKS_PER_THREAD * plan->threads;
    return narrow ? LINE : LEAST;
}

/* Checks whether each thread can take some channels of all rows. Statistics must be of channels,
 * and these not too few, nor more than stay in the thread's cache. */
static bool can_tile_columns(const struct norma_plan *plan) {
    const int64_t spans = plan->problem.c / plan->channels_per_span;
    const int64_t channels = channels_of_thread(plan);
    const int64_t samples = plan->all_samples ? plan->samples : 1;
    const bool fits =
        norma_bytes_of_planes(plan, samples * channels) <= 2 * plan->tuning.tile_bytes;
    return plan->order == NORMA_ORDER_COLUMNS && !plan->row_statistics && plan->regions == 1 &&
           spans >= plan->threads && channels >= least_channels(plan) && fits;
}

static enum norma_strategy choose_strategy(const struct norma_plan *plan) {
    /* With so many channels a thread, the pieces of rows that it writes are long enough. */
    enum { WIDE = 512 };
    const bool few_sets = norma_independent_sets(plan) < plan->threads;
    if (plan->descriptor->mix_samples || (few_sets && !can_tile_columns(plan))) {
        return NORMA_STRATEGY_TWO_PHASE;
    }
    if (few_sets) {
        return can_split_channels(plan) && channels_of_thread(plan) < WIDE
                   ? NORMA_STRATEGY_SPLIT_CHANNELS
                   : NORMA_STRATEGY_TILES_OF_COLUMNS;
    }
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return NORMA_STRATEGY_TILES_OF_ROWS;
    case NORMA_ORDER_PLANES:
        break;
    }
    return plan->all_samples ? NORMA_STRATEGY_TILES_OF_CHANNELS : NORMA_STRATEGY_TILES_OF_SAMPLES;
}

static struct norma_tiling choose_tiling(const struct norma_plan *plan) {
    switch (plan->strategy) {
    case NORMA_STRATEGY_TWO_PHASE:
        break;
    case NORMA_STRATEGY_SPLIT_CHANNELS:
    case NORMA_STRATEGY_TILES_OF_COLUMNS:
        return (struct norma_tiling){plan->all_samples ? plan->samples : 1,
                                     channels_of_thread(plan)};
    case NORMA_STRATEGY_TILES_OF_ROWS:
        return tile_by_rows(plan);
    case NORMA_STRATEGY_TILES_OF_CHANNELS:
        return tile_by_channels(plan);
    case NORMA_STRATEGY_TILES_OF_SAMPLES:
        return tile_by_samples(plan);
    }
    return (struct norma_tiling){plan->samples, plan->problem.c};
}

/* Returns the number of elements from a tile to the next, which is along a sample's channels if it
 * has several tiles; 0 if the next tile is not prefetched. */
static int64_t choose_prefetch_distance(const struct norma_plan *plan) {
    const int64_t channels = plan->tiling.channels;
    const int64_t planes = plan->tiling.samples * channels;
    const int64_t distance = channels < plan->problem.c ? channels : planes;
    const bool tiled = plan->strategy == NORMA_STRATEGY_TILES_OF_CHANNELS ||
                       plan->strategy == NORMA_STRATEGY_TILES_OF_SAMPLES;
    const bool fits = norma_bytes_read(plan, planes) <= plan->tuning.ahead_bytes;
    return plan->stream && tiled && fits ? distance * plan->spatial : 0;
}

/* ---- the plan ----------------------------------------------------------------------------- */

/* Decides how the tensor, which must not be empty, is cut. */
static void set_execution(struct norma_plan *plan, int threads) {
    plan->threads = choose_threads(plan, threads);
    plan->stream = choose_stream(plan);
    plan->strategy = choose_strategy(plan);
    plan->tiling = choose_tiling(plan);
    plan->prefetch_distance = choose_prefetch_distance(plan);
    plan->workspace = norma_workspace_bytes(plan);
    const struct norma_plan staged = norma_staged_plan(plan);
    plan->stage_workspace = norma_workspace_bytes(&staged);
}

/* Fills *made. */
static norma_status make(const struct norma_problem *problem, const struct norma_options *options,
                         struct norma_plan *made) {
    norma_status status = norma_problem_check(problem, NULL, 0);
    if (status == NORMA_STATUS_OK && options && options->threads < 0) {
        status = NORMA_STATUS_INVALID;
    }
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    *made = (struct norma_plan){.problem = *problem, .descriptor = norma_descriptor_of(problem)};
    const char *sets = options && options->sets ? options->sets : getenv("NORMA_SETS");
    status = norma_set_choose(sets, &made->set);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    set_geometry(made);
    set_stages(made);
    status = set_tuning(made, options ? options->profile : NULL);
    if (status == NORMA_STATUS_OK && !norma_is_empty(made)) {
        set_execution(made, options ? options->threads : 0);
    }
    return status;
}

norma_status norma_plan_create(struct norma_plan **plan, const struct norma_problem *problem,
                               const struct norma_options *options) {
    if (!plan) {
        return NORMA_STATUS_NULL;
    }
    *plan = NULL;
    if (!problem) {
        return NORMA_STATUS_NULL;
    }
    struct norma_plan made;
    const norma_status status = make(problem, options, &made);
    if (status != NORMA_STATUS_OK) {
        return status;
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
    return plan ? plan->workspace : 0;
}

const char *norma_plan_set(const struct norma_plan *plan) {
    return plan ? plan->set->name : NULL;
}

const char *norma_plan_profile(const struct norma_plan *plan) {
    return plan ? plan->profile : NULL;
}

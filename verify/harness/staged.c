/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/staged.h"

#include "verify/harness/fence.h"

#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- norma's stages ----------------------------------------------------------------------- */

static norma_status moments(struct verify_rank *rank) {
    return norma_stage_moments(rank->plan, &rank->args, rank->moments);
}

static norma_status coefficients(struct verify_rank *rank) {
    return norma_stage_coefficients(rank->plan, &rank->args, rank->moments, &rank->affine);
}

static norma_status apply(struct verify_rank *rank) {
    return norma_stage_apply(rank->plan, &rank->args, &rank->affine);
}

static norma_status sums(struct verify_rank *rank) {
    return norma_stage_sums(rank->plan, &rank->args, rank->sums);
}

static norma_status gradient(struct verify_rank *rank) {
    return norma_stage_gradient(rank->plan, &rank->args, rank->sums);
}

const struct verify_stages verify_stages_of_norma = {
    .moments = moments,
    .merge = norma_stage_merge,
    .coefficients = coefficients,
    .apply = apply,
    .sums = sums,
    .gradient = gradient,
};

/* ---- ranks -------------------------------------------------------------------------------- */

enum { FEWEST_RANKS = 2, MOST_RANKS = 5 };

struct state {
    const struct verify_stages *stages;
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    int64_t per_sample[REFERENCE_TENSOR_COUNT]; /* elements; 0: every rank has all of the tensor */
    int64_t batch_sets;
    int count;
    struct verify_rank ranks[MOST_RANKS];
    struct verify_fence workspaces[MOST_RANKS]; /* of their exact sizes */
};

/* Returns a number that depends on the shape alone. Ranks may have no sample. */
static int ranks_of(const struct norma_problem *problem) {
    const int64_t sizes = problem->n + problem->c + norma_problem_spatial(problem);
    return FEWEST_RANKS + (int)(sizes % (MOST_RANKS - FEWEST_RANKS + 1));
}

/* Returns the number of statistics sets that all ranks have a part of. */
static int64_t batch_sets_of(const struct norma_problem *problem) {
    const bool training =
        problem->pass == NORMA_PASS_FORWARD || problem->pass == NORMA_PASS_BACKWARD;
    return reference_facts_of(problem)->running && training ? problem->c : 0;
}

bool verify_staged_is_exact(const struct norma_problem *problem) {
    const bool adds = reference_is_backward(problem) || batch_sets_of(problem) > 0;
    return problem->n <= 1 || !adds;
}

/* Fills the sizes of a sample in each tensor, from those of batches of one and of two. */
static void measure_samples(const struct norma_problem *problem, int64_t *per_sample) {
    struct reference_tensor one[REFERENCE_TENSOR_COUNT], two[REFERENCE_TENSOR_COUNT];
    struct norma_problem batch = *problem;
    batch.n = 1;
    reference_tensors_of(&batch, one);
    batch.n = 2;
    reference_tensors_of(&batch, two);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        per_sample[id] = two[id].count - one[id].count;
    }
}

static bool is_own(const struct state *state, int id) {
    return reference_is_output(&state->tensors[id]) && state->per_sample[id] == 0;
}

/* ---- creation ----------------------------------------------------------------------------- */

static void *allocate(size_t count, size_t size, bool *good) {
    void *memory = calloc(count + 1, size);
    *good = *good && memory;
    return memory;
}

static void *place_workspace(struct state *state, const struct verify_rank *rank, bool *good) {
    void *memory =
        verify_fence_place_aligned(&state->workspaces[rank - state->ranks],
                                   norma_stage_workspace(rank->plan), VERIFY_PLACE_BACK, 0);
    *good = *good && memory;
    return memory;
}

static bool allocate_rank(struct state *state, struct verify_rank *rank) {
    const size_t sets = (size_t)norma_stage_sets(rank->plan);
    const size_t planes = (size_t)(rank->problem.n * rank->problem.c);
    bool good = true;
    rank->args.workspace = place_workspace(state, rank, &good);
    rank->moments = allocate(sets, sizeof *rank->moments, &good);
    rank->sums = allocate(sets, sizeof *rank->sums, &good);
    rank->affine.centre = allocate(planes, sizeof(float), &good);
    rank->affine.scale = allocate(planes, sizeof(float), &good);
    rank->affine.shift = allocate(planes, sizeof(float), &good);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (is_own(state, id)) {
            rank->own[id] = allocate((size_t)state->tensors[id].count, sizeof(float), &good);
        }
    }
    return good;
}

static norma_status create_rank(struct state *state, struct verify_rank *rank,
                                const struct norma_options *options) {
    const norma_status status = norma_plan_create(&rank->plan, &rank->problem, options);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    return allocate_rank(state, rank) ? NORMA_STATUS_OK : NORMA_STATUS_NO_MEMORY;
}

/* Checks whether norma takes a mean as it was rounded, so that gradients have an error of their own
 * for which there is no bound (norma.h). */
static bool takes_rounded_mean(const struct norma_problem *problem) {
    return problem->form == NORMA_FORM_LAYER && problem->pass == NORMA_PASS_BACKWARD;
}

/* Asks norma whether it can do the problem in stages. Any other status is about the arguments. */
static norma_status support_of(const struct verify_rank *rank) {
    const struct norma_args none = {0};
    const norma_status status = reference_is_backward(&rank->problem)
                                    ? norma_stage_sums(rank->plan, &none, rank->sums)
                                    : norma_stage_moments(rank->plan, &none, rank->moments);
    return status == NORMA_STATUS_UNSUPPORTED || takes_rounded_mean(&rank->problem)
               ? NORMA_STATUS_UNSUPPORTED
               : NORMA_STATUS_OK;
}

static void destroy(void *opaque) {
    struct state *state = opaque;
    for (int i = 0; i < state->count; i++) {
        struct verify_rank *rank = &state->ranks[i];
        norma_plan_destroy(rank->plan);
        verify_fence_release(&state->workspaces[i]);
        free(rank->moments);
        free(rank->sums);
        free(rank->affine.centre);
        free(rank->affine.scale);
        free(rank->affine.shift);
        for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
            free(rank->own[id]);
        }
    }
    free(state);
}

static norma_status create_ranks(struct state *state, const struct norma_options *options) {
    const int64_t samples = state->problem.n;
    norma_status status = NORMA_STATUS_OK;
    for (int i = 0; i < state->count && status == NORMA_STATUS_OK; i++) {
        struct verify_rank *rank = &state->ranks[i];
        rank->first = samples * i / state->count;
        rank->problem = state->problem;
        rank->problem.n = samples * (i + 1) / state->count - rank->first;
        status = create_rank(state, rank, options);
    }
    return status == NORMA_STATUS_OK ? support_of(&state->ranks[0]) : status;
}

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    /* Any set that is not added, whatever NORMA_SETS says. */
    const struct norma_options options = {.sets = "", .threads = threads, .profile = self->profile};
    struct state *created = calloc(1, sizeof *created);
    if (!created) {
        return NORMA_STATUS_NO_MEMORY;
    }
    created->stages = self->context;
    created->problem = *problem;
    created->batch_sets = batch_sets_of(problem);
    created->count = ranks_of(problem);
    reference_tensors_of(problem, created->tensors);
    measure_samples(problem, created->per_sample);
    const norma_status status = create_ranks(created, &options);
    if (status != NORMA_STATUS_OK) {
        destroy(created);
        return status;
    }
    *state = created;
    return NORMA_STATUS_OK;
}

/* ---- arguments ---------------------------------------------------------------------------- */

/* Returns a rank's part of a tensor, or its own copy of an output that every rank has. */
static void *part_of(const struct state *state, const struct verify_rank *rank, int id,
                     void *tensor) {
    const struct reference_tensor *facts = &state->tensors[id];
    if (!tensor || facts->role == REFERENCE_ROLE_UNUSED) {
        return NULL;
    }
    if (is_own(state, id)) {
        return memcpy(rank->own[id], tensor, reference_tensor_bytes(facts));
    }
    return (char *)tensor + (size_t)(rank->first * state->per_sample[id]) * facts->size;
}

/* Makes the results of earlier executions NaN. */
static void forget(struct verify_rank *rank) {
    const size_t sets = (size_t)norma_stage_sets(rank->plan);
    const size_t planes = (size_t)(rank->problem.n * rank->problem.c);
    memset(rank->args.workspace, 0xff, norma_stage_workspace(rank->plan));
    memset(rank->moments, 0xff, sets * sizeof *rank->moments);
    memset(rank->sums, 0xff, sets * sizeof *rank->sums);
    memset(rank->affine.centre, 0xff, planes * sizeof(float));
    memset(rank->affine.scale, 0xff, planes * sizeof(float));
    memset(rank->affine.shift, 0xff, planes * sizeof(float));
}

static void set_arguments(const struct state *state, struct verify_rank *rank,
                          void *const pointers[REFERENCE_TENSOR_COUNT]) {
    void *parts[REFERENCE_TENSOR_COUNT];
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        parts[id] = part_of(state, rank, id, pointers[id]);
    }
    void *const workspace = rank->args.workspace;
    rank->args = reference_tensors_bind(parts);
    rank->args.workspace = workspace;
}

/* ---- what is done between stages ---------------------------------------------------------- */

/* Adds sums to others, each member to its like. */
static void add_sums(struct norma_partial_sums *sums, const struct norma_partial_sums *others,
                     int64_t sets) {
    enum { MEMBERS = sizeof *sums / sizeof(double) };
    double *members = (double *)sums;
    const double *more = (const double *)others;
    for (int64_t i = 0; i < sets * MEMBERS; i++) {
        members[i] += more[i];
    }
}

/* Adds the sums of the batch, in the order of the ranks, and gives all ranks the result. */
static void exchange_sums(struct state *state) {
    struct verify_rank *first = &state->ranks[0];
    for (int i = 1; i < state->count; i++) {
        add_sums(first->sums, state->ranks[i].sums, state->batch_sets);
    }
    for (int i = 1; i < state->count; i++) {
        memcpy(state->ranks[i].sums, first->sums, (size_t)state->batch_sets * sizeof *first->sums);
    }
}

static norma_status exchange_moments(struct state *state) {
    struct verify_rank *first = &state->ranks[0];
    norma_status status = NORMA_STATUS_OK;
    for (int i = 1; i < state->count && status == NORMA_STATUS_OK; i++) {
        status = state->stages->merge(first->moments, state->ranks[i].moments, state->batch_sets);
    }
    for (int i = 1; i < state->count; i++) {
        memcpy(state->ranks[i].moments, first->moments,
               (size_t)state->batch_sets * sizeof *first->moments);
    }
    return status;
}

/* Returns the style loss of a sample, which no stage computes [AdaIN eq. 13]. */
static float style_loss(const struct verify_rank *rank, int64_t sample) {
    double means = 0.0, deviations = 0.0;
    for (int64_t c = 0; c < rank->problem.c; c++) {
        const int64_t plane = sample * rank->problem.c + c;
        const struct norma_partial_moments *x = &rank->moments[plane];
        const double deviation = sqrt(x->m2 / x->count + rank->problem.epsilon);
        const double mean = x->mean - (double)rank->args.style_mean[plane];
        means += mean * mean;
        deviations += (deviation - (double)rank->args.style_std[plane]) *
                      (deviation - (double)rank->args.style_std[plane]);
    }
    return (float)(sqrt(means) + sqrt(deviations));
}

static void write_style_losses(const struct verify_rank *rank) {
    for (int64_t n = 0; rank->args.style_loss && n < rank->problem.n; n++) {
        rank->args.style_loss[n] = style_loss(rank, n);
    }
}

/* ---- one result of all ranks -------------------------------------------------------------- */

/* Returns what all ranks have; NaN if it differs. */
static float agreed(const struct state *state, int id, int64_t index) {
    const float *first = &state->ranks[0].own[id][index];
    for (int i = 1; i < state->count; i++) {
        if (memcmp(first, &state->ranks[i].own[id][index], sizeof *first) != 0) {
            return NAN;
        }
    }
    return *first;
}

static float added(const struct state *state, int id, int64_t index) {
    double sum = 0.0;
    for (int i = 0; i < state->count; i++) {
        sum += (double)state->ranks[i].own[id][index];
    }
    return (float)sum;
}

static void write_results(const struct state *state, void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const bool backward = reference_is_backward(&state->problem);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        float *result = pointers[id];
        for (int64_t i = 0; result && is_own(state, id) && i < state->tensors[id].count; i++) {
            result[i] = backward ? added(state, id, i) : agreed(state, id, i);
        }
    }
}

/* ---- execution ---------------------------------------------------------------------------- */

/* A part of an execution that this file computes by itself, which is independent of the caller's
 * rounding mode as norma is. */
static fenv_t enter(void) {
    fenv_t caller;
    fegetenv(&caller);
    fesetenv(FE_DFL_ENV);
    return caller;
}

/* Has the ranks do a stage, one after the other. */
static norma_status for_each_rank(struct state *state,
                                  norma_status (*stage)(struct verify_rank *rank)) {
    norma_status status = NORMA_STATUS_OK;
    for (int i = 0; i < state->count && status == NORMA_STATUS_OK; i++) {
        status = stage(&state->ranks[i]);
    }
    return status;
}

static norma_status forward(struct state *state) {
    norma_status status = for_each_rank(state, state->stages->moments);
    status = status == NORMA_STATUS_OK ? exchange_moments(state) : status;
    if (status == NORMA_STATUS_OK) {
        status = for_each_rank(state, state->stages->coefficients);
    }
    return status == NORMA_STATUS_OK ? for_each_rank(state, state->stages->apply) : status;
}

static norma_status backward(struct state *state) {
    const norma_status status = for_each_rank(state, state->stages->sums);
    const fenv_t caller = enter();
    exchange_sums(state);
    fesetenv(&caller);
    return status == NORMA_STATUS_OK ? for_each_rank(state, state->stages->gradient) : status;
}

static void finish(struct state *state, void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const fenv_t caller = enter();
    for (int i = 0; i < state->count; i++) {
        write_style_losses(&state->ranks[i]);
    }
    write_results(state, pointers);
    fesetenv(&caller);
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    struct state *state = opaque;
    void *pointers[REFERENCE_TENSOR_COUNT];
    reference_tensors_unbind(args, pointers);
    for (int i = 0; i < state->count; i++) {
        forget(&state->ranks[i]);
        set_arguments(state, &state->ranks[i], pointers);
    }
    const norma_status status =
        reference_is_backward(&state->problem) ? backward(state) : forward(state);
    if (status == NORMA_STATUS_OK) {
        finish(state, pointers);
    }
    return status;
}

static const char *kernel(const void *opaque) {
    const struct state *state = opaque;
    return norma_plan_set(state->ranks[0].plan);
}

const struct reference_implementation verify_staged = {
    .name = "norma-staged",
    .kind = REFERENCE_KIND_NORMA,
    .accumulation = REFERENCE_ACCUMULATE_F64_RANKS,
    .context = &verify_stages_of_norma,
    .create = create,
    .execute = execute,
    .kernel = kernel,
    .destroy = destroy,
};

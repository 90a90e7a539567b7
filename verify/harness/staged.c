/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/harness/staged.h"

#include <fenv.h>
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

enum { FEWEST_RANKS = 2 };

/* Returns a number that depends on the shape alone. Ranks may have no sample. */
static int ranks_of(const struct norma_problem *problem) {
    const int64_t sizes = problem->n + problem->c + norma_problem_spatial(problem);
    return FEWEST_RANKS + (int)(sizes % (VERIFY_MOST_RANKS - FEWEST_RANKS + 1));
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

/* ---- creation ----------------------------------------------------------------------------- */

static void *allocate(size_t count, size_t size, bool *good) {
    void *memory = calloc(count + 1, size);
    *good = *good && memory;
    return memory;
}

static void *place_workspace(struct verify_ranks *state, const struct verify_rank *rank,
                             bool *good) {
    void *memory =
        verify_fence_place_aligned(&state->workspaces[rank - state->ranks],
                                   norma_stage_workspace(rank->plan), VERIFY_PLACE_BACK, 0);
    *good = *good && memory;
    return memory;
}

static bool allocate_rank(struct verify_ranks *state, struct verify_rank *rank) {
    const size_t sets = (size_t)norma_stage_sets(rank->plan);
    const size_t entries = (size_t)norma_stage_affine_entries(rank->plan);
    bool good = true;
    rank->args.workspace = place_workspace(state, rank, &good);
    rank->moments = allocate(sets, sizeof *rank->moments, &good);
    rank->sums = allocate(sets, sizeof *rank->sums, &good);
    rank->affine.centre = allocate(entries, sizeof(float), &good);
    rank->affine.scale = allocate(entries, sizeof(float), &good);
    rank->affine.shift = allocate(entries, sizeof(float), &good);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (verify_ranks_own(state, id)) {
            rank->own[id] = allocate((size_t)state->tensors[id].count, sizeof(float), &good);
        }
    }
    return good;
}

static norma_status create_rank(struct verify_ranks *state, struct verify_rank *rank,
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
    struct verify_ranks *state = opaque;
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

static norma_status create_ranks(struct verify_ranks *state, const struct norma_options *options) {
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
    struct verify_ranks *created = calloc(1, sizeof *created);
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
static void *part_of(const struct verify_ranks *state, const struct verify_rank *rank, int id,
                     void *tensor) {
    const struct reference_tensor *facts = &state->tensors[id];
    if (!tensor || facts->role == REFERENCE_ROLE_UNUSED) {
        return NULL;
    }
    if (verify_ranks_own(state, id)) {
        return memcpy(rank->own[id], tensor, reference_tensor_bytes(facts));
    }
    return (char *)tensor + (size_t)(rank->first * state->per_sample[id]) * facts->size;
}

/* Makes the results of earlier executions NaN. */
static void forget(struct verify_rank *rank) {
    const size_t sets = (size_t)norma_stage_sets(rank->plan);
    const size_t entries = (size_t)norma_stage_affine_entries(rank->plan);
    memset(rank->args.workspace, 0xff, norma_stage_workspace(rank->plan));
    memset(rank->moments, 0xff, sets * sizeof *rank->moments);
    memset(rank->sums, 0xff, sets * sizeof *rank->sums);
    memset(rank->affine.centre, 0xff, entries * sizeof(float));
    memset(rank->affine.scale, 0xff, entries * sizeof(float));
    memset(rank->affine.shift, 0xff, entries * sizeof(float));
}

static void set_arguments(const struct verify_ranks *state, struct verify_rank *rank,
                          void *const pointers[REFERENCE_TENSOR_COUNT]) {
    void *parts[REFERENCE_TENSOR_COUNT];
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        parts[id] = part_of(state, rank, id, pointers[id]);
    }
    void *const workspace = rank->args.workspace;
    rank->args = reference_tensors_bind(parts);
    rank->args.workspace = workspace;
}

/* ---- execution ---------------------------------------------------------------------------- */

/* Enters the environment of what is computed between and after stages, which is independent of the
 * caller's rounding mode as norma is. Returns the caller's environment. */
static fenv_t enter(void) {
    fenv_t caller;
    fegetenv(&caller);
    fesetenv(FE_DFL_ENV);
    return caller;
}

/* Has the ranks do a stage, one after the other. */
static norma_status for_each_rank(struct verify_ranks *state,
                                  norma_status (*stage)(struct verify_rank *rank)) {
    norma_status status = NORMA_STATUS_OK;
    for (int i = 0; i < state->count && status == NORMA_STATUS_OK; i++) {
        status = stage(&state->ranks[i]);
    }
    return status;
}

static norma_status forward(struct verify_ranks *state) {
    norma_status status = for_each_rank(state, state->stages->moments);
    status = status == NORMA_STATUS_OK ? verify_ranks_exchange_moments(state) : status;
    if (status == NORMA_STATUS_OK) {
        status = for_each_rank(state, state->stages->coefficients);
    }
    return status == NORMA_STATUS_OK ? for_each_rank(state, state->stages->apply) : status;
}

static norma_status backward(struct verify_ranks *state) {
    const norma_status status = for_each_rank(state, state->stages->sums);
    const fenv_t caller = enter();
    verify_ranks_exchange_sums(state);
    fesetenv(&caller);
    return status == NORMA_STATUS_OK ? for_each_rank(state, state->stages->gradient) : status;
}

static void finish(struct verify_ranks *state, void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const fenv_t caller = enter();
    verify_ranks_write_results(state, pointers);
    fesetenv(&caller);
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    struct verify_ranks *state = opaque;
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
    const struct verify_ranks *state = opaque;
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

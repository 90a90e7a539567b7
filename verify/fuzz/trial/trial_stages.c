/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/trial_stages.h"

#include <stdlib.h>
#include <string.h>

#include "verify/fuzz/trial/story.h"

/* ---- ranks -------------------------------------------------------------------------------- */

/* Allocates an array that holds no number. */
static void *allocate(int64_t count, size_t size) {
    const size_t bytes = (size_t)count * size;
    void *array = malloc(bytes > 0 ? bytes : 1);
    fuzz_demand(array, "%zu bytes of memory", bytes);
    return memset(array, 0xff, bytes);
}

void fuzz_rank_make(const struct fuzz_scene *scene, const struct fuzz_inputs *inputs,
                    struct fuzz_rank *rank) {
    rank->problem = *inputs->problem;
    rank->planned = fuzz_plan(&scene->planning, &rank->problem);
    fuzz_memory_make(&scene->material.passing, inputs, norma_stage_workspace(rank->planned.plan),
                     &rank->memory);
    const int64_t sets = norma_stage_sets(rank->planned.plan);
    const int64_t entries = norma_stage_affine_entries(rank->planned.plan);
    rank->moments = allocate(sets, sizeof *rank->moments);
    rank->sums = allocate(sets, sizeof *rank->sums);
    rank->affine = (struct norma_stage_affine){allocate(entries, sizeof(float)),
                                               allocate(entries, sizeof(float)),
                                               allocate(entries, sizeof(float))};
}

void fuzz_rank_free(struct fuzz_rank *rank) {
    free(rank->moments);
    free(rank->sums);
    free(rank->affine.centre);
    free(rank->affine.scale);
    free(rank->affine.shift);
    fuzz_memory_free(&rank->memory);
    fuzz_planned_destroy(&rank->planned);
}

bool fuzz_has_stages(const struct norma_problem *problem) {
    const bool own_styles = problem->op == NORMA_OPERATOR_ADAIN &&
                            (problem->style_source != NORMA_STYLE_STATS || problem->regions > 1);
    return !own_styles && problem->alpha_kind != NORMA_ALPHA_ELEMENT;
}

/* Returns the number of statistics sets of the batch, which ranks have in common. */
static int64_t batch_sets(const struct norma_problem *problem) {
    const bool training =
        problem->pass == NORMA_PASS_FORWARD || problem->pass == NORMA_PASS_BACKWARD;
    return reference_facts_of(problem)->running && training ? problem->c : 0;
}

/* ---- stages ------------------------------------------------------------------------------- */

/* One stage of one rank. */
typedef norma_status stage(struct fuzz_rank *rank);

static norma_status moments(struct fuzz_rank *rank) {
    return norma_stage_moments(rank->planned.plan, &rank->memory.args, rank->moments);
}

static norma_status coefficients(struct fuzz_rank *rank) {
    return norma_stage_coefficients(rank->planned.plan, &rank->memory.args, rank->moments,
                                    &rank->affine);
}

static norma_status apply(struct fuzz_rank *rank) {
    return norma_stage_apply(rank->planned.plan, &rank->memory.args, &rank->affine);
}

static norma_status sums(struct fuzz_rank *rank) {
    return norma_stage_sums(rank->planned.plan, &rank->memory.args, rank->sums);
}

static norma_status gradient(struct fuzz_rank *rank) {
    return norma_stage_gradient(rank->planned.plan, &rank->memory.args, rank->sums);
}

/* Runs a stage on every rank, `times` times. */
static void run(const struct fuzz_scene *scene, struct fuzz_rank *ranks, size_t count,
                stage *stage_of, const char *name, int times) {
    for (size_t i = 0; i < count; i++) {
        for (int time = 0; time < times; time++) {
            fuzz_scene_enter(scene);
            const norma_status status = stage_of(&ranks[i]);
            fuzz_scene_leave(scene);
            fuzz_demand(status == NORMA_STATUS_OK, "stage %s of rank %zu, found: %s", name, i,
                        norma_strerror(status));
            fuzz_memory_expect_kept(&ranks[i].memory, false);
        }
    }
}

/* Gives all ranks the batch's moments, merged in the order of ranks. */
static void reduce_moments(struct fuzz_rank *ranks, size_t count) {
    const int64_t sets = batch_sets(&ranks[0].problem);
    for (size_t i = 1; i < count; i++) {
        norma_stage_merge(ranks[0].moments, ranks[i].moments, sets);
    }
    for (size_t i = 1; i < count; i++) {
        memcpy(ranks[i].moments, ranks[0].moments, (size_t)sets * sizeof *ranks[0].moments);
    }
}

/* Gives all ranks the sum of the batch's sums, whose members are all doubles. */
static void reduce_sums(struct fuzz_rank *ranks, size_t count) {
    const size_t members = sizeof(struct norma_partial_sums) / sizeof(double);
    const size_t numbers = (size_t)batch_sets(&ranks[0].problem) * members;
    double *total = (double *)ranks[0].sums;
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < numbers; k++) {
            total[k] += ((const double *)ranks[i].sums)[k];
        }
    }
    for (size_t i = 1; i < count; i++) {
        memcpy(ranks[i].sums, total, numbers * sizeof *total);
    }
}

/* Coefficients are computed once, as they update the running statistics, and y is only computed
 * again from an x that it did not overwrite. */
static void run_forward(const struct fuzz_scene *scene, struct fuzz_rank *ranks, size_t count,
                        bool twice) {
    const bool in_place = scene->material.passing.in_place;
    run(scene, ranks, count, moments, "moments", twice ? 2 : 1);
    reduce_moments(ranks, count);
    run(scene, ranks, count, coefficients, "coefficients", 1);
    run(scene, ranks, count, apply, "apply", twice && !in_place ? 2 : 1);
}

/* The gradient is computed once: it uses up what the sums left in the workspace. */
static void run_backward(const struct fuzz_scene *scene, struct fuzz_rank *ranks, size_t count,
                         bool twice) {
    run(scene, ranks, count, sums, "sums", twice ? 2 : 1);
    reduce_sums(ranks, count);
    run(scene, ranks, count, gradient, "gradient", 1);
}

void fuzz_run_stages(const struct fuzz_scene *scene, struct fuzz_rank *ranks, size_t count,
                     bool twice) {
    (reference_is_backward(&ranks[0].problem) ? run_backward : run_forward)(scene, ranks, count,
                                                                            twice);
}

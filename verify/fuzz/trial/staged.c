/* Staged execution by one process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/fuzz/trial/stage_limits.h"
#include "verify/fuzz/trial/story.h"
#include "verify/fuzz/trial/trial_stages.h"

/* Expects that calling a stage is refused with the status. */
static void expect_refusal(const struct fuzz_scene *scene, const struct fuzz_rank *rank,
                           norma_status status, norma_status expected, const char *what) {
    fuzz_scene_leave(scene);
    fuzz_demand(status == expected, "of %s: %s; found: %s", what, norma_strerror(expected),
                norma_strerror(status));
    fuzz_memory_expect_kept(&rank->memory, true);
}

/* Calls the stages of the other direction; those of a problem without stages are all refused. */
static void call_unsupported(const struct fuzz_scene *scene, struct fuzz_rank *rank) {
    const struct norma_plan *plan = rank->planned.plan;
    const struct norma_args *args = &rank->memory.args;
    const bool backward = reference_is_backward(&rank->problem);
    const bool none = !fuzz_has_stages(&rank->problem);
    const norma_status unsupported = NORMA_STATUS_UNSUPPORTED;
    if (backward || none) {
        fuzz_scene_enter(scene);
        expect_refusal(scene, rank, norma_stage_moments(plan, args, rank->moments), unsupported,
                       "moments");
        fuzz_scene_enter(scene);
        expect_refusal(scene, rank,
                       norma_stage_coefficients(plan, args, rank->moments, &rank->affine),
                       unsupported, "coefficients");
        fuzz_scene_enter(scene);
        expect_refusal(scene, rank, norma_stage_apply(plan, args, &rank->affine), unsupported,
                       "apply");
    }
    if (!backward || none) {
        fuzz_scene_enter(scene);
        expect_refusal(scene, rank, norma_stage_sums(plan, args, rank->sums), unsupported, "sums");
        fuzz_scene_enter(scene);
        expect_refusal(scene, rank, norma_stage_gradient(plan, args, rank->sums), unsupported,
                       "gradient");
    }
}

/* Leaves out the array of a stage, which is needed unless there are no sets. */
static void call_without_array(const struct fuzz_scene *scene, struct fuzz_rank *rank) {
    if (norma_stage_sets(rank->planned.plan) == 0) {
        return;
    }
    const bool backward = reference_is_backward(&rank->problem);
    fuzz_scene_enter(scene);
    const norma_status status =
        backward ? norma_stage_sums(rank->planned.plan, &rank->memory.args, NULL)
                 : norma_stage_moments(rank->planned.plan, &rank->memory.args, NULL);
    expect_refusal(scene, rank, status, NORMA_STATUS_NULL, "a stage without its array");
}

void fuzz_execute_staged(struct fuzz_scene *scene) {
    const struct fuzz_inputs inputs = fuzz_inputs_of(&scene->material);
    const bool twice = fuzz_chance(scene->choices, 2);
    struct fuzz_rank rank;
    fuzz_tell("in stages%s\n", twice ? ", twice" : "");
    scene->material.passing.absent[REFERENCE_TENSOR_style_loss] = true;
    fuzz_rank_make(scene, &inputs, &rank);
    call_unsupported(scene, &rank);
    call_without_array(scene, &rank);
    if (fuzz_has_stages(inputs.problem)) {
        fuzz_run_stages(scene, &rank, 1, twice);
        fuzz_keep_unstaged(scene, &rank, 0);
    }
    if (fuzz_has_stages(inputs.problem) && !fuzz_is_unstaged(scene)) {
        fuzz_scene_expect_same(scene, &rank.memory, "in stages");
    }
    fuzz_rank_free(&rank);
}

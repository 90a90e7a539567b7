/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/scenes.h"

#include "verify/checks/checks.h"
#include "verify/fuzz/trial/story.h"

void fuzz_scene_enter(const struct fuzz_scene *scene) {
    verify_controls_set(scene->material.passing.controls);
}

void fuzz_scene_leave(const struct fuzz_scene *scene) {
    const uint64_t left = verify_controls();
    verify_controls_set(verify_controls_default());
    fuzz_demand(left == scene->material.passing.controls,
                "the caller's floating-point environment %#llx, found %#llx",
                (unsigned long long)scene->material.passing.controls, (unsigned long long)left);
}

void fuzz_scene_remember(const struct fuzz_scene *scene, size_t workspace,
                         struct fuzz_memory *memory) {
    const struct fuzz_inputs inputs = fuzz_inputs_of(&scene->material);
    fuzz_memory_make(&scene->material.passing, &inputs, workspace, memory);
}

void fuzz_scene_expect_same(const struct fuzz_scene *scene, const struct fuzz_memory *memory,
                            const char *by) {
    const struct norma_problem *problem = &scene->material.truth->problem;
    struct verify_results results;
    fuzz_demand(verify_results_keep(&results, problem, scene->memory.data), "memory for results");
    const struct verify_difference difference =
        verify_results_compare(&results, problem, memory->data);
    fuzz_demand(!difference.tensor, "the same bits %s: %s[%lld] is %.9g, was %.9g", by,
                difference.tensor ? difference.tensor : "", (long long)difference.index,
                difference.got, difference.kept);
    verify_results_release(&results);
}

bool fuzz_scene_is_empty(const struct fuzz_scene *scene) {
    return reference_elements(&scene->material.truth->problem) == 0;
}

/* Executions in one step: compared with the reference, and with each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/fuzz/trial/scenes.h"
#include "verify/fuzz/trial/story.h"

static norma_status execute(const struct fuzz_scene *scene, const struct norma_plan *plan,
                            struct fuzz_memory *memory) {
    fuzz_scene_remember(scene, norma_plan_workspace(plan), memory);
    fuzz_scene_enter(scene);
    const norma_status status = norma_execute(plan, &memory->args);
    fuzz_scene_leave(scene);
    fuzz_memory_expect_kept(memory, status != NORMA_STATUS_OK);
    return status;
}

/* Executes the reference as an implementation among others, which knows the status of empty
 * tensors, and compares all bits, as there are no roundings. */
static void judge_empty(struct fuzz_scene *scene, norma_status status) {
    const struct reference_implementation *reference = &reference_implementation_reference;
    struct fuzz_memory right;
    void *state;
    fuzz_scene_remember(scene, 0, &right);
    fuzz_demand(reference->create(reference, &state, &scene->material.truth->problem, 1) ==
                    NORMA_STATUS_OK,
                "memory for the reference");
    const norma_status expected = reference->execute(state, &right.args);
    fuzz_demand(status == expected, "of an empty tensor: %s; found: %s", norma_strerror(expected),
                norma_strerror(status));
    fuzz_scene_expect_same(scene, &right, "as the reference, of an empty tensor");
    reference->destroy(state);
    fuzz_memory_free(&right);
}

void fuzz_execute_whole(struct fuzz_scene *scene) {
    const norma_status status = execute(scene, scene->plan, &scene->memory);
    if (fuzz_scene_is_empty(scene)) {
        judge_empty(scene, status);
        return;
    }
    fuzz_demand(status == NORMA_STATUS_OK, "an execution, found: %s", norma_strerror(status));
    fuzz_material_expect(&scene->material);
    fuzz_material_judge(&scene->material, scene->memory.data);
}

void fuzz_execute_all_sets(struct fuzz_scene *scene) {
    for (size_t i = 0; norma_set_name(i); i++) {
        if (!norma_set_available(i)) {
            continue;
        }
        struct fuzz_planning planning;
        struct fuzz_memory memory;
        fuzz_planning_choose(scene->choices, norma_set_name(i), &planning);
        struct fuzz_planned planned = fuzz_plan(&planning, &scene->material.truth->problem);
        const norma_status status = execute(scene, planned.plan, &memory);
        fuzz_demand(status == NORMA_STATUS_OK, "an execution, found: %s", norma_strerror(status));
        fuzz_scene_expect_same(scene, &memory, "by every plan");
        fuzz_memory_free(&memory);
        fuzz_planned_destroy(&planned);
    }
}

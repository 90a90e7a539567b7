/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/trial.h"

#include "verify/fuzz/trial/scenes.h"

/* The elements of x. Most trials are to be small, as thousands of these find more than a few large
 * ones. */
static int64_t most_elements(struct fuzz_choices *choices) {
    return fuzz_chance(choices, 10) ? 20000 : 1500;
}

/* Does one of the things that are possible after an execution. */
static void go_on(struct fuzz_scene *scene) {
    static void (*const acts[])(struct fuzz_scene * scene) = {
        fuzz_execute_all_sets, fuzz_execute_staged, fuzz_execute_ranks, fuzz_execute_shared,
        fuzz_execute_forked};
    acts[fuzz_choose(scene->choices, sizeof acts / sizeof *acts)](scene);
}

static void play(struct fuzz_scene *scene) {
    if (fuzz_chance(scene->choices, 6)) {
        fuzz_refuse(scene);
        return;
    }
    fuzz_execute_whole(scene);
    if (!fuzz_scene_is_empty(scene)) {
        go_on(scene);
    }
    fuzz_memory_free(&scene->memory);
}

void fuzz_trial(const uint8_t *bytes, size_t size, char story[FUZZ_STORY]) {
    struct fuzz_choices choices = {bytes, size};
    struct fuzz_scene scene = {.choices = &choices};
    fuzz_story_begin(story);
    fuzz_material_make(&choices, most_elements(&choices), &scene.material);
    fuzz_planning_choose(&choices, fuzz_random_set(&choices), &scene.planning);
    struct fuzz_planned planned = fuzz_plan(&scene.planning, &scene.material.truth->problem);
    scene.plan = planned.plan;
    play(&scene);
    fuzz_planned_destroy(&planned);
    fuzz_material_destroy(&scene.material);
}

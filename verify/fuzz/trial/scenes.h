/* What trials do with a plan.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_SCENES_H
#define VERIFY_FUZZ_TRIAL_SCENES_H

#include "verify/fuzz/trial/material.h"
#include "verify/fuzz/trial/planned.h"
#include "verify/fuzz/trial/trial_memory.h"

struct fuzz_scene {
    struct fuzz_choices *choices;
    struct fuzz_material material;
    struct fuzz_planning planning;
    const struct norma_plan *plan;
    struct fuzz_memory memory; /* of the plan's execution, which was right */
};

/* Enters the caller's floating-point environment of the scene, and expects that it is unchanged and
 * leaves it. */
void fuzz_scene_enter(const struct fuzz_scene *scene);
void fuzz_scene_leave(const struct fuzz_scene *scene);

/* Allocates memory for the whole material, as the scene passes it. */
void fuzz_scene_remember(const struct fuzz_scene *scene, size_t workspace,
                         struct fuzz_memory *memory);

/* Expects that all outputs have the bits of the scene's execution. */
void fuzz_scene_expect_same(const struct fuzz_scene *scene, const struct fuzz_memory *memory,
                            const char *by);

/* Checks whether x has no element. */
bool fuzz_scene_is_empty(const struct fuzz_scene *scene);

/* Executes the plan, and expects right results. */
void fuzz_execute_whole(struct fuzz_scene *scene);

/* Executes plans of all sets, with other threads and tunings, and expects the same bits. */
void fuzz_execute_all_sets(struct fuzz_scene *scene);

/* Passes invalid arguments, and expects the right status, and that nothing was written. */
void fuzz_refuse(struct fuzz_scene *scene);

/* Executes in stages, some of them twice, and expects the same bits. */
void fuzz_execute_staged(struct fuzz_scene *scene);

/* Executes in stages by several processes with some of the samples each, and expects right
 * results. */
void fuzz_execute_ranks(struct fuzz_scene *scene);

/* Executes in several threads at once, and expects the same bits. */
void fuzz_execute_shared(struct fuzz_scene *scene);

/* Executes in a process that was forked after a parallel region, and expects an end soon, with the
 * same bits. */
void fuzz_execute_forked(struct fuzz_scene *scene);

#endif

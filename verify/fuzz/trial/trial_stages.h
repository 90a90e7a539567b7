/* Staged execution by one process or several: the arrays between stages, and each stage of all
 * processes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_TRIAL_STAGES_H
#define VERIFY_FUZZ_TRIAL_TRIAL_STAGES_H

#include "verify/fuzz/trial/scenes.h"

/* One process: its samples, its plan, its memory, and its arrays, which have exactly the size that
 * norma.h says. */
struct fuzz_rank {
    struct norma_problem problem;
    struct fuzz_planned planned;
    struct fuzz_memory memory;
    struct norma_partial_moments *moments;
    struct norma_partial_sums *sums;
    struct norma_stage_affine affine;
};

/* Makes a rank that has the inputs, planned as the scene says. */
void fuzz_rank_make(const struct fuzz_scene *scene, const struct fuzz_inputs *inputs,
                    struct fuzz_rank *rank);
void fuzz_rank_free(struct fuzz_rank *rank);

/* Checks whether the problem can be executed in stages. */
bool fuzz_has_stages(const struct norma_problem *problem);

/* Executes all stages on every rank, with the batch's statistics reduced in between; several of
 * them twice if `twice`. */
void fuzz_run_stages(const struct fuzz_scene *scene, struct fuzz_rank *ranks, size_t count,
                     bool twice);

#endif

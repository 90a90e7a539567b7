/* norma in stages (norma.h): a batch is executed by several ranks, as processes of synchronized
 * normalization do, one after the other.
 *
 * Two to five ranks have samples that follow each other; some have none where the batch is small.
 * Moments of the batch are merged, and sums added, in the order of the ranks. What each rank
 * returns is made one result: the gradients of parameters are added in double and rounded; what has
 * to be the same in all ranks, such as running statistics, is NaN where it is not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_STAGED_H
#define VERIFY_HARNESS_STAGED_H

#include "reference/interface/interface.h"

/* A rank at work on its samples. */
struct verify_rank {
    struct norma_problem problem; /* of these samples */
    int64_t first;                /* sample of the batch */
    struct norma_plan *plan;
    struct norma_args args;
    struct norma_partial_moments *moments; /* from `coefficients` on, of all ranks */
    struct norma_partial_sums *sums;       /* in `gradient`, of all ranks */
    struct norma_stage_affine affine;
    float *own[REFERENCE_TENSOR_COUNT]; /* outputs that every rank has all of */
};

/* What the ranks do. Each function does what norma_stage_* of its name does, or in a mutant
 * something else. */
struct verify_stages {
    norma_status (*moments)(struct verify_rank *rank);
    norma_status (*merge)(struct norma_partial_moments *moments,
                          const struct norma_partial_moments *others, int64_t sets);
    norma_status (*coefficients)(struct verify_rank *rank);
    norma_status (*apply)(struct verify_rank *rank);
    norma_status (*sums)(struct verify_rank *rank);
    norma_status (*gradient)(struct verify_rank *rank);
};

extern const struct verify_stages verify_stages_of_norma;

/* "norma-staged", with the fastest set of this machine. Its context is verify_stages_of_norma; that
 * of a copy may be other stages. Beside norma, sets make no difference to stages. */
extern const struct reference_implementation verify_staged;

/* Checks whether staged execution gives the bits of norma_execute on a problem, because nothing is
 * merged or added over ranks that have samples. */
bool verify_staged_is_exact(const struct norma_problem *problem);

#endif

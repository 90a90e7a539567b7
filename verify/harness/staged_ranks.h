/* The ranks of norma in stages: what they exchange between stages, and the one result that is made
 * of what each of them returned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_HARNESS_STAGED_RANKS_H
#define VERIFY_HARNESS_STAGED_RANKS_H

#include "reference/interface/interface.h"
#include "verify/harness/fence.h"

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

enum { VERIFY_MOST_RANKS = 5 };

/* All ranks of a problem. */
struct verify_ranks {
    const struct verify_stages *stages;
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    int64_t per_sample[REFERENCE_TENSOR_COUNT]; /* elements; 0: every rank has all of the tensor */
    int64_t batch_sets;
    int count;
    struct verify_rank ranks[VERIFY_MOST_RANKS];
    struct verify_fence workspaces[VERIFY_MOST_RANKS]; /* of their exact sizes */
};

/* Checks whether every rank has all of a tensor that it writes, and so a copy of its own. */
bool verify_ranks_own(const struct verify_ranks *state, int id);

/* Merges the moments of the batch in the order of the ranks, and gives all ranks the result. */
norma_status verify_ranks_exchange_moments(struct verify_ranks *state);

/* Adds the sums of the batch, in the order of the ranks, and gives all ranks the result. */
void verify_ranks_exchange_sums(struct verify_ranks *state);

/* Writes the style losses, which no stage computes, and one result of each tensor that every rank
 * has a copy of. */
void verify_ranks_write_results(const struct verify_ranks *state,
                                void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif

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

/* The functions that the ranks call. They are norma's, or those of a mutant. */
struct verify_stages {
    norma_status (*moments)(const struct norma_plan *plan, const struct norma_args *args,
                            struct norma_partial_moments *moments);
    norma_status (*merge)(struct norma_partial_moments *moments,
                          const struct norma_partial_moments *others, int64_t sets);
    norma_status (*coefficients)(const struct norma_plan *plan, const struct norma_args *args,
                                 const struct norma_partial_moments *moments,
                                 const struct norma_stage_affine *affine);
    norma_status (*apply)(const struct norma_plan *plan, const struct norma_args *args,
                          const struct norma_stage_affine *affine);
    norma_status (*sums)(const struct norma_plan *plan, const struct norma_args *args,
                         struct norma_partial_sums *sums);
    norma_status (*gradient)(const struct norma_plan *plan, const struct norma_args *args,
                             const struct norma_partial_sums *sums);
};

extern const struct verify_stages verify_stages_of_norma;

/* "norma-staged", with the fastest set of this machine. Its context is verify_stages_of_norma; that
 * of a copy may be other stages. Beside norma, sets make no difference to stages. */
extern const struct reference_implementation verify_staged;

/* Checks whether staged execution gives the bits of norma_execute on a problem, because nothing is
 * merged or added over ranks that have samples. */
bool verify_staged_is_exact(const struct norma_problem *problem);

#endif

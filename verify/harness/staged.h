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

#include "verify/harness/staged_ranks.h"

/* The stages of norma itself. */
extern const struct verify_stages verify_stages_of_norma;

/* "norma-staged", with the fastest set of this machine. Its context is verify_stages_of_norma; that
 * of a copy may be other stages. Beside norma, sets make no difference to stages. */
extern const struct reference_implementation verify_staged;

/* Checks whether staged execution gives the bits of norma_execute on a problem, because nothing is
 * merged or added over ranks that have samples. */
bool verify_staged_is_exact(const struct norma_problem *problem);

#endif

/* Plans of all kinds: of every set, with few and many threads, and tuned in ways that make them go
 * over tensors in other orders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_PLANNED_H
#define VERIFY_FUZZ_TRIAL_PLANNED_H

#include "verify/fuzz/trial/choices.h"
#include <norma.h>

struct fuzz_planned {
    struct norma_plan *plan;
    struct norma_profile *profile; /* that the plan was tuned with */
};

/* What is chosen for a plan; it can be created for several problems. */
struct fuzz_planning {
    const char *set;
    int threads;
    char profile[1024]; /* its text */
};

/* Chooses how to plan with a set, the first of which is the fastest. */
void fuzz_planning_choose(struct fuzz_choices *choices, const char *set,
                          struct fuzz_planning *planning);

struct fuzz_planned fuzz_plan(const struct fuzz_planning *planning,
                              const struct norma_problem *problem);
void fuzz_planned_destroy(struct fuzz_planned *planned);

/* Returns a set that this machine can run. */
const char *fuzz_random_set(struct fuzz_choices *choices);

#endif

/* Random problems.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_RANDOM_PROBLEM_H
#define VERIFY_FUZZ_TRIAL_RANDOM_PROBLEM_H

#include "verify/fuzz/trial/choices.h"
#include <norma.h>

/* Returns a valid problem, whose x and style have up to so many elements. */
struct norma_problem fuzz_random_problem(struct fuzz_choices *choices, int64_t most_elements);

#endif

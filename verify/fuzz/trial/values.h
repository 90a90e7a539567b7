/* The values of inputs, beyond those that verify generates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_VALUES_H
#define VERIFY_FUZZ_TRIAL_VALUES_H

#include "verify/fuzz/trial/choices.h"
#include "verify/truth/truth.h"

enum verify_data fuzz_random_data(struct fuzz_choices *choices);

/* Checks whether gamma must be within 2^-86 to 2^86, if it is not 0. */
bool fuzz_limits_parameters(const struct norma_problem *problem);

/* Changes the inputs of a truth: magnitudes, means, and single values. They stay valid; all but the
 * statistics that a backward pass takes, which must be computed again. */
void fuzz_vary_values(struct fuzz_choices *choices, const struct verify_truth *truth);

#endif

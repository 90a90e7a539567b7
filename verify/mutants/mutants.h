/* Deliberately wrong kernels, and whether a check notices them. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_MUTANTS_MUTANTS_H
#define VERIFY_MUTANTS_MUTANTS_H

#include "verify/checks/checks.h"
#include "verify/mutants/mutation.h"

/* The outcome of one mutant. */
struct verify_catch {
    bool caught;
    enum verify_check_kind check;       /* the first that failed */
    char how[64];                       /* its data and placement: "large-mean, back" */
    char text[NORMA_PROBLEM_TEXT + 64]; /* the problem, the property or the function */
    char message[256];
    size_t tried; /* cases (problems, cases of properties, functions), also those left out */
};

/* Exposes a mutant to the checks of its scope, but for the first `left_out` cases, and stops at the
 * first that fails; `problems` are the built-in ones. A case that takes more than so many seconds
 * ends the process (0: as long as it takes). *result is valid at any time, as the mutant may
 * crash. */
void verify_mutation_try(const struct verify_mutant *mutant, const struct verify_problems *problems,
                         uint64_t seed, size_t left_out, unsigned seconds,
                         struct verify_catch *result);

/* Replaces those functions of a vocabulary that `functions` has. */
void verify_mutant_replace_functions(struct norma_vocabulary *vocabulary,
                                     const struct norma_vocabulary *functions);

#endif

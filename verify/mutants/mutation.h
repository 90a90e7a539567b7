/* A mutant as an implementation, and whether a check notices it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_MUTANTS_MUTATION_H
#define VERIFY_MUTANTS_MUTATION_H

#include "verify/checks/checks.h"
#include "verify/mutants/mutant_catalogue.h"

/* The fastest set that can run here, spoiled by a mutant; `base` is the implementation. */
struct verify_mutation {
    struct reference_implementation base;
    const struct verify_mutant *mutant;
    int set;
};

struct verify_mutation verify_mutation_of(const struct verify_mutant *mutant, int set);

/* "mutant:NAME" as an implementation of that name, to be run as any other; NULL: there is none, or
 * there are more than can be named at once. */
const struct reference_implementation *verify_mutation_named(const char *name);

/* What became of a mutant. */
struct verify_catch {
    bool caught;
    enum verify_check_kind check; /* the first that failed ... */
    char how[64];                 /* ... and on which data and placement: "large-mean, back" */
    char text[NORMA_PROBLEM_TEXT + 64]; /* the problem, the property or the function */
    char message[256];
};

/* Shows a mutant what it is to be shown, `problems` being the built-in ones, and stops at the first
 * check that fails. *result is up to date all the time: a mutant may crash. */
void verify_mutation_try(const struct verify_mutant *mutant, const struct verify_problems *problems,
                         uint64_t seed, struct verify_catch *result);

#endif

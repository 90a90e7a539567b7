/* A mutant as an implementation, and whether a check notices it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_MUTATION_H
#define NORMA_VERIFY_MUTATION_H

#include "mutants.h"
#include "problems.h"

/* The fastest set that can run here, spoiled by a mutant; `base` is the implementation. */
struct norma_mutation {
    struct norma_implementation base;
    const struct norma_mutant *mutant;
    int set;
};

struct norma_mutation norma_mutation_of(const struct norma_mutant *mutant, int set);

/* "mutant:NAME" as an implementation of that name, to be run as any other; NULL: there is none, or
 * there are more than can be named at once. */
const struct norma_implementation *norma_mutation_named(const char *name);

/* What became of a mutant. */
struct norma_catch {
    bool caught;
    enum norma_check_kind check; /* the first that failed ... */
    char how[64];                /* ... and on which data and placement: "large-mean, back" */
    char text[NORMA_PROBLEM_TEXT + 64]; /* the problem, the property or the function */
    char message[256];
};

/* Shows a mutant what it is to be shown, `problems` being the built-in ones, and stops at the first
 * check that fails. *result is up to date all the time: a mutant may crash. */
void norma_mutation_try(const struct norma_mutant *mutant, const struct norma_problems *problems,
                        uint64_t seed, struct norma_catch *result);

#endif

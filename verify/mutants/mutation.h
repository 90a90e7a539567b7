/* A mutant as an implementation, which is run and checked as any other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_MUTANTS_MUTATION_H
#define VERIFY_MUTANTS_MUTATION_H

#include "verify/harness/harness.h"
#include "verify/mutants/mutant_catalogue.h"

/* A correct implementation with the change that a mutant makes. */
struct verify_mutation {
    struct reference_implementation implementation; /* its context is the mutation */
    struct reference_implementation correct;
    struct verify_stages stages; /* a mutant of stages: those of `correct`, with the wrong ones */
    const struct verify_mutant *mutant;
    int set; /* see struct verify_execution */
};

/* Makes the mutation of `correct`, whose name and accumulation it keeps, so that the properties
 * expect of it what they expect of the correct implementation; that must have no import or export.
 * A mutant of stages is one of norma-staged instead. *mutation must not be moved. */
void verify_mutation_make(struct verify_mutation *mutation, const struct verify_mutant *mutant,
                          const struct reference_implementation *correct, int set);

/* So many mutants can be implementations in one run. */
enum { VERIFY_MOST_NAMED = 8 };

/* Returns the mutant that "mutant:NAME" names as an implementation of that name; it is a mutation
 * of the fastest set. NULL: there is no such mutant, or too many have been named. */
const struct reference_implementation *verify_mutation_named(const char *name);

#endif

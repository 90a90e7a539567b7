/* SPDX-License-Identifier: Apache-2.0 */
#include "mutants.h"

#include <string.h>

/* Nothing is wrong with it: what is caught of the others is not how they are made. */
static const struct norma_mutant control[] = {
    {"none", "nothing", NORMA_CHECK_COUNT, .control = true},
    {"none-of-properties", "nothing", NORMA_CHECK_COUNT, NORMA_STAGE_PROPERTIES, .control = true},
    {"none-of-vocabulary", "nothing", NORMA_CHECK_COUNT, NORMA_STAGE_VOCABULARY, .control = true},
    {0},
};

static const struct norma_mutant *const tables[] = {
    control,
    norma_mutants_problem,
    norma_mutants_arguments,
    norma_mutants_statistics,
    norma_mutants_backward,
    norma_mutants_memory,
    norma_mutants_execution,
    norma_mutants_shared,
    norma_mutants_vocabulary,
};

const struct norma_mutant *norma_mutant(size_t index) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct norma_mutant *mutant = tables[i]; mutant->name; mutant++) {
            if (index-- == 0) {
                return mutant;
            }
        }
    }
    return NULL;
}

const struct norma_mutant *norma_mutant_find(const char *name) {
    for (size_t i = 0; norma_mutant(i); i++) {
        if (strcmp(norma_mutant(i)->name, name) == 0) {
            return norma_mutant(i);
        }
    }
    for (const struct norma_mutant *mutant = norma_mutants_ends; mutant->name; mutant++) {
        if (strcmp(mutant->name, name) == 0) {
            return mutant;
        }
    }
    return NULL;
}

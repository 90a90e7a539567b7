/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/mutants/mutant_catalogue.h"

#include <string.h>

/* Mutants without a mistake, which show that the others are not caught for the way they are
 * made. */
static const struct verify_mutant control[] = {
    {"none", "nothing", VERIFY_CHECK_COUNT, .control = true},
    {"none-of-properties", "nothing", VERIFY_CHECK_COUNT, VERIFY_SCOPE_PROPERTIES, .control = true},
    {"none-of-vocabulary", "nothing", VERIFY_CHECK_COUNT, VERIFY_SCOPE_VOCABULARY, .control = true},
    {0},
};

static const struct verify_mutant *const tables[] = {
    control,
    verify_mutants_problem,
    verify_mutants_arguments,
    verify_mutants_statistics,
    verify_mutants_backward,
    verify_mutants_memory,
    verify_mutants_execution,
    verify_mutants_stages,
    verify_mutants_shared_mistakes,
    verify_mutants_vocabulary,
};

const struct verify_mutant *verify_mutant_at(size_t index) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct verify_mutant *mutant = tables[i]; mutant->name; mutant++) {
            if (index-- == 0) {
                return mutant;
            }
        }
    }
    return NULL;
}

const struct verify_mutant *verify_mutant_find(const char *name) {
    for (size_t i = 0; verify_mutant_at(i); i++) {
        if (strcmp(verify_mutant_at(i)->name, name) == 0) {
            return verify_mutant_at(i);
        }
    }
    for (const struct verify_mutant *mutant = verify_mutants_crashes; mutant->name; mutant++) {
        if (strcmp(mutant->name, name) == 0) {
            return mutant;
        }
    }
    return NULL;
}

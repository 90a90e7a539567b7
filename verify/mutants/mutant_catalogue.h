/* The catalogue of mutants: kernels with one mistake each, which show that the checks notice it.
 * Only norma-verify of a build with tests (NORMA_TESTS) contains them, and no library.
 *
 * A mutant is a correct kernel with one change: to the problem or the arguments before it executes,
 * or to its results afterwards. It consists of a small function and of one line in the table of its
 * file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_MUTANTS_MUTANT_CATALOGUE_H
#define VERIFY_MUTANTS_MUTANT_CATALOGUE_H

#include "verify/mutants/mutant_execution.h"
#include "verify/properties/properties.h"
#include "verify/truth/truth.h"

struct norma_vocabulary;
struct verify_stages;

/* The checks that a mutant is exposed to. */
enum verify_scope {
    VERIFY_SCOPE_PROBLEMS,   /* all checks, on built-in problems that it concerns */
    VERIFY_SCOPE_PROPERTIES, /* the properties alone: the reference is assumed to make the same
                                mistake, so that a comparison with it shows nothing */
    VERIFY_SCOPE_VOCABULARY, /* that of the vocabulary */
    VERIFY_SCOPE_LONG        /* all checks, on problems whose statistics have more elements than
                                float can count */
};

struct verify_mutant {
    const char *name;
    const char *wrong;               /* the mistake: "epsilon is added to the deviation" */
    enum verify_check_kind expected; /* without this check, this mutant or another one survives */
    enum verify_scope scope;
    bool as_called; /* its functions run in the caller's floating-point environment, and may change
                       it; those of all others run in the default one, as kernels do */
    bool control;   /* it has no mistake, and must survive */

    bool (*concerns)(const struct norma_problem *problem); /* NULL: every problem */
    void (*alter)(struct norma_problem *problem);          /* changes the problem that is solved */
    void (*before)(struct verify_execution *execution);    /* changes the arguments */

    /* The changes of the results */
    bool (*when)(const struct verify_execution *execution); /* NULL: after every execution */
    void (*after)(struct verify_execution *execution);
    void (*after_plane)(struct verify_execution *execution, struct verify_plane plane);
    enum reference_tensor_id output; /* the tensor that is corrupted, if the problem has it */
    void (*corrupt)(float *data, int64_t count);
    bool refused; /* also where the kernel refuses to execute */

    /* Returns what it asks for instead of a workspace of so many bytes. */
    size_t (*ask)(size_t bytes, int threads);

    verify_gate_step *step; /* replaces norma_gate_update */

    const struct verify_stages *stages; /* the wrong ones of norma-staged; others are NULL */

    const char *function; /* of the vocabulary: its name, and it alone in `functions` */
    const struct norma_vocabulary *functions;
};

/* Returns mutant number `index`; NULL beyond the last. A build without tests has none. */
const struct verify_mutant *verify_mutant_at(size_t index);

/* Returns the mutant of that name, in the catalogue or in verify_mutants_crashes; NULL: there is
 * none. */
const struct verify_mutant *verify_mutant_find(const char *name);

/* ---- the tables ------------------------------------------------------------------------------ */

/* A mutant without a name ends each. */
extern const struct verify_mutant verify_mutants_problem[];
extern const struct verify_mutant verify_mutants_arguments[];
extern const struct verify_mutant verify_mutants_statistics[];
extern const struct verify_mutant verify_mutants_backward[];
extern const struct verify_mutant verify_mutants_memory[];
extern const struct verify_mutant verify_mutants_execution[];
extern const struct verify_mutant verify_mutants_stages[];
extern const struct verify_mutant verify_mutants_shared_mistakes[];
extern const struct verify_mutant verify_mutants_vocabulary[];

/* No part of the catalogue: verify_mutant_find alone finds these. */
extern const struct verify_mutant verify_mutants_crashes[];

#endif

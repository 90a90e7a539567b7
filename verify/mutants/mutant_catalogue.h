/* Mutants: kernels that are wrong in one thing each, to see that the checks notice. They are in the
 * verifier of builds with tests (NORMA_TESTS) alone, and in no library.
 *
 * A mutant is a correct kernel and what is done to it: before it executes, to the problem or to its
 * arguments; or afterwards, to its results. It is one small function, and one line in its file's
 * table (mutants_*.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_MUTANTS_MUTANT_CATALOGUE_H
#define VERIFY_MUTANTS_MUTANT_CATALOGUE_H

#include "reference/interface/interface.h"
#include "verify/properties/properties.h"
#include "verify/truth/truth.h"

struct norma_vocabulary;

/* An execution, as a mutant sees it. */
struct verify_situation {
    struct norma_problem problem; /* that the caller means */
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *data[REFERENCE_TENSOR_COUNT]; /* args; a mutant may point elsewhere before the kernel runs
                                         */
    const float *source;                /* what x, backward dy, was, also where it is overwritten */
    int threads;
    int set;             /* the same mutant is made of two sets: 0, 1 */
    int64_t executions;  /* of this plan, before this one */
    norma_status status; /* of the kernel; a mutant may return another */
    struct verify_scratch *scratch;
};

/* What a mutant is shown. */
enum verify_stage {
    VERIFY_STAGE_PROBLEMS,   /* built-in problems that it concerns, with all checks */
    VERIFY_STAGE_PROPERTIES, /* the properties alone: the reference is taken to make the same
                               mistake, so that comparing shows nothing */
    VERIFY_STAGE_VOCABULARY,
    VERIFY_STAGE_LONG /* problems with statistics of more elements than float counts */
};

struct verify_mutant {
    const char *name;
    const char *wrong;               /* "epsilon is added to the deviation" */
    enum verify_check_kind expected; /* without this check it would survive, or another would */
    enum verify_stage stage;
    bool as_called; /* its functions compute in the caller's floating-point environment, and may
                       change it; others in the default one, as kernels do */
    bool control;   /* nothing is wrong: must survive */
    bool (*concerns)(const struct norma_problem *);        /* NULL: all */
    void (*alter)(struct norma_problem *problem);          /* the problem that is solved instead */
    void (*before)(struct verify_situation *situation);    /* the arguments */
    void (*after)(struct verify_situation *situation);     /* the results */
    void (*misspell)(struct norma_vocabulary *vocabulary); /* a function of the vocabulary */
    verify_gate_step *step;                                /* the gate's */
};

/* Number index of the catalogue; NULL beyond the last. A build without tests has none. */
const struct verify_mutant *verify_mutant(size_t index);

/* Of the catalogue, or one of verify_mutants_ends; NULL: there is none of that name. */
const struct verify_mutant *verify_mutant_find(const char *name);

/* ---- what mutants are written with ----------------------------------------------------------- */

/* A copy of an argument, which the kernel gets instead; it lives as long as the execution. NULL if
 * the argument is. */
void *verify_situation_copy(struct verify_situation *situation, enum reference_tensor_id id);

/* The elements of one plane of x and its like. */
struct verify_plane {
    int64_t first, stride, count;
    int64_t channel;
};

struct verify_plane verify_situation_plane(const struct verify_situation *situation, int64_t plane);

/* Entry `index` of a parameter that may be left out. */
double verify_situation_parameter(const struct verify_situation *situation,
                                  enum reference_tensor_id id, int64_t index, double otherwise);

/* ---- the tables ------------------------------------------------------------------------------ */

/* Each ended by a mutant without a name. */
extern const struct verify_mutant verify_mutants_problem[];
extern const struct verify_mutant verify_mutants_arguments[];
extern const struct verify_mutant verify_mutants_statistics[];
extern const struct verify_mutant verify_mutants_backward[];
extern const struct verify_mutant verify_mutants_memory[];
extern const struct verify_mutant verify_mutants_execution[];
extern const struct verify_mutant verify_mutants_shared[];
extern const struct verify_mutant verify_mutants_vocabulary[];

/* Behind the catalogue, for verify_mutant_find alone. */
extern const struct verify_mutant verify_mutants_ends[];

#endif

/* Mutants: kernels that are wrong in one thing each, to see that the checks notice. They are in the
 * verifier of builds with tests (NORMA_TESTS) alone, and in no library.
 *
 * A mutant is a correct kernel and what is done to it: before it executes, to the problem or to its
 * arguments; or afterwards, to its results. It is one small function, and one line in its file's
 * table (mutants_*.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_MUTANTS_H
#define NORMA_VERIFY_MUTANTS_H

#include "checks.h"
#include "implementation.h"
#include "properties.h"
#include "tensors.h"

struct norma_vocabulary;

/* An execution, as a mutant sees it. */
struct norma_situation {
    struct norma_problem problem; /* that the caller means */
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    void *data[NORMA_TENSOR_COUNT]; /* args; a mutant may point elsewhere before the kernel runs */
    const float *source;            /* what x, backward dy, was, also where it is overwritten */
    int threads;
    int set;             /* the same mutant is made of two sets: 0, 1 */
    int64_t executions;  /* of this plan, before this one */
    norma_status status; /* of the kernel; a mutant may return another */
    struct norma_scratch *scratch;
};

/* What a mutant is shown. */
enum norma_stage {
    NORMA_STAGE_PROBLEMS,   /* built-in problems that it concerns, with all checks */
    NORMA_STAGE_PROPERTIES, /* the properties alone: the reference is taken to make the same
                               mistake, so that comparing shows nothing */
    NORMA_STAGE_VOCABULARY,
    NORMA_STAGE_LONG /* problems with statistics of more elements than float counts */
};

struct norma_mutant {
    const char *name;
    const char *wrong;              /* "epsilon is added to the deviation" */
    enum norma_check_kind expected; /* without this check it would survive, or another would */
    enum norma_stage stage;
    bool as_called; /* its functions compute in the caller's floating-point environment, and may
                       change it; others in the default one, as kernels do */
    bool control;   /* nothing is wrong: must survive */
    bool (*concerns)(const struct norma_problem *);        /* NULL: all */
    void (*alter)(struct norma_problem *problem);          /* the problem that is solved instead */
    void (*before)(struct norma_situation *situation);     /* the arguments */
    void (*after)(struct norma_situation *situation);      /* the results */
    void (*misspell)(struct norma_vocabulary *vocabulary); /* a function of the vocabulary */
    norma_gate_step *step;                                 /* the gate's */
};

/* Number index of the catalogue; NULL beyond the last. A build without tests has none. */
const struct norma_mutant *norma_mutant(size_t index);

/* Of the catalogue, or one of norma_mutants_ends; NULL: there is none of that name. */
const struct norma_mutant *norma_mutant_find(const char *name);

/* ---- what mutants are written with ----------------------------------------------------------- */

/* A copy of an argument, which the kernel gets instead; it lives as long as the execution. NULL if
 * the argument is. */
void *norma_situation_copy(struct norma_situation *situation, enum norma_tensor_id id);

/* The elements of one plane of x and its like. */
struct norma_plane {
    int64_t first, stride, count;
    int64_t channel;
};

struct norma_plane norma_situation_plane(const struct norma_situation *situation, int64_t plane);

/* Entry `index` of a parameter that may be left out. */
double norma_situation_parameter(const struct norma_situation *situation, enum norma_tensor_id id,
                                 int64_t index, double otherwise);

/* ---- the tables ------------------------------------------------------------------------------ */

/* Each ended by a mutant without a name. */
extern const struct norma_mutant norma_mutants_problem[];
extern const struct norma_mutant norma_mutants_arguments[];
extern const struct norma_mutant norma_mutants_statistics[];
extern const struct norma_mutant norma_mutants_backward[];
extern const struct norma_mutant norma_mutants_memory[];
extern const struct norma_mutant norma_mutants_execution[];
extern const struct norma_mutant norma_mutants_shared[];
extern const struct norma_mutant norma_mutants_vocabulary[];

/* Behind the catalogue, for norma_mutant_find alone. */
extern const struct norma_mutant norma_mutants_ends[];

#endif

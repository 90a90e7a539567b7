/* What is said of one case: what an implementation did on a problem, on a case of a property, or
 * with a function of its vocabulary. Plain data, which can be sent from one process to another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_CASE_H
#define NORMA_VERIFY_CASE_H

#include "check.h"
#include "crash.h"
#include "vocabulary.h"

enum norma_case_kind { NORMA_CASE_FUNCTION, NORMA_CASE_PROBLEM, NORMA_CASE_PROPERTY };
enum norma_outcome { NORMA_OUTCOME_PASSED, NORMA_OUTCOME_FAILED, NORMA_OUTCOME_SKIPPED };

struct norma_case {
    enum norma_case_kind kind;
    enum norma_outcome outcome;
    char implementation[64];
    char subject[32]; /* the operator, "vocabulary" or "property" */
    char text[NORMA_PROBLEM_TEXT + 128];
    int threads;

    /* Passed. */
    int checks;          /* executions that were compared; of a function, lanes */
    double share;        /* the largest of their shares of the bound; a function has no bound */
    double median_share; /* of a problem's elements on normal data; 0: none has one */
    char kernel[512];    /* of a problem */
    char note[64];       /* what was left out of a problem; or empty */

    /* Failed. */
    struct norma_setup setup; /* of a problem */
    char vote[160];           /* of the third implementation; or empty */
    char reproduce[NORMA_CRASH_COMMAND];

    /* Failed or skipped: why. */
    char message[NORMA_VOCABULARY_MESSAGE];
};

/* Who takes cases. */
struct norma_taker {
    void (*take)(void *context, const struct norma_case *what);
    void *context;
};

#endif

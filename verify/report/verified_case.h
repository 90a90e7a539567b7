/* What is said of one case: what an implementation did on a problem, on a case of a property, or
 * with a function of its vocabulary. Plain data, which can be sent from one process to another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_REPORT_VERIFIED_CASE_H
#define VERIFY_REPORT_VERIFIED_CASE_H

#include "verify/checks/checks.h"
#include "verify/harness/tool/tool.h"
#include "verify/vocabulary/vocabulary.h"

enum verify_case_kind { VERIFY_CASE_FUNCTION, VERIFY_CASE_PROBLEM, VERIFY_CASE_PROPERTY };
enum verify_outcome { VERIFY_OUTCOME_PASSED, VERIFY_OUTCOME_FAILED, VERIFY_OUTCOME_SKIPPED };

struct verify_case {
    enum verify_case_kind kind;
    enum verify_outcome outcome;
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
    struct verify_setup setup; /* of a problem */
    char vote[160];            /* of the third implementation; or empty */
    char reproduce[TOOL_CRASH_COMMAND];

    /* Failed or skipped: why. */
    char message[VERIFY_VOCABULARY_MESSAGE];
};

/* Who takes cases. */
struct verify_taker {
    void (*take)(void *context, const struct verify_case *what);
    void *context;
};

#endif

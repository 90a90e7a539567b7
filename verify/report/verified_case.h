/* The result of one case: of an implementation on a problem, on a case of a property, or of a
 * function of its vocabulary. It is plain data, which can be sent from one process to another.
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
    double seconds; /* that the implementation took; 0 if it ended the worker, or did not run */

    /* If it passed. */
    int checks;          /* executions that were compared; for a function, lanes */
    double share;        /* the largest share of a bound; a function has no bound */
    double median_share; /* of a problem's elements on normal data; 0: there are none */
    char kernel[512];    /* for a problem */
    char note[64];       /* the checks that a problem was spared; or empty */

    /* If it failed. */
    struct verify_setup setup; /* for a problem */
    char vote[160];            /* of the third implementation; or empty */
    char reproduce[TOOL_CRASH_COMMAND];

    /* If it failed or was skipped: the reason. */
    char message[VERIFY_VOCABULARY_MESSAGE];
    bool too_large; /* it was skipped as there is too little memory */
};

/* A function that takes cases, and its first argument. */
struct verify_taker {
    void (*take)(void *context, const struct verify_case *result);
    void *context;
};

enum { VERIFY_CASE_DESCRIPTION = VERIFY_VOCABULARY_MESSAGE + 1024 };

/* Describes a case that passed in one line: its share of the bound, checks, kernel and note. */
void verify_case_describe_pass(const struct verify_case *result,
                               char text[VERIFY_CASE_DESCRIPTION]);

/* Describes a case that failed in lines that begin with the prefix: message, setup and vote. */
void verify_case_describe_failure(const struct verify_case *result, const char *prefix,
                                  char text[VERIFY_CASE_DESCRIPTION]);

#endif

/* What a run consists of, in its order: the vocabulary function by function, problems, properties
 * case by case.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_RUN_STEPS_H
#define VERIFY_PROGRAM_RUN_STEPS_H

#include "verify/program/verify_options.h"
#include "verify/report/report.h"

struct verify_step {
    enum verify_case_kind kind;
    size_t implementation; /* of a function, or a property; a problem is for all */
    size_t index;          /* of the function, the problem, or the property */
    const char *text;      /* the case of the property */
    norma_layout layout;   /* of the property */
    size_t first_case;     /* the number of cases that come before it */
};

struct verify_steps {
    struct verify_step *list;
    size_t count;
    size_t cases; /* that come of all */
};

/* False: not enough memory. Free the list. */
bool verify_steps_create(const struct verify_options *options, struct verify_steps *steps);

#endif

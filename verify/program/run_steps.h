/* The steps of a run, in this order: the functions of the vocabulary, problems, and the cases of
 * properties.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_PROGRAM_RUN_STEPS_H
#define VERIFY_PROGRAM_RUN_STEPS_H

#include "verify/program/requested.h"
#include "verify/report/report.h"

struct verify_step {
    enum verify_case_kind kind;
    size_t implementation; /* for a function or a property; a problem is for all */
    size_t index;          /* of the function, the problem, or the property */
    const char *text;      /* of the property's case */
    norma_layout layout;   /* of the property's case */
    size_t first_case;     /* the number of cases before this step */
};

struct verify_steps {
    struct verify_step *list;
    size_t count;
    size_t cases; /* of all steps together */
};

/* Lists the steps of the shard that the options choose. The caller must free the list. Returns
 * false if there is not enough memory. */
bool verify_steps_create(const struct verify_options *options, struct verify_steps *steps);

#endif

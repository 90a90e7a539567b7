/* What a run consists of, in its order: the vocabulary function by function, problems, properties
 * case by case.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_STEPS_H
#define NORMA_VERIFY_STEPS_H

#include "case.h"
#include "options.h"

struct norma_step {
    enum norma_case_kind kind;
    size_t implementation; /* of a function, or a property; a problem is for all */
    size_t index;          /* of the function, the problem, or the property */
    const char *text;      /* the case of the property */
    norma_layout layout;   /* of the property */
    size_t first_case;     /* the number of cases that come before it */
};

struct norma_steps {
    struct norma_step *list;
    size_t count;
    size_t cases; /* that come of all */
};

/* False: not enough memory. Free the list. */
bool norma_steps_create(const struct norma_verify_options *options, struct norma_steps *steps);

#endif

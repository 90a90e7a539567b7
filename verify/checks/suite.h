/* The built-in problems of norma-verify, and the variants of each operator that they are made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_SUITE_H
#define VERIFY_CHECKS_SUITE_H

#include "verify/checks/problem_list.h"

enum verify_level {
    VERIFY_LEVEL_QUICK,    /* every code path, in seconds */
    VERIFY_LEVEL_STANDARD, /* all tails and channel counts */
    VERIFY_LEVEL_FULL      /* standard, every kind of data in every placement, layers of networks */
};

/* The interval between the shapes of a list that a variant takes. */
enum verify_frequency {
    VERIFY_ALWAYS = 1,
    VERIFY_OFTEN = 2,
    VERIFY_SOMETIMES = 4,
    VERIFY_SELDOM = 8 /* for a variant that has only other numbers than another one */
};

struct verify_variant {
    norma_operator op;
    const char *keys; /* as in a problem's text, without pass, epilogue and layout */
    enum verify_frequency frequency;
};

/* Returns variant number `index`; NULL beyond the last. */
const struct verify_variant *verify_variant_at(size_t index);

/* Makes the variant's problem of a shape such as "2x3x5", channels-first. Returns
 * NORMA_STATUS_INVALID if there is none, for example because the operator lacks the pass. The
 * problem is as valid channels-last. */
norma_status verify_variant_problem(const struct verify_variant *variant, const char *shape,
                                    norma_pass pass, norma_epilogue epilogue,
                                    struct norma_problem *problem);

/* Appends the problems with statistics of more than 2^24 elements, beyond which float cannot count.
 * Returns false if there is not enough memory. */
bool verify_suite_long(struct verify_problems *problems);

/* Appends the problems of a level; --full includes those of verify_suite_long. Returns false if
 * there is not enough memory. */
bool verify_suite(enum verify_level level, struct verify_problems *problems);

#endif

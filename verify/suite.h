/* The built-in problems of norma-verify, and the variants of each operator that they are made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_SUITE_H
#define NORMA_VERIFY_SUITE_H

#include "problems.h"

enum norma_level {
    NORMA_LEVEL_QUICK,    /* every code path, in seconds */
    NORMA_LEVEL_STANDARD, /* all tails and channel counts */
    NORMA_LEVEL_FULL /* as standard, every kind of data in every placement, layers of networks */
};

/* How many shapes of a list a variant takes: each, each second, ... */
enum norma_frequency {
    NORMA_ALWAYS = 1,
    NORMA_OFTEN = 2,
    NORMA_SOMETIMES = 4,
    NORMA_SELDOM = 8 /* other numbers for what another variant does already */
};

struct norma_variant {
    norma_operator op;
    const char *keys; /* as in a problem's text, without pass, epilogue and layout */
    enum norma_frequency frequency;
};

/* Number index; NULL beyond the last. */
const struct norma_variant *norma_variant(size_t index);

/* "fwd"; "none"; "ncs"; NULL beyond the last. */
const char *norma_pass_name(norma_pass pass);
const char *norma_layout_name(norma_layout layout);
const char *norma_epilogue_name(norma_epilogue epilogue);

/* The variant's problem of a shape such as "2x3x5", channels-first: NORMA_INVALID if there is none,
 * like a pass that the operator has not. Channels-last it is as sound. */
norma_status norma_variant_problem(const struct norma_variant *variant, const char *shape,
                                   norma_pass pass, norma_epilogue epilogue,
                                   struct norma_problem *problem);

/* Appends those with statistics of more than 2^24 elements, up to which float counts; false: no
 * memory. */
bool norma_suite_long(struct norma_problems *problems);

/* Appends the problems of a level, --full those, too; false: no memory. */
bool norma_suite(enum norma_level level, struct norma_problems *problems);

#endif

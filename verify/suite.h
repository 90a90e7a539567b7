/* The built-in problems of norma-verify.
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

/* Appends the problems of a level; false: no memory. */
bool norma_suite(enum norma_level level, struct norma_problems *problems);

#endif

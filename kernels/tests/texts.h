/* Checks of problems and their texts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_TESTS_TEXTS_H
#define KERNELS_TESTS_TEXTS_H

#include "kernels/tests/bundle.h"

/* Returns the problem's text, and checks its length. */
const char *test_print(const struct norma_problem *problem, char text[NORMA_PROBLEM_TEXT]);

bool test_same_problem(const struct norma_problem *a, const struct norma_problem *b);

/* Checks that parsing the printed problem gives the problem again, and the same text. */
void test_round_trip(const struct norma_problem *problem, const char *hint);

#endif

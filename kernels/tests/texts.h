/* Problems and their texts, for tests of both.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_TESTS_TEXTS_H
#define KERNELS_TESTS_TEXTS_H

#include "kernels/tests/bundle.h"

/* The problem's text; checks that it fits and that its length is right. */
const char *print(const struct norma_problem *problem, char text[NORMA_PROBLEM_TEXT]);

bool same_problem(const struct norma_problem *a, const struct norma_problem *b);

/* parse(print(problem)) is the problem, and has the same text. */
void round_trip(const struct norma_problem *problem, const char *hint);

#endif

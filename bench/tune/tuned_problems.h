/* The problems that tunings are compared on, for each size class of this machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_TUNED_PROBLEMS_H
#define BENCH_TUNE_TUNED_PROBLEMS_H

#include <norma_tools.h>

enum { BENCH_TUNE_PROBLEMS = 6 };

/* Fills in the problems of a class and returns their number; 0: no tensor can have this class. */
size_t bench_tune_problems(norma_size_class size,
                           struct norma_problem problems[BENCH_TUNE_PROBLEMS]);

#endif

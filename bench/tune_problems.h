/* What a tuning is tried on: problems of each size class of this machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_TUNE_PROBLEMS_H
#define NORMA_BENCH_TUNE_PROBLEMS_H

#include "tuning.h"

enum { NORMA_TUNE_PROBLEMS = 6 };

/* Fills problems with those of a class and returns their number; 0: no tensor can be of it. */
size_t norma_tune_problems(norma_size_class size,
                           struct norma_problem problems[NORMA_TUNE_PROBLEMS]);

/* The memory that trying it takes: tensors, and what they are verified against. */
uint64_t norma_tune_memory(const struct norma_problem *problem);

#endif

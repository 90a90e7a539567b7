/* The search for the tuning of a size class: one parameter after the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_TUNE_SEARCH_H
#define NORMA_BENCH_TUNE_SEARCH_H

#include "tune_problems.h"
#include "tune_trial.h"

#include <stdio.h>

struct norma_search {
    struct norma_trial trial;
    int octaves;         /* candidates go up to so many powers of two from the default */
    uint64_t max_memory; /* classes with problems that need more keep their defaults */
    FILE *table;         /* a row for each parameter and class */
};

void norma_search_print_header(const struct norma_search *search);

/* *best: the defaults, but for what is better with confidence. *found: problems could be tried at
 * all. */
enum norma_trial_end norma_search_class(struct norma_search *search, norma_size_class size,
                                        struct norma_tuning *best, bool *found);

/* How many comparisons of a problem are to be made for a class, at most. */
size_t norma_search_comparisons(norma_size_class size);

#endif

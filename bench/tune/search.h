/* The search for the tuning of a size class: one parameter after the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_SEARCH_H
#define BENCH_TUNE_SEARCH_H

#include "bench/tune/tuned_problems.h"
#include "bench/tune/tuning_trial.h"

#include <stdio.h>

struct bench_search {
    struct bench_trial trial;
    int octaves;         /* candidates go up to so many powers of two from the default */
    uint64_t max_memory; /* classes with problems that need more keep their defaults */
    FILE *table;         /* a row for each parameter and class */
};

void bench_search_print_header(const struct bench_search *search);

/* *best: the defaults, but for what is better with confidence. *found: problems could be tried at
 * all. */
enum bench_trial_end bench_search_class(struct bench_search *search, norma_size_class size,
                                        struct norma_tuning *best, bool *found);

/* How many comparisons of a problem are to be made for a class, at most. */
size_t bench_search_comparisons(norma_size_class size);

#endif

/* Searches for the tuning of a size class, one parameter after the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_TUNE_SEARCH_H
#define BENCH_TUNE_SEARCH_H

#include "bench/machine/machine.h"
#include "bench/tune/tuned_problems.h"
#include "bench/tune/tuning_trial.h"

#include <stdio.h>

struct bench_search {
    struct bench_trial trial;
    int octaves; /* candidates are at most so many powers of two from the default */
    /* A class with a problem that needs more keeps its defaults. */
    struct bench_memory_budget memory;
    FILE *table; /* gets a row for each parameter and class */
};

void bench_search_print_header(const struct bench_search *search);

/* Sets *best to the defaults with those values replaced that are better with confidence, and *found
 * to whether there was a problem to try them on. */
enum bench_trial_end bench_search_class(struct bench_search *search, norma_size_class size,
                                        struct norma_tuning *best, bool *found);

/* Returns the largest number of comparisons, each on one problem, that a class takes. */
size_t bench_search_comparisons(norma_size_class size);

#endif

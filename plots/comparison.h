/* Machines against each other, on the problems that all of them have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_COMPARISON_H
#define NORMA_PLOTS_COMPARISON_H

#include "view.h"

enum norma_metric {
    NORMA_GBPS,
    NORMA_SHARE,        /* of the machine's own ceiling */
    NORMA_OVER_SAME,    /* speed-up over oneDNN in the same layout */
    NORMA_OVER_FASTEST, /* and over the fastest oneDNN */
    NORMA_METRIC_COUNT
};

/* One of norma's sets with a number of threads on a machine: a figure for each problem, NAN where
 * there is none. */
struct norma_configuration {
    size_t machine, implementation;
    long long threads;
    double *values[NORMA_METRIC_COUNT];
};

/* Everything measured of one operator (as norma_compare_operators has it), on all machines. */
struct norma_comparison {
    const struct norma_view *view;
    const char **problems; /* of all machines, sorted */
    size_t problem_count;
    struct norma_configuration *items;
    size_t count;
};

/* The operators that any machine measured, each by one of its measurements; the caller frees
 * *operators. Returns their number. */
size_t norma_operators(const struct norma_view *view, const struct norma_measurement ***operators);

void norma_comparison_create(struct norma_comparison *comparison, const struct norma_view *view,
                             const struct norma_measurement *about);
void norma_comparison_destroy(struct norma_comparison *comparison);

/* Chooses for each machine (best[machine]) the configuration with the highest geometric mean of
 * GB/s over the problems that all machines have with such a number of threads (0: any). One that
 * lacks some of these is no candidate; NULL: the machine has none. */
void norma_comparison_best(const struct norma_comparison *comparison, long long threads,
                           const struct norma_configuration **best);

/* The same set on the same machine with another number of threads, or NULL. */
const struct norma_configuration *norma_comparison_find(const struct norma_comparison *comparison,
                                                        const struct norma_configuration *like,
                                                        long long threads);

/* The geometric mean for each machine over the problems of which all chosen configurations have a
 * figure; `base`, unless NULL, holds what it is divided by. A machine with NULL for either is left
 * out, its mean NAN. Returns the number of problems. */
size_t norma_comparison_means(const struct norma_comparison *comparison, enum norma_metric metric,
                              const struct norma_configuration *const *chosen,
                              const struct norma_configuration *const *base, double *means);

/* Numbers of threads in it, ascending: the least above `above`; 0: none. */
long long norma_comparison_next_threads(const struct norma_comparison *comparison, long long above);

#endif

/* Compares machines on the problems that all of them have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_COMPARISON_H
#define PLOTS_FIGURES_COMPARISON_H

#include "plots/figures/estimates.h"

enum plot_metric {
    PLOT_GBPS,
    PLOT_SHARE,        /* share of the machine's own ceiling */
    PLOT_OVER_SAME,    /* speed-up over a peer in the same layout */
    PLOT_OVER_FASTEST, /* speed-up over the fastest peer */
    PLOT_METRIC_COUNT
};

/* One of norma's sets with a number of threads on a machine. It has a figure for each problem,
 * without a value where it was not measured. */
struct plot_configuration {
    size_t machine, implementation;
    long long threads;
    struct plot_estimate *figures[PLOT_METRIC_COUNT];
};

/* All measurements of one operator, as plot_compare_operators tells operators apart, on all
 * machines. */
struct plot_comparison {
    const struct plot_view *view;
    const char **problems; /* those of all machines, sorted */
    size_t problem_count;
    struct plot_configuration *items;
    size_t count;
};

/* Lists a measurement of each operator that any machine measured; the caller frees *operators.
 * Returns their number. */
size_t plot_operators(const struct plot_view *view, const struct plot_measurement ***operators);

void plot_comparison_create(struct plot_comparison *comparison, const struct plot_view *view,
                            const struct plot_measurement *about);
void plot_comparison_destroy(struct plot_comparison *comparison);

/* Chooses for each machine (best[machine]) the configuration with the highest geometric mean of
 * GB/s over the problems that all machines have with that number of threads (0: any). A
 * configuration that lacks one of these problems is no candidate. NULL: the machine has none. */
void plot_comparison_best(const struct plot_comparison *comparison, long long threads,
                          const struct plot_configuration **best);

/* Returns the configuration with the same machine and set and another number of threads, or
 * NULL. */
const struct plot_configuration *plot_comparison_find(const struct plot_comparison *comparison,
                                                      const struct plot_configuration *like,
                                                      long long threads);

/* Sets means[machine] to the geometric mean over the problems for which all chosen configurations
 * have a figure. If `base` is not NULL, figures are divided by those of base[machine]. A machine
 * with NULL in either is left out, and its mean has no value. Returns the number of problems. */
size_t plot_comparison_means(const struct plot_comparison *comparison, enum plot_metric metric,
                             const struct plot_configuration *const *chosen,
                             const struct plot_configuration *const *base,
                             struct plot_estimate *means);

/* Returns the least number of threads above `above` in the comparison; 0: none. */
long long plot_comparison_next_threads(const struct plot_comparison *comparison, long long above);

#endif

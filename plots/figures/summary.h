/* The key figures of one implementation over a span, with which the report opens.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_SUMMARY_H
#define PLOTS_FIGURES_SUMMARY_H

#include "plots/figures/samples.h"
#include "plots/figures/speedup.h"

struct plot_summary {
    size_t implementation;
    size_t problems, done; /* problems that it has a record of, and that it has a time for */
    struct plot_mean ratios[PLOT_BASELINE_COUNT];
    /* Problems of these ratios on which it is the faster or the slower one for certain, as
     * plot_is_above tells; the others are undecided. */
    size_t faster[PLOT_BASELINE_COUNT], slower[PLOT_BASELINE_COUNT];
    struct plot_speedup slowest[PLOT_BASELINE_COUNT], fastest[PLOT_BASELINE_COUNT];
    struct plot_sample shares, shares_of_bound;
    bool shares_uncertain; /* one of the shares is */
};

/* Adds every problem of a span of one machine. At first *summary must be {.implementation =
 * index}. */
void plot_summary_add(struct plot_summary *summary, const struct plot_view *view,
                      struct plot_span span);
/* Returns the number of problems with a ratio to the baseline. */
size_t plot_summary_compared(const struct plot_summary *summary, enum plot_baseline baseline);
/* Returns "12 of 18 faster, 1 slower, 5 undecided", without what there is none of but the first;
 * the caller frees it. */
char *plot_summary_tally(const struct plot_summary *summary, enum plot_baseline baseline);
void plot_summary_free(struct plot_summary *summary);

/* Calls `visit` with the span of each problem in the span. */
void plot_each_problem(struct plot_span span,
                       void (*visit)(struct plot_span problem, void *context), void *context);

#endif

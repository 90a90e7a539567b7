/* The key figures of one implementation over a span: what the report opens with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_SUMMARY_H
#define NORMA_PLOTS_SUMMARY_H

#include "speedup.h"
#include "statistics.h"

struct norma_summary {
    size_t implementation;
    size_t problems, done; /* problems with a record of this implementation, and with a time */
    struct norma_sample ratios[NORMA_BASELINE_COUNT];
    struct norma_speedup slowest[NORMA_BASELINE_COUNT], fastest[NORMA_BASELINE_COUNT];
    struct norma_sample shares, shares_of_bound;
};

/* Adds every problem of a span of one machine; *summary starts as {.implementation = ...}. */
void norma_summary_add(struct norma_summary *summary, const struct norma_view *view,
                       struct norma_span span);
void norma_summary_free(struct norma_summary *summary);

/* Calls norma_span_next at the levels between machine (or below) and problem: every problem of the
 * span, each call in `visit`. */
void norma_each_problem(struct norma_span span,
                        void (*visit)(struct norma_span problem, void *context), void *context);

#endif

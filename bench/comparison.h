/* What changed from one side to the other, how sure that is, and whether it counts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_COMPARISON_H
#define NORMA_BENCH_COMPARISON_H

#include "common.h"
#include "ranks.h"

#include <stdint.h>

/* What counts as a change. */
struct norma_criterion {
    double threshold; /* 0.05: a ratio above 1.05, or below 1 / 1.05 */
    double level;     /* the rate of false discoveries, e.g. 0.05 */
    uint64_t seed;
};

enum norma_verdict {
    NORMA_UNCHANGED,
    NORMA_FASTER, /* surely, but by no more than the threshold */
    NORMA_SLOWER,
    NORMA_IMPROVEMENT,
    NORMA_REGRESSION
};

struct norma_change {
    const struct norma_timed *base, *timed;
    double before, after;        /* medians */
    struct norma_estimate ratio; /* after / before */
    struct norma_rank_test test; /* of after being larger */
    double adjusted;             /* its p, for many tests */
    enum norma_verdict verdict;
};

/* The geometric mean of the ratios of several. */
struct norma_mean_change {
    const char *name;
    size_t count;
    struct norma_estimate ratio;
};

struct norma_comparison {
    const struct norma_side *base, *side;
    struct norma_criterion criterion;
    enum norma_design design;
    struct norma_change *changes;    /* of kernels; the slowest first */
    size_t count;                    /* at least one */
    struct norma_mean_change *means; /* of each operator, then of all */
    size_t mean_count;
    struct norma_mean_change ceilings; /* of copies and sums, which no kernel changes */
    size_t base_alone, side_alone;     /* kernels that only one side has times of */
};

/* False and *error: the sides have nothing in common. They must outlive the comparison. */
bool norma_compare(struct norma_comparison *comparison, const struct norma_side *base,
                   const struct norma_side *side, const struct norma_criterion *criterion,
                   struct norma_message *error);
void norma_comparison_free(struct norma_comparison *comparison);

/* Can no difference between so few rounds be significant? */
bool norma_comparison_is_blind(const struct norma_comparison *comparison);

size_t norma_comparison_count(const struct norma_comparison *comparison,
                              enum norma_verdict verdict);

#endif

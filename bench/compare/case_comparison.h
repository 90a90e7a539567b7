/* What changed from one side to the other, how sure that is, and whether it counts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_CASE_COMPARISON_H
#define BENCH_COMPARE_CASE_COMPARISON_H

#include "bench/compare/common.h"
#include "bench/measure/measure.h"

#include <stdint.h>

/* What counts as a change. */
struct bench_criterion {
    double threshold; /* 0.05: a ratio above 1.05, or below 1 / 1.05 */
    double level;     /* the rate of false discoveries, e.g. 0.05 */
    uint64_t seed;
};

enum bench_verdict {
    BENCH_UNCHANGED,
    BENCH_FASTER, /* surely, but by no more than the threshold */
    BENCH_SLOWER,
    BENCH_IMPROVEMENT,
    BENCH_REGRESSION
};

struct bench_change {
    const struct bench_timed *base, *timed;
    double before, after;        /* medians */
    struct bench_estimate ratio; /* after / before */
    struct bench_rank_test test; /* of after being larger */
    double adjusted;             /* its p, for many tests */
    enum bench_verdict verdict;
};

/* The geometric mean of the ratios of several. */
struct bench_mean_change {
    const char *name;
    size_t count;
    struct bench_estimate ratio;
};

struct bench_comparison {
    const struct bench_side *base, *side;
    struct bench_criterion criterion;
    enum bench_design design;
    struct bench_change *changes;    /* of kernels; the slowest first */
    size_t count;                    /* at least one */
    struct bench_mean_change *means; /* of each operator, then of all */
    size_t mean_count;
    struct bench_mean_change ceilings; /* of copies and sums, which no kernel changes */
    size_t base_alone, side_alone;     /* kernels that only one side has times of */
};

/* False and *error: the sides have nothing in common. They must outlive the comparison. */
bool bench_comparisons(struct bench_comparison *comparison, const struct bench_side *base,
                       const struct bench_side *side, const struct bench_criterion *criterion,
                       struct tool_message *error);
void bench_comparison_free(struct bench_comparison *comparison);

/* Can no difference between so few rounds be significant? */
bool bench_comparison_is_blind(const struct bench_comparison *comparison);

size_t bench_comparison_count(const struct bench_comparison *comparison,
                              enum bench_verdict verdict);

#endif

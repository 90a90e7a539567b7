/* The changes from one input to the other, how significant they are, and whether they count.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_CASE_COMPARISON_H
#define BENCH_COMPARE_CASE_COMPARISON_H

#include "bench/compare/paired_cases.h"
#include "bench/measure/measure.h"

#include <stdint.h>

/* The limits by which a change is judged (bench/measure/judgement.h). */
struct bench_criterion {
    double threshold; /* 0.05: 5% slower, or faster by the same factor */
    double level;     /* the accepted rate of false discoveries, such as 0.05 */
    uint64_t seed;
};

struct bench_change {
    const struct bench_timed_case *base, *candidate; /* of the paired cases */
    bool uncertain;              /* the judgement is inconclusive, as other work had a core */
    double before, after;        /* medians of the base and the candidate */
    size_t count;                /* number of samples, rounds or pairs of each, by the design */
    struct bench_estimate ratio; /* after / before */
    struct bench_rank_test test; /* whether `after` is larger */
    double adjusted;             /* the test's p, corrected for as many tests as there are */
    /* Slower or faster only if the test says so, too: the interval of one ratio knows nothing of
     * how many others there are. */
    struct bench_judgement judgement;
};

/* The geometric mean of the ratios of several. */
struct bench_mean_change {
    const char *name;
    size_t count;
    struct bench_estimate ratio;
};

struct bench_comparison {
    const struct bench_input *base, *candidate;
    struct bench_criterion criterion;
    enum bench_design design;
    struct bench_paired_cases paired; /* the kernels */
    struct bench_change *changes;     /* one for each kernel, the slowest first */
    size_t count;                     /* number of changes; at least one */
    struct bench_mean_change *means;  /* one for each operator, then one for all */
    size_t mean_count;
    struct bench_mean_change ceilings;  /* the copies and sums, which no kernel changes */
    size_t base_alone, candidate_alone; /* kernels that only this input has times for */
};

/* Compares two inputs, which must outlive the comparison. Returns false, with *error, if they have
 * nothing in common. */
bool bench_comparisons(struct bench_comparison *comparison, const struct bench_input *base,
                       const struct bench_input *candidate, const struct bench_criterion *criterion,
                       struct tool_message *error);
void bench_comparison_free(struct bench_comparison *comparison);

/* Returns whether there are so few rounds that no difference between them can be significant. */
bool bench_comparison_is_blind(const struct bench_comparison *comparison);

/* Returns the number of changes that are uncertain. */
size_t bench_comparison_count_uncertain(const struct bench_comparison *comparison);

/* Returns about how many samples, rounds or pairs would tell of all changes that are not uncertain;
 * 0: these did. */
size_t bench_comparison_needs(const struct bench_comparison *comparison);

/* Returns the number of changes with this verdict. */
size_t bench_comparison_count(const struct bench_comparison *comparison,
                              enum bench_verdict verdict);

#endif

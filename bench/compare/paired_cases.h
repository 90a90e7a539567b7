/* The cases that two inputs have in common, each with the values that are drawn and ranked.
 *
 * Uncertain rounds are left out, those made in turn as pairs: other work decided their times, and a
 * round more costs less than a verdict on that work. Whether a round is uncertain is known from the
 * scheduler and not from its time, so that leaving it out favours neither side. Where no others are
 * left, they stay, for their figures are all that there is, and the case is uncertain.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_PAIRED_CASES_H
#define BENCH_COMPARE_PAIRED_CASES_H

#include "bench/compare/input.h"
#include "bench/measure/measure.h"

/* The values that are drawn and ranked. */
enum bench_design {
    BENCH_BY_SAMPLE, /* the samples of one run each, as if they were independent */
    BENCH_BY_ROUND,  /* the medians of runs */
    BENCH_BY_PAIR    /* the ratios of the medians of runs that were made in turn */
};

struct bench_paired_case {
    struct bench_timed_case base,
        candidate;  /* with arrays of their own, of the rounds that count */
    bool uncertain; /* no change may be found in it */
    struct bench_pair pair;
    double *owned; /* values of the pair that are to be freed; NULL: none */
};

struct bench_paired_cases {
    struct bench_paired_case *items;
    size_t count;
};

/* Finds the cases of both inputs, in the order of the base, without their values. */
void bench_paired_cases_find(const struct bench_input *base, const struct bench_input *candidate,
                             struct bench_paired_cases *kernels,
                             struct bench_paired_cases *ceilings);
void bench_paired_cases_free(struct bench_paired_cases *cases);

/* Returns BENCH_BY_PAIR if all rounds of the two inputs were made in turn. */
enum bench_design bench_design_of(const struct bench_paired_cases *kernels);

/* Fills in the values. */
void bench_paired_cases_pair(struct bench_paired_cases *cases, enum bench_design design);

#endif

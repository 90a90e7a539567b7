/* What two sides have times of in common, paired as it is to be drawn and ranked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_COMPARE_COMMON_H
#define BENCH_COMPARE_COMMON_H

#include "bench/compare/side.h"
#include "bench/measure/measure.h"

/* What is drawn and ranked. */
enum bench_design {
    BENCH_BY_SAMPLE, /* one run each: the samples, as if they were independent */
    BENCH_BY_ROUND,  /* the medians of runs */
    BENCH_BY_PAIR    /* the ratios of the medians of runs that were made in turn */
};

struct bench_common {
    const struct bench_timed *base, *timed;
    struct bench_pair pair;
    double *made; /* what of the pair is to be freed */
};

struct bench_commons {
    struct bench_common *items;
    size_t count;
};

/* In the order of the base. */
void bench_find_commons(const struct bench_side *base, const struct bench_side *side,
                        struct bench_commons *kernels, struct bench_commons *ceilings);
void bench_commons_free(struct bench_commons *commons);

/* By pair where all rounds of the two sides were made in turn. */
enum bench_design bench_design_of(const struct bench_commons *kernels);

/* Fills in the pairs. */
void bench_commons_pair(struct bench_commons *commons, enum bench_design design);

#endif

/* What two sides have times of in common, paired as it is to be drawn and ranked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_COMMON_H
#define NORMA_BENCH_COMMON_H

#include "side.h"
#include "statistics.h"

/* What is drawn and ranked. */
enum norma_design {
    NORMA_BY_SAMPLE, /* one run each: the samples, as if they were independent */
    NORMA_BY_ROUND,  /* the medians of runs */
    NORMA_BY_PAIR    /* the ratios of the medians of runs that were made in turn */
};

struct norma_common {
    const struct norma_timed *base, *timed;
    struct norma_pair pair;
    double *made; /* what of the pair is to be freed */
};

struct norma_commons {
    struct norma_common *items;
    size_t count;
};

/* In the order of the base. */
void norma_find_commons(const struct norma_side *base, const struct norma_side *side,
                        struct norma_commons *kernels, struct norma_commons *ceilings);
void norma_commons_free(struct norma_commons *commons);

/* By pair where all rounds of the two sides were made in turn. */
enum norma_design norma_design_of(const struct norma_commons *kernels);

/* Fills in the pairs. */
void norma_commons_pair(struct norma_commons *commons, enum norma_design design);

#endif

/* The plan: everything about an execution that does not depend on the data.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLAN_H
#define NORMA_PLAN_H

#include "norma.h"
#include "operators/operator.h"
#include "sets/set.h"

/* Two ways to go over a tensor; neither changes a bit of the result.
 *
 * Tiled: the tensor is cut into tiles that hold whole statistics sets and, if possible, stay in
 * cache; each thread takes a tile through moments, coefficients and affine before the next, so
 * memory is read once.
 * Phased: with fewer statistics sets than threads, all threads take the moments of pieces of them,
 * then all apply. */
struct norma_tiling {
    int64_t samples;  /* per tile */
    int64_t channels; /* per tile; whole statistics sets */
};

struct norma_plan {
    struct norma_problem problem;
    const struct norma_operator_rules *rules;
    const struct norma_set *set;
    int threads;
    bool phased;
    struct norma_tiling tiling; /* one tile of everything when phased */

    int64_t spatial;          /* S */
    int64_t style_spatial;    /* S of the style tensor; 0: none */
    int64_t channels_per_run; /* of one contiguous run that statistics are taken over */
    int64_t run_length;       /* elements: channels_per_run * S */

    bool instance; /* statistics per run: all operators but bn, and bn on the way to the batch's */
    bool stream;   /* y is too large to stay in any cache: store past them, unless in place */
    bool merge;    /* batch statistics from the data: bn and bin in training */

    size_t scratch;   /* doubles per tile in the workspace */
    size_t workspace; /* bytes */
};

static inline int64_t norma_divide_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

#endif

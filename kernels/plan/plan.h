/* The plan: everything about an execution that does not depend on the data.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PLAN_PLAN_H
#define KERNELS_PLAN_PLAN_H

#include "kernels/operators/operators.h"
#include "kernels/plan/profile.h"
#include "kernels/plan/tuning.h"
#include "kernels/sets/sets.h"
#include <norma.h>

/* Three ways to go over a tensor; none changes a bit of the result.
 *
 * Tiled: the tensor is cut into tiles that hold whole statistics sets and, if possible, stay in
 * cache; each thread takes a tile through all stages before the next, so memory is read once.
 * Phased: with fewer statistics sets than threads, or sets that depend on each other, all threads
 * take the sums of pieces of them, then all apply.
 * Crossed, of one channels-last sample: each thread takes the sums of a tile of channels, so that
 * there is nothing to merge, and then whole rows: where a row's pieces are written by several
 * threads, each prefetches what another one writes. */
struct norma_tiling {
    int64_t samples;  /* per tile */
    int64_t channels; /* per tile; whole statistics sets */
};

struct norma_plan {
    struct norma_problem problem;
    const struct norma_operator_descriptor *descriptor;
    const struct norma_set *set;
    struct norma_tuning tuning;
    const char *profile; /* path of that which has the tuning; NULL: it is the default */
    int threads;
    bool two_phase, split_channels;
    struct norma_tiling tiling; /* one tile of everything when phased */

    /* Channels are innermost: a sample is a matrix of positions x channels. So it is with S = 1,
     * whatever the layout. */
    bool columns, style_columns; /* of x and its like; of the style tensor */
    int64_t samples;             /* N */
    int64_t spatial; /* S; of a batch normalization down columns, one sample has all positions */
    int64_t regions; /* R: at least 1 */
    int64_t styles;  /* K: of each sample; 0: the operator has none */
    int64_t style_spatial;     /* S of the style tensor; 0: none */
    int64_t channels_per_span; /* of one contiguous run that statistics are taken over */
    int64_t span_length;       /* elements: channels_per_run * S */
    bool rows;                 /* S = 1, and statistics of whole samples: see stages/rows.h */
    int64_t parameter_parts;   /* sums that the gradients of the parameters are made of: of each
                                 sample, or of a group of rows */
    bool contiguous_spans;     /* a run's elements follow each other, whatever the layout */
    double epsilon;            /* 0 where the operator's form has none */

    bool backward;
    bool instance; /* statistics per run: all operators but bn, and bn on the way to the batch's */
    bool moments;  /* ... computed from x */
    bool style_moments; /* the style's statistics are computed from the style tensor */
    bool merge;         /* batch statistics from the data: bn, bin, unit layer in training */
    bool all_samples;   /* a tile needs all samples of its channels */
    bool elementwise;   /* unit with an alpha per element */
    bool mixed;         /* several styles make one, by weight */
    bool loss;          /* the style loss may be asked for */
    bool stream;        /* the result is stored past the caches, unless in place */
    int64_t
        prefetch_distance; /* elements from a tile to the next, which is then prefetched; 0: not */

    size_t workspace; /* bytes */
};

/* Bytes of x, and of what a pass reads of some planes: x, backward with dy. */
int64_t norma_bytes_of_x(const struct norma_plan *plan);
int64_t norma_bytes_read(const struct norma_plan *plan, int64_t planes);

/* By the bytes of x and y. */
norma_size_class norma_plan_size_class(const struct norma_plan *plan);

/* Threads that x is large enough for, at least one. */
int64_t norma_worthwhile_threads(const struct norma_plan *plan);

/* Statistics sets that can be worked on independently. */
int64_t norma_independent_sets(const struct norma_plan *plan);

static inline bool norma_is_empty(const struct norma_plan *plan) {
    return plan->problem.n * plan->problem.c * plan->spatial == 0;
}

static inline int64_t norma_divide_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

#endif

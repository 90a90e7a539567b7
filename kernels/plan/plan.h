/* The plan: everything about an execution that does not depend on the data.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_PLAN_PLAN_H
#define KERNELS_PLAN_PLAN_H

#include "kernels/operators/operators.h"
#include "kernels/plan/caches.h"
#include "kernels/plan/integer_math.h"
#include "kernels/plan/profile.h"
#include "kernels/plan/team.h"
#include "kernels/sets/sets.h"
#include <norma.h>

/* How the channels of a tensor lie in memory. */
enum norma_order {
    NORMA_ORDER_PLANES, /* the S positions of a channel follow each other */
    /* Channels are innermost: a sample is a matrix whose rows are positions and whose columns are
     * channels. It is also the order of every tensor with S = 1, whatever its layout is called. */
    NORMA_ORDER_COLUMNS
};

/* The ways to go over a tensor. None of them changes a bit of the result. */
enum norma_strategy {
    /* All threads take the sums of pieces of the statistics sets, and then all apply. It is for
     * tensors with fewer statistics sets than threads, and for sets that depend on each other. */
    NORMA_STRATEGY_TWO_PHASE,
    /* It is for one channels-last sample. Each thread takes the sums of a tile of channels, so that
     * there is nothing to merge, and then applies to whole rows. If several threads wrote pieces of
     * the same row, each would prefetch memory that another one writes. */
    NORMA_STRATEGY_SPLIT_CHANNELS,
    /* In all that follow, each thread takes a tile through all stages before the next one, so that
     * memory is read once. A tile holds whole statistics sets and, if possible, stays in a
     * cache. */
    NORMA_STRATEGY_TILES_OF_COLUMNS, /* channels-last: some channels of all rows, for each thread */
    NORMA_STRATEGY_TILES_OF_ROWS,    /* channels-last: whole samples */
    NORMA_STRATEGY_TILES_OF_CHANNELS, /* some channels of all samples */
    NORMA_STRATEGY_TILES_OF_SAMPLES   /* whole samples, or some spans of one */
};

struct norma_tiling {
    int64_t samples;  /* per tile */
    int64_t channels; /* per tile; whole statistics sets */
};

struct norma_plan {
    struct norma_problem problem;
    const struct norma_operator_descriptor *descriptor;
    const struct norma_set *set;
    struct norma_tuning tuning;
    const char *profile; /* path of the profile that the tuning is from; NULL: the default tuning */
    int threads;
    enum norma_strategy strategy;
    struct norma_tiling tiling; /* two-phase: one tile that holds everything */

    enum norma_order order;       /* of x and of all tensors of its shape */
    enum norma_order style_order; /* of the style tensor */
    int64_t samples;              /* N */
    int64_t spatial; /* S. A channels-last batch normalization has one sample of N S positions */
    int64_t regions; /* R, at least 1 */
    int64_t styles;  /* K, styles of each sample; 0: the operator has none */
    int64_t style_spatial;     /* S of the style tensor; 0: there is no such tensor */
    int64_t channels_per_span; /* a span is what statistics are taken over */
    int64_t span_length;       /* elements: channels_per_span * S */
    bool contiguous_spans;     /* the elements of a span follow each other in memory */
    bool row_statistics;       /* S = 1, and statistics of whole samples: see stages/rows.h */
    int64_t row_group; /* backward with row_statistics: rows that a thread takes in order; else 0 */
    /* Partial sums of the gradients of the parameters: one for each sample or, with row_statistics,
     * for each group of rows. */
    int64_t parameter_parts;
    double epsilon; /* 0 where the operator's form has none */

    bool backward;
    bool instance;      /* there are statistics per span; bn has them in training, to be merged */
    bool moments;       /* these are computed from x */
    bool style_moments; /* the style's statistics are computed from the style tensor */
    bool merge;         /* batch statistics come from the data: bn, bin, unit layer in training */
    bool recover;       /* backward: large means are computed from x (see recovered_means.h) */
    bool all_samples;   /* a tile needs all samples of its channels */
    bool elementwise;   /* unit with an alpha per element */
    bool mixed_styles;  /* several styles are mixed into one, by weight */
    bool loss;          /* the caller may request the style loss */
    bool stream;        /* the result is stored past the caches, unless in place */
    int64_t prefetch_distance; /* elements from a tile to the next, which is then prefetched; 0: no
                                  prefetching */

    size_t workspace;       /* bytes */
    size_t stage_workspace; /* bytes, in steps */
};

static inline bool norma_is_empty(const struct norma_plan *plan) {
    return plan->problem.n * plan->problem.c * plan->spatial == 0;
}

static inline bool norma_has_relu(const struct norma_plan *plan) {
    return plan->problem.epilogue != NORMA_EPILOGUE_NONE;
}

static inline bool norma_adds_residual(const struct norma_plan *plan) {
    return plan->problem.epilogue == NORMA_EPILOGUE_ADD_RELU;
}

/* Checks whether the operator subtracts the means of x's own spans. One that mixes samples
 * subtracts those of the batch alone. */
static inline bool norma_has_means_of_spans(const struct norma_plan *plan) {
    return plan->descriptor->instance && !plan->descriptor->squared_norm &&
           !plan->descriptor->mix_samples;
}

/* Checks whether a backward pass depends on x by the batch's means, which running ones do not. */
static inline bool norma_has_means_of_batch(const struct norma_plan *plan) {
    return plan->descriptor->batch && plan->problem.pass == NORMA_PASS_BACKWARD;
}

/* Checks whether dx depends on x. Batch normalization by constant statistics does not. */
static inline bool norma_needs_x(const struct norma_plan *plan) {
    return plan->descriptor->instance || plan->problem.pass == NORMA_PASS_BACKWARD;
}

/* Checks whether planes of one channel have the same coefficients in every sample, so that these
 * are computed once. */
static inline bool norma_has_samples_together(const struct norma_plan *plan) {
    return !plan->descriptor->instance && plan->order == NORMA_ORDER_PLANES && plan->regions == 1 &&
           !plan->elementwise;
}

/* Returns the number of statistics sets that can be worked on independently. */
static inline int64_t norma_independent_sets(const struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return plan->all_samples ? 1 : plan->backward ? plan->parameter_parts : plan->samples;
    case NORMA_ORDER_PLANES:
        break;
    }
    return plan->all_samples ? problem->c : problem->n * (problem->c / plan->channels_per_span);
}

/* ---- elements -----------------------------------------------------------------------------
 *
 * The stages handle tensors of elements (x, y, residual, dy, dx, dresidual, style, dstyle) as
 * untyped memory. Beside the sets, only the functions here depend on the type of an element. */

static inline int64_t norma_element_bytes(const struct norma_plan *plan) {
    switch (plan->problem.dtype) {
    case NORMA_DTYPE_F32:
        break;
    }
    return (int64_t)sizeof(float);
}

/* Returns a pointer to an element of an input; NULL if the tensor is NULL. */
static inline const void *norma_element_at(const struct norma_plan *plan, const void *tensor,
                                           int64_t offset) {
    return tensor ? (const char *)tensor + offset * norma_element_bytes(plan) : NULL;
}

/* Returns a pointer to an element of an output; NULL if the tensor is NULL. */
static inline void *norma_output_at(const struct norma_plan *plan, void *tensor, int64_t offset) {
    return tensor ? (char *)tensor + offset * norma_element_bytes(plan) : NULL;
}

static inline float norma_read_element(const struct norma_plan *plan, const void *tensor,
                                       int64_t offset) {
    return *(const float *)norma_element_at(plan, tensor, offset);
}

static inline void norma_write_element(const struct norma_plan *plan, void *tensor, int64_t offset,
                                       float value) {
    *(float *)norma_output_at(plan, tensor, offset) = value;
}

/* ---- sizes -------------------------------------------------------------------------------- */

/* Returns the bytes of so many planes of a tensor. */
static inline int64_t norma_bytes_of_planes(const struct norma_plan *plan, int64_t planes) {
    return planes * plan->spatial * norma_element_bytes(plan);
}

static inline int64_t norma_bytes_of_x(const struct norma_plan *plan) {
    return norma_bytes_of_planes(plan, plan->samples * plan->problem.c);
}

/* Returns the number of tensors that a pass reads: x and, backward, dy. */
static inline int64_t norma_tensors_read(const struct norma_plan *plan) {
    return plan->backward ? 2 : 1;
}

/* Returns the bytes that a pass reads of so many planes. */
static inline int64_t norma_bytes_read(const struct norma_plan *plan, int64_t planes) {
    return norma_bytes_of_planes(plan, planes) * norma_tensors_read(plan);
}

/* Returns the class that x and y belong to by their bytes. */
static inline norma_size_class norma_plan_size_class(const struct norma_plan *plan) {
    return norma_size_class_of(2 * norma_bytes_of_x(plan));
}

/* Returns the number of threads that x is large enough for, at least one. */
static inline int64_t norma_worthwhile_threads(const struct norma_plan *plan) {
    return norma_max(1, norma_bytes_of_x(plan) / plan->tuning.thread_bytes);
}

#endif

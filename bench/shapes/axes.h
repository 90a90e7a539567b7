/* The micro-batches, passes, layouts and operators of a sweep.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_SHAPES_AXES_H
#define BENCH_SHAPES_AXES_H

#include "bench/shapes/shape_set.h"

enum {
    BENCH_PASS_COUNT = NORMA_PASS_INFERENCE_BACKWARD + 1,
    BENCH_LAYOUT_COUNT = NORMA_LAYOUT_NSC + 1
};

/* What a shape is combined with: operators and micro-batches; passes and layouts, which problems
 * named by themselves are combined with, too, if they are given. */
struct bench_sweep_axes {
    bool operator_chosen[NORMA_OPERATOR_COUNT];
    bool operators_given;     /* false: a layer's own operators count */
    bool micro_batches_given; /* false: a layer's own micro-batches count */
    bool passes_given;        /* false: a problem's own pass counts */
    bool layouts_given;       /* false: a problem's own layout counts */
    size_t micro_batch_count;
    int64_t micro_batches[BENCH_MICRO_BATCHES];
    bool pass_chosen[BENCH_PASS_COUNT];
    bool layout_chosen[BENCH_LAYOUT_COUNT];
};

#endif

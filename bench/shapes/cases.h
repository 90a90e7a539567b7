/* The cases of a sweep: shape sets × micro-batches × passes × layouts × operators, and problems
 * named one by one, each problem once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_SHAPES_CASES_H
#define BENCH_SHAPES_CASES_H

#include "bench/shapes/shape_set.h"

#include <jansson.h>

enum {
    BENCH_PASS_COUNT = NORMA_PASS_INFERENCE_BACKWARD + 1,
    BENCH_LAYOUT_COUNT = NORMA_LAYOUT_NSC + 1
};

/* A layer that a problem stands for. */
struct bench_origin {
    char *shapes; /* the name of the set; "" for a problem named by itself */
    char layer[BENCH_LAYER_TEXT];
    int64_t count;
};

struct bench_case {
    struct norma_problem problem;
    char text[NORMA_PROBLEM_TEXT];
    struct bench_origin *origins; /* sets share problems: one measurement serves all of them */
    size_t origin_count;
};

struct bench_cases {
    struct bench_case *items;
    size_t count;
    json_t *index; /* from the text of a problem to its position in items */
};

/* The micro-batches, passes, layouts and operators that a shape is combined with. */
struct bench_sweep_axes {
    bool operator_chosen[NORMA_OPERATOR_COUNT];
    bool operators_given;     /* false: a set's own operators count */
    bool micro_batches_given; /* false: a layer's own micro-batches count */
    size_t micro_batch_count;
    int64_t micro_batches[BENCH_MICRO_BATCHES];
    bool pass_chosen[BENCH_PASS_COUNT];
    bool layout_chosen[BENCH_LAYOUT_COUNT];
};

/* Adds one problem. Returns false, with *error, if the text is not a problem. */
bool bench_cases_add_problem(struct bench_cases *cases, const char *text,
                             struct tool_message *error);
/* Adds a file of problems, one a line; "-" is standard input. */
bool bench_cases_add_file(struct bench_cases *cases, const char *path, struct tool_message *error);
/* Adds a shape set. Passes that an operator does not have are left out. */
bool bench_cases_add_set(struct bench_cases *cases, const struct bench_shape_set *set,
                         const struct bench_sweep_axes *axes, struct tool_message *error);

/* Keeps the shard number index, counted from 1. Each case is in exactly one of the shards. */
void bench_cases_keep_shard(struct bench_cases *cases, size_t index, size_t shards);

void bench_cases_free(struct bench_cases *cases);

#endif

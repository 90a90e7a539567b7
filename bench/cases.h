/* The cases of a sweep: shape sets × micro-batches × passes × operators, and problems named one by
 * one, each problem once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_CASES_H
#define NORMA_BENCH_CASES_H

#include "shapes.h"

#include <jansson.h>

enum { NORMA_PASS_COUNT = NORMA_INFERENCE_BACKWARD + 1, NORMA_LAYOUT_COUNT = NORMA_NSC + 1 };

/* A layer that a problem stands for. */
struct norma_origin {
    char *shapes; /* name of the set; "" for a problem named by itself */
    char layer[NORMA_LAYER_TEXT];
    int64_t count;
};

struct norma_case {
    struct norma_problem problem;
    char text[NORMA_PROBLEM_TEXT];
    struct norma_origin *origins; /* sets share problems: one measurement serves all of them */
    size_t origin_count;
};

struct norma_cases {
    struct norma_case *items;
    size_t count;
    json_t *index; /* text -> position in items */
};

/* What a shape is combined with. */
struct norma_sweep_axes {
    bool operator_chosen[NORMA_OPERATOR_COUNT];
    bool operators_given;     /* else a set's own operators count */
    bool micro_batches_given; /* else a layer's own micro-batches count */
    size_t micro_batch_count;
    int64_t micro_batches[NORMA_MICRO_BATCHES];
    bool pass_chosen[NORMA_PASS_COUNT];
    bool layout_chosen[NORMA_LAYOUT_COUNT];
};

/* One problem; *error where the text is none. */
bool norma_cases_add_problem(struct norma_cases *cases, const char *text,
                             struct norma_message *error);
/* A file of problems, one a line; "-": standard input. */
bool norma_cases_add_file(struct norma_cases *cases, const char *path, struct norma_message *error);
/* Passes that an operator has not are no problems: they are left out. */
bool norma_cases_add_set(struct norma_cases *cases, const struct norma_shape_set *set,
                         const struct norma_sweep_axes *axes, struct norma_message *error);

/* Keeps shard number index, from 1, of `of`: the shards of a sweep share nothing and lack nothing.
 */
void norma_cases_keep_shard(struct norma_cases *cases, size_t index, size_t of);

void norma_cases_free(struct norma_cases *cases);

#endif

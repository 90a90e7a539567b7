/* The cases of a sweep: shape sets × micro-batches × passes × layouts × operators, and problems
 * named one by one, each problem once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_SHAPES_CASES_H
#define BENCH_SHAPES_CASES_H

#include "bench/shapes/axes.h"

#include <jansson.h>

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

/* Adds one problem, in the passes and layouts that are given (named_problem.h). Returns false, with
 * *error, if the text is not a problem. */
bool bench_cases_add_problem(struct bench_cases *cases, const char *text,
                             const struct bench_sweep_axes *axes, struct tool_message *error);
/* Adds a file of problems, one a line, in the same way; "-" is standard input. */
bool bench_cases_add_file(struct bench_cases *cases, const char *path,
                          const struct bench_sweep_axes *axes, struct tool_message *error);
/* Adds a shape set. Passes that an operator does not have are left out. */
bool bench_cases_add_set(struct bench_cases *cases, const struct bench_shape_set *set,
                         const struct bench_sweep_axes *axes, struct tool_message *error);

/* Keeps the shard number index, counted from 1. Each case is in exactly one of the shards. */
void bench_cases_keep_shard(struct bench_cases *cases, size_t index, size_t shards);

void bench_cases_free(struct bench_cases *cases);

#endif

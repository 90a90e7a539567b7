/* Shape sets: the layers of a network, as plain text files (bench/README.md has the format).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_SHAPES_SHAPE_SET_H
#define BENCH_SHAPES_SHAPE_SET_H

#include "verify/harness/tool/tool.h"
#include <norma.h>

enum { BENCH_MICRO_BATCHES = 16, BENCH_LAYER_TEXT = 96 };

struct bench_shape {
    bool for_operator[NORMA_OPERATOR_COUNT]; /* all are true, unless a line before it names some */
    int64_t channels;
    int spatial_rank;
    int64_t spatial[NORMA_MAX_SPATIAL];
    int64_t count;            /* how often the layer occurs in the network */
    size_t micro_batch_count; /* 0: it has none of its own, and those of the sweep are used */
    int64_t micro_batches[BENCH_MICRO_BATCHES];
    char layer[BENCH_LAYER_TEXT]; /* "64@56x56" */
};

struct bench_shape_set {
    char *name;
    struct bench_shape *shapes;
    size_t count;
};

/* Reads a set: the name of a set in one of the shape folders, the path of a file (with a '/' or a
 * '.'), or "-" for standard input. On failure *error says where, and what was expected, and *set is
 * empty. */
bool bench_shape_set_read(const char *name, struct bench_shape_set *set,
                          struct tool_message *error);
void bench_shape_set_free(struct bench_shape_set *set);

/* Writes a shape as "64@56x56". */
void bench_layer_print(int64_t channels, int spatial_rank, const int64_t *spatial,
                       char layer[BENCH_LAYER_TEXT]);

#endif

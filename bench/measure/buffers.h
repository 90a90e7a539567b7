/* The tensors that all implementations run on: one mapping per tensor, kept for the whole sweep.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_BUFFERS_H
#define BENCH_MEASURE_BUFFERS_H

#include "reference/interface/interface.h"

struct bench_buffers {
    struct {
        void *memory;
        size_t size;    /* bytes mapped; they cost nothing until touched */
        size_t touched; /* bytes from the start that are backed by memory */
    } maps[REFERENCE_TENSOR_COUNT];
    bool several_nodes;
};

/* Begins without mappings. several_nodes: this machine's memory is not equally near to all
 * cores. */
void bench_buffers_open(struct bench_buffers *buffers, bool several_nodes);
void bench_buffers_close(struct bench_buffers *buffers);

/* Makes room for the tensors of the problem, with their pages near the threads that will use them.
 * Contents are lost. Sets pointers[id], to NULL for a tensor that the problem does not use. Returns
 * false if there is not enough memory. */
bool bench_buffers_place(struct bench_buffers *buffers, const struct norma_problem *problem,
                         int threads, void *pointers[REFERENCE_TENSOR_COUNT]);

/* Fills every output with NaN, so that an output that is not written does not pass for right. */
void bench_buffers_poison(const struct norma_problem *problem,
                          void *const pointers[REFERENCE_TENSOR_COUNT], int threads);

/* Repeats the inputs of the small problem up to the size of the large one, which must differ from
 * it in nothing but having more samples. A permutation stays a permutation. */
void bench_buffers_repeat(const struct norma_problem *small, const struct norma_problem *large,
                          void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif

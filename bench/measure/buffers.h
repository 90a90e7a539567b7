/* The tensors that everything runs on: one mapping per tensor, kept for the whole sweep.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_BUFFERS_H
#define BENCH_MEASURE_BUFFERS_H

#include "reference/interface/interface.h"

struct bench_buffers {
    struct {
        void *memory;
        size_t size;    /* mapped; costs nothing until touched */
        size_t touched; /* bytes from the start that have memory behind them */
    } maps[REFERENCE_TENSOR_COUNT];
    bool several_nodes;
};

/* Maps nothing yet. several_nodes: this machine's memory is not equally near to all cores. */
void bench_buffers_open(struct bench_buffers *buffers, bool several_nodes);
void bench_buffers_close(struct bench_buffers *buffers);

/* Makes room for the tensors of the problem, their pages near to the threads that will use them.
 * Contents are lost. pointers[id] is NULL for a tensor that the problem does not use. False where
 * there is no memory. */
bool bench_buffers_place(struct bench_buffers *buffers, const struct norma_problem *problem,
                         int threads, void *pointers[REFERENCE_TENSOR_COUNT]);

/* Makes every output NaN, so that one that is not written does not pass for right. */
void bench_buffers_poison(const struct norma_problem *problem,
                          void *const pointers[REFERENCE_TENSOR_COUNT], int threads);

/* Inputs are there for the small problem: repeats them up to the size of the large one, which
 * has more samples and differs in nothing else. A permutation stays one. */
void bench_buffers_repeat(const struct norma_problem *small, const struct norma_problem *large,
                          void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif

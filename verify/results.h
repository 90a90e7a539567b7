/* What an execution wrote: kept, compared to the bit, hashed. Which NaN a NaN is counts nowhere.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_RESULTS_H
#define NORMA_VERIFY_RESULTS_H

#include "tensors.h"

/* Copies of the outputs; NULL: not asked for. */
struct norma_results {
    float *data[NORMA_TENSOR_COUNT];
};

/* False: no memory. */
bool norma_results_keep(struct norma_results *results, const struct norma_problem *problem,
                        void *const pointers[NORMA_TENSOR_COUNT]);
void norma_results_release(struct norma_results *results);

/* To the bit, NaNs included, and of the same outputs. */
bool norma_results_equal(const struct norma_results *results, const struct norma_problem *problem,
                         void *const pointers[NORMA_TENSOR_COUNT]);

/* An element that differs; no tensor: all are the same. */
struct norma_difference {
    const char *tensor;
    int64_t index;
    double kept, got;
};

struct norma_difference norma_results_compare(const struct norma_results *results,
                                              const struct norma_problem *problem,
                                              void *const pointers[NORMA_TENSOR_COUNT]);

/* The same value, the same sign of zero, or both NaN. */
bool norma_same_float(float a, float b);

uint64_t norma_results_hash(uint64_t hash, const struct norma_problem *problem,
                            void *const pointers[NORMA_TENSOR_COUNT]);

#endif

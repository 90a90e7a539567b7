/* What an execution wrote: kept, compared to the bit, hashed. Which NaN a NaN is counts nowhere.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_KEPT_RESULTS_H
#define VERIFY_TRUTH_KEPT_RESULTS_H

#include "reference/interface/interface.h"

/* Copies of the outputs; NULL: not asked for. */
struct verify_results {
    float *data[REFERENCE_TENSOR_COUNT];
};

/* False: no memory. */
bool verify_results_keep(struct verify_results *results, const struct norma_problem *problem,
                         void *const pointers[REFERENCE_TENSOR_COUNT]);
void verify_results_release(struct verify_results *results);

/* To the bit, NaNs included, and of the same outputs. */
bool verify_results_equal(const struct verify_results *results, const struct norma_problem *problem,
                          void *const pointers[REFERENCE_TENSOR_COUNT]);

/* An element that differs; no tensor: all are the same. */
struct verify_difference {
    const char *tensor;
    int64_t index;
    double kept, got;
};

struct verify_difference verify_results_compare(const struct verify_results *results,
                                                const struct norma_problem *problem,
                                                void *const pointers[REFERENCE_TENSOR_COUNT]);

/* The same value, the same sign of zero, or both NaN. */
bool verify_same_float(float a, float b);

uint64_t verify_results_hash(uint64_t hash, const struct norma_problem *problem,
                             void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif

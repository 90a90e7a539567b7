/* Results of an execution: kept, compared to the bit, hashed. Differences and hashes take all NaNs
 * for the same, because the processor decides which of them a computation gives.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_KEPT_RESULTS_H
#define VERIFY_TRUTH_KEPT_RESULTS_H

#include "reference/interface/interface.h"

/* Copies of the outputs; NULL where an output was left out. */
struct verify_results {
    void *data[REFERENCE_TENSOR_COUNT];
};

/* Copies all outputs. Returns false if there is not enough memory. */
bool verify_results_keep(struct verify_results *results, const struct norma_problem *problem,
                         void *const pointers[REFERENCE_TENSOR_COUNT]);
void verify_results_release(struct verify_results *results);

/* Checks whether the outputs are the same ones, with the same bits, even those of NaNs. */
bool verify_results_equal(const struct verify_results *results, const struct norma_problem *problem,
                          void *const pointers[REFERENCE_TENSOR_COUNT]);

/* An element that differs. The tensor is NULL if there is none. */
struct verify_difference {
    const char *tensor;
    int64_t index;
    double kept, got;
};

/* Returns the first element that differs. */
struct verify_difference verify_results_compare(const struct verify_results *results,
                                                const struct norma_problem *problem,
                                                void *const pointers[REFERENCE_TENSOR_COUNT]);

/* Checks whether both are the same value with the same sign of zero, or both are NaN. */
bool verify_same_value(double a, double b);

/* ---- hashes ------------------------------------------------------------------------------- */

/* Returns the hash of nothing. */
uint64_t verify_hash_start(void);

/* Returns the hash extended by a word, or by `count` elements. */
uint64_t verify_hash_word(uint64_t hash, uint64_t word);
uint64_t verify_hash_elements(uint64_t hash, norma_dtype dtype, const void *data, int64_t count);

/* Returns the hash extended by all outputs. */
uint64_t verify_results_hash(uint64_t hash, const struct norma_problem *problem,
                             void *const pointers[REFERENCE_TENSOR_COUNT]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/kept_results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool verify_results_keep(struct verify_results *results, const struct norma_problem *problem,
                         void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    *results = (struct verify_results){{NULL}};
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (!reference_is_output(&tensors[id]) || !pointers[id]) {
            continue;
        }
        results->data[id] = malloc(reference_tensor_bytes(&tensors[id]) + 1);
        if (!results->data[id]) {
            verify_results_release(results);
            return false;
        }
        memcpy(results->data[id], pointers[id], reference_tensor_bytes(&tensors[id]));
    }
    return true;
}

void verify_results_release(struct verify_results *results) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(results->data[id]);
        results->data[id] = NULL;
    }
}

bool verify_results_equal(const struct verify_results *results, const struct norma_problem *problem,
                          void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (!reference_is_output(&tensors[id])) {
            continue;
        }
        const void *kept = results->data[id], *got = pointers[id];
        if (!kept != !got ||
            (kept && memcmp(kept, got, reference_tensor_bytes(&tensors[id])) != 0)) {
            return false;
        }
    }
    return true;
}

bool verify_same_value(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

struct verify_difference verify_results_compare(const struct verify_results *results,
                                                const struct norma_problem *problem,
                                                void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const norma_dtype dtype = reference_dtype_of(problem, (enum reference_tensor_id)id);
        const bool both = results->data[id] && pointers[id];
        for (int64_t i = 0; both && i < tensors[id].count; i++) {
            const double kept = reference_load(dtype, results->data[id], i);
            const double got = reference_load(dtype, pointers[id], i);
            if (!verify_same_value(kept, got)) {
                return (struct verify_difference){tensors[id].name, i, kept, got};
            }
        }
    }
    return (struct verify_difference){NULL, 0, 0.0, 0.0};
}

/* ---- hashes ------------------------------------------------------------------------------- */

uint64_t verify_hash_start(void) {
    return UINT64_C(0xcbf29ce484222325);
}

/* This is FNV-1a by words instead of bytes, with a shift, because a product carries nothing from
 * high bits to low ones. */
uint64_t verify_hash_word(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x100000001b3);
    return hash ^ (hash >> 29);
}

/* Every element is exact as a float, whose bits are hashed. */
uint64_t verify_hash_elements(uint64_t hash, norma_dtype dtype, const void *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        const float value = (float)reference_load(dtype, data, i);
        uint32_t bits = UINT32_C(0x7fc00000);
        if (!isnan(value)) {
            memcpy(&bits, &value, sizeof bits);
        }
        hash = verify_hash_word(hash, bits);
    }
    return hash;
}

uint64_t verify_results_hash(uint64_t hash, const struct norma_problem *problem,
                             void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&tensors[id]) && pointers[id]) {
            hash = verify_hash_elements(hash,
                                        reference_dtype_of(problem, (enum reference_tensor_id)id),
                                        pointers[id], tensors[id].count);
        }
    }
    return hash;
}

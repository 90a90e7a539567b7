/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/kept_results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verify/truth/hash.h"

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
        const float *kept = results->data[id], *got = pointers[id];
        if (!kept != !got ||
            (kept && memcmp(kept, got, reference_tensor_bytes(&tensors[id])) != 0)) {
            return false;
        }
    }
    return true;
}

bool verify_same_float(float a, float b) {
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

struct verify_difference verify_results_compare(const struct verify_results *results,
                                                const struct norma_problem *problem,
                                                void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const float *kept = results->data[id], *got = pointers[id];
        for (int64_t i = 0; kept && got && i < tensors[id].count; i++) {
            if (!verify_same_float(kept[i], got[i])) {
                return (struct verify_difference){tensors[id].name, i, (double)kept[i],
                                                  (double)got[i]};
            }
        }
    }
    return (struct verify_difference){NULL, 0, 0.0, 0.0};
}

uint64_t verify_results_hash(uint64_t hash, const struct norma_problem *problem,
                             void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&tensors[id]) && pointers[id]) {
            hash = verify_hash_floats(hash, pointers[id], tensors[id].count);
        }
    }
    return hash;
}

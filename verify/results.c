/* SPDX-License-Identifier: Apache-2.0 */
#include "results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

bool norma_results_keep(struct norma_results *results, const struct norma_problem *problem,
                        void *const pointers[NORMA_TENSOR_COUNT]) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    *results = (struct norma_results){{NULL}};
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (!norma_is_output(&tensors[id]) || !pointers[id]) {
            continue;
        }
        results->data[id] = malloc(norma_tensor_bytes(&tensors[id]) + 1);
        if (!results->data[id]) {
            norma_results_release(results);
            return false;
        }
        memcpy(results->data[id], pointers[id], norma_tensor_bytes(&tensors[id]));
    }
    return true;
}

void norma_results_release(struct norma_results *results) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        free(results->data[id]);
        results->data[id] = NULL;
    }
}

bool norma_results_equal(const struct norma_results *results, const struct norma_problem *problem,
                         void *const pointers[NORMA_TENSOR_COUNT]) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (!norma_is_output(&tensors[id])) {
            continue;
        }
        const float *kept = results->data[id], *got = pointers[id];
        if (!kept != !got || (kept && memcmp(kept, got, norma_tensor_bytes(&tensors[id])) != 0)) {
            return false;
        }
    }
    return true;
}

bool norma_same_float(float a, float b) {
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

struct norma_difference norma_results_compare(const struct norma_results *results,
                                              const struct norma_problem *problem,
                                              void *const pointers[NORMA_TENSOR_COUNT]) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const float *kept = results->data[id], *got = pointers[id];
        for (int64_t i = 0; kept && got && i < tensors[id].count; i++) {
            if (!norma_same_float(kept[i], got[i])) {
                return (struct norma_difference){tensors[id].name, i, (double)kept[i],
                                                 (double)got[i]};
            }
        }
    }
    return (struct norma_difference){NULL, 0, 0.0, 0.0};
}

uint64_t norma_results_hash(uint64_t hash, const struct norma_problem *problem,
                            void *const pointers[NORMA_TENSOR_COUNT]) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (norma_is_output(&tensors[id]) && pointers[id]) {
            hash = norma_hash_floats(hash, pointers[id], tensors[id].count);
        }
    }
    return hash;
}

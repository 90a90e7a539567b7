/* SPDX-License-Identifier: Apache-2.0 */
#include "truth.h"

#include <stdlib.h>
#include <string.h>

#include "inputs.h"
#include "truth_parts.h"

const char *norma_data_name(enum norma_data data) {
    static const char *const names[NORMA_DATA_COUNT] = {
        [NORMA_DATA_NORMAL] = "normal",     [NORMA_DATA_LARGE_MEAN] = "large-mean",
        [NORMA_DATA_CONSTANT] = "constant", [NORMA_DATA_DEFAULTS] = "defaults",
        [NORMA_DATA_TINY] = "tiny",         [NORMA_DATA_HUGE] = "huge",
        [NORMA_DATA_OUTLIER] = "outlier",   [NORMA_DATA_IMAGE] = "image",
    };
    return data < NORMA_DATA_COUNT ? names[data] : NULL;
}

bool norma_data_suits(enum norma_data data, const struct norma_problem *problem) {
    enum { LEAST = 7 }; /* pixels either way: of fewer, all may be of one colour */
    return data != NORMA_DATA_IMAGE ||
           (problem->spatial_rank == 2 && problem->spatial[0] >= LEAST &&
            problem->spatial[1] >= LEAST);
}

static bool make_inputs(struct norma_truth *truth, enum norma_data data, uint64_t seed) {
    const struct norma_problem *problem = &truth->problem;
    return norma_inputs_make(problem, truth->tensors, data, seed, truth->inputs) &&
           (!norma_is_backward(problem) || norma_expected_statistics(problem, truth->inputs));
}

bool norma_truth_expect(struct norma_truth *truth) {
    const struct norma_args args = norma_tensors_bind(truth->inputs);
    return norma_expected_allocate(&truth->problem, truth->tensors, &truth->expected) &&
           norma_reference_run(&truth->problem, &args, &truth->expected) == NORMA_OK;
}

struct norma_truth *norma_truth_create_inputs(const struct norma_problem *problem,
                                              enum norma_data data, uint64_t seed) {
    struct norma_truth *truth = calloc(1, sizeof *truth);
    struct norma_accepted *accepted = calloc(1, sizeof *accepted);
    if (!truth || !accepted) {
        free(truth);
        free(accepted);
        return NULL;
    }
    truth->accepted = accepted;
    truth->problem = *problem;
    truth->data = data;
    norma_tensors_of(problem, truth->tensors);
    if (!make_inputs(truth, data, seed)) {
        norma_truth_destroy(truth);
        return NULL;
    }
    return truth;
}

struct norma_truth *norma_truth_create(const struct norma_problem *problem, enum norma_data data,
                                       uint64_t seed) {
    struct norma_truth *truth = norma_truth_create_inputs(problem, data, seed);
    if (truth && !norma_truth_expect(truth)) {
        norma_truth_destroy(truth);
        return NULL;
    }
    return truth;
}

void norma_truth_destroy(struct norma_truth *truth) {
    if (!truth) {
        return;
    }
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        free(truth->inputs[id]);
    }
    norma_expected_release(&truth->expected);
    norma_results_release(&truth->accepted->results);
    free(truth->accepted);
    free(truth);
}

void norma_truth_inputs(const struct norma_truth *truth, void *const pointers[NORMA_TENSOR_COUNT]) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (truth->inputs[id] && pointers[id]) {
            memcpy(pointers[id], truth->inputs[id], norma_tensor_bytes(&truth->tensors[id]));
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/ground_truth.h"

#include <stdlib.h>
#include <string.h>

#include "verify/truth/expected.h"
#include "verify/truth/inputs.h"

static bool make_inputs(struct verify_truth *truth, enum verify_data data, uint64_t seed) {
    const struct norma_problem *problem = &truth->problem;
    return verify_inputs_make(problem, truth->tensors, data, seed, truth->inputs) &&
           (!reference_is_backward(problem) || verify_expected_statistics(problem, truth->inputs));
}

bool verify_truth_expect(struct verify_truth *truth) {
    const struct norma_args args = reference_tensors_bind(truth->inputs);
    return verify_expected_allocate(&truth->problem, truth->tensors, &truth->expected) &&
           reference_run(&truth->problem, &args, &truth->expected) == NORMA_STATUS_OK;
}

struct verify_truth *verify_truth_create_inputs(const struct norma_problem *problem,
                                                enum verify_data data, uint64_t seed) {
    struct verify_truth *truth = calloc(1, sizeof *truth);
    struct verify_accepted *accepted = calloc(1, sizeof *accepted);
    if (!truth || !accepted) {
        free(truth);
        free(accepted);
        return NULL;
    }
    truth->accepted = accepted;
    truth->problem = *problem;
    truth->data = data;
    reference_tensors_of(problem, truth->tensors);
    if (!make_inputs(truth, data, seed)) {
        verify_truth_destroy(truth);
        return NULL;
    }
    return truth;
}

struct verify_truth *verify_truth_create(const struct norma_problem *problem, enum verify_data data,
                                         uint64_t seed) {
    struct verify_truth *truth = verify_truth_create_inputs(problem, data, seed);
    if (truth && !verify_truth_expect(truth)) {
        verify_truth_destroy(truth);
        return NULL;
    }
    return truth;
}

void verify_truth_destroy(struct verify_truth *truth) {
    if (!truth) {
        return;
    }
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(truth->inputs[id]);
    }
    verify_expected_release(&truth->expected);
    verify_results_release(&truth->accepted->results);
    free(truth->accepted);
    free(truth);
}

void verify_truth_inputs(const struct verify_truth *truth,
                         void *const pointers[REFERENCE_TENSOR_COUNT]) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (truth->inputs[id] && pointers[id]) {
            memcpy(pointers[id], truth->inputs[id], reference_tensor_bytes(&truth->tensors[id]));
        }
    }
}

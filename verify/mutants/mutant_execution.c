/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/mutants/mutant_execution.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t MOST_COPIED = (size_t)1 << 31;

static void *copy_of(struct verify_execution *execution, const void *bytes, size_t count) {
    void *copy = malloc(count + 1);
    if (!copy || execution->copy_count == sizeof execution->copies / sizeof *execution->copies) {
        fprintf(stderr, "norma-verify: a mutant has not enough memory\n");
        exit(2);
    }
    execution->copies[execution->copy_count++] = copy;
    return memcpy(copy, bytes, count);
}

void *verify_execution_copy(struct verify_execution *execution, enum reference_tensor_id id) {
    if (execution->data[id]) {
        execution->data[id] = copy_of(execution, execution->data[id],
                                      reference_tensor_bytes(&execution->tensors[id]));
    }
    return execution->data[id];
}

bool verify_is_forward(const struct norma_problem *problem) {
    return !reference_is_backward(problem);
}

struct verify_execution verify_execution_of(const struct norma_problem *problem,
                                            const struct norma_args *args) {
    struct verify_execution execution = {
        .problem = *problem,
        .data =
            {
#define VERIFY_ADDRESS(name, type) [REFERENCE_TENSOR_##name] = (void *)(uintptr_t)args->name,
                REFERENCE_TENSORS(VERIFY_ADDRESS)
#undef VERIFY_ADDRESS
            },
    };
    reference_tensors_of(problem, execution.tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (execution.tensors[id].role == REFERENCE_ROLE_UNUSED) {
            execution.data[id] = NULL; /* an address without memory, which no mutant may take */
        }
    }
    const enum reference_tensor_id source = reference_tensor_source(problem);
    const size_t bytes = reference_tensor_bytes(&execution.tensors[source]);
    execution.source =
        bytes <= MOST_COPIED ? copy_of(&execution, execution.data[source], bytes) : NULL;
    execution.workspace = args->workspace;
    return execution;
}

void verify_execution_release(struct verify_execution *execution) {
    while (execution->copy_count > 0) {
        free(execution->copies[--execution->copy_count]);
    }
}

struct verify_plane verify_execution_plane(const struct verify_execution *execution,
                                           int64_t plane) {
    const struct norma_problem *problem = &execution->problem;
    const int64_t spatial = norma_problem_spatial(problem);
    return (struct verify_plane){
        .first = reference_element_at(problem, plane, 0, spatial),
        .stride = problem->layout == NORMA_LAYOUT_NSC ? problem->c : 1,
        .count = spatial,
        .index = plane,
        .channel = plane % problem->c,
    };
}

double verify_execution_parameter(const struct verify_execution *execution,
                                  enum reference_tensor_id id, int64_t index, double otherwise) {
    const float *parameter = execution->data[id];
    return parameter ? (double)parameter[index] : otherwise;
}

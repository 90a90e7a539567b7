/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/fuzz.h"
#include "verify/truth/truth.h"

#include <stdlib.h>
#include <string.h>

enum { SEED = 1 };

/* Returns zeroed memory; also a tensor without elements has an address. */
static void *allocate(const struct reference_tensor *tensor) {
    const size_t bytes = reference_tensor_bytes(tensor);
    void *data = malloc(bytes > 0 ? bytes : 1);
    if (data) {
        memset(data, 0, bytes);
    }
    return data;
}

bool fuzz_execution_allocate(struct fuzz_execution_memory *memory,
                             const struct norma_problem *problem) {
    memset(memory->data, 0, sizeof memory->data);
    reference_tensors_of(problem, memory->tensors);
    bool allocated =
        verify_inputs_make(problem, memory->tensors, VERIFY_DATA_NORMAL, SEED, memory->data);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT && allocated; id++) {
        const struct reference_tensor *tensor = &memory->tensors[id];
        if (tensor->role != REFERENCE_ROLE_UNUSED && !memory->data[id]) {
            memory->data[id] = allocate(tensor);
            allocated = memory->data[id] != NULL;
        }
    }
    if (!allocated) {
        fuzz_execution_free(memory, NULL);
    }
    return allocated;
}

bool fuzz_execution_share(struct fuzz_execution_memory *memory,
                          const struct fuzz_execution_memory *inputs) {
    *memory = *inputs;
    bool allocated = true;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &inputs->tensors[id];
        if (inputs->data[id] && reference_is_output(tensor)) {
            memory->data[id] = allocate(tensor);
            allocated = allocated && memory->data[id];
            if (memory->data[id] && tensor->role == REFERENCE_ROLE_INOUT) {
                memcpy(memory->data[id], inputs->data[id], reference_tensor_bytes(tensor));
            }
        }
    }
    if (!allocated) {
        fuzz_execution_free(memory, inputs);
    }
    return allocated;
}

void fuzz_execution_free(struct fuzz_execution_memory *memory,
                         const struct fuzz_execution_memory *inputs) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (!inputs || memory->data[id] != inputs->data[id]) {
            free(memory->data[id]);
        }
        memory->data[id] = NULL;
    }
}

norma_status fuzz_execution_run(const struct norma_plan *plan,
                                const struct fuzz_execution_memory *memory) {
    struct norma_args args = reference_tensors_bind((void *const *)memory->data);
    const size_t bytes = norma_plan_workspace(plan);
    args.workspace = malloc(bytes > 0 ? bytes : 1);
    if (!args.workspace) {
        return NORMA_STATUS_NO_MEMORY;
    }
    const norma_status status = norma_execute(plan, &args);
    free(args.workspace);
    return status;
}

bool fuzz_execution_same(const struct fuzz_execution_memory *a,
                         const struct fuzz_execution_memory *b) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &a->tensors[id];
        if (reference_is_output(tensor) &&
            memcmp(a->data[id], b->data[id], reference_tensor_bytes(tensor)) != 0) {
            return false;
        }
    }
    return true;
}

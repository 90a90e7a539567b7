/* SPDX-License-Identifier: Apache-2.0 */
#include "execution.h"
#include "inputs.h"

#include <stdlib.h>
#include <string.h>

enum { SEED = 1 };

/* A tensor without an element has an address, of nothing. */
static void *allocate(const struct norma_tensor *tensor) {
    const size_t bytes = norma_tensor_bytes(tensor);
    void *data = malloc(bytes > 0 ? bytes : 1);
    if (data) {
        memset(data, 0, bytes);
    }
    return data;
}

bool norma_execution_allocate(struct norma_execution_memory *memory,
                              const struct norma_problem *problem) {
    memset(memory->data, 0, sizeof memory->data);
    norma_tensors_of(problem, memory->tensors);
    bool allocated =
        norma_inputs_make(problem, memory->tensors, NORMA_DATA_NORMAL, SEED, memory->data);
    for (int id = 0; id < NORMA_TENSOR_COUNT && allocated; id++) {
        const struct norma_tensor *tensor = &memory->tensors[id];
        if (tensor->role != NORMA_ROLE_UNUSED && !memory->data[id]) {
            memory->data[id] = allocate(tensor);
            allocated = memory->data[id] != NULL;
        }
    }
    if (!allocated) {
        norma_execution_free(memory, NULL);
    }
    return allocated;
}

bool norma_execution_share(struct norma_execution_memory *memory,
                           const struct norma_execution_memory *inputs) {
    *memory = *inputs;
    bool allocated = true;
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *tensor = &inputs->tensors[id];
        if (inputs->data[id] && norma_is_output(tensor)) {
            memory->data[id] = allocate(tensor);
            allocated = allocated && memory->data[id];
            if (memory->data[id] && tensor->role == NORMA_ROLE_INOUT) {
                memcpy(memory->data[id], inputs->data[id], norma_tensor_bytes(tensor));
            }
        }
    }
    if (!allocated) {
        norma_execution_free(memory, inputs);
    }
    return allocated;
}

void norma_execution_free(struct norma_execution_memory *memory,
                          const struct norma_execution_memory *inputs) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (!inputs || memory->data[id] != inputs->data[id]) {
            free(memory->data[id]);
        }
        memory->data[id] = NULL;
    }
}

norma_status norma_execution_run(const struct norma_plan *plan,
                                 const struct norma_execution_memory *memory) {
    struct norma_args args = norma_tensors_bind((void *const *)memory->data);
    const size_t bytes = norma_plan_workspace(plan);
    args.workspace = malloc(bytes > 0 ? bytes : 1);
    if (!args.workspace) {
        return NORMA_NO_MEMORY;
    }
    const norma_status status = norma_execute(plan, &args);
    free(args.workspace);
    return status;
}

bool norma_execution_same(const struct norma_execution_memory *a,
                          const struct norma_execution_memory *b) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *tensor = &a->tensors[id];
        if (norma_is_output(tensor) &&
            memcmp(a->data[id], b->data[id], norma_tensor_bytes(tensor)) != 0) {
            return false;
        }
    }
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "execution.h"
#include "random.h"

#include <stdlib.h>
#include <string.h>

/* Between 0 and 1, which a gate, a weight and a variance may be as well. */
static void fill_uniform(float *values, int64_t count, uint64_t seed) {
    for (int64_t i = 0; i < count; i++) {
        values[i] = (float)(norma_random(&seed) >> 40) * 0x1p-24f;
    }
}

/* The weights of a sample sum to one. */
static void fill_weights(float *weights, int64_t count, int64_t styles) {
    for (int64_t i = 0; i < count; i++) {
        weights[i] = i % styles == 0 ? 1.0f : 0.0f;
    }
}

/* What is not a float is left 0, the first row, region or style, but for a permutation. */
static void fill(void *data, enum norma_tensor_id id, int64_t count,
                 const struct norma_problem *problem) {
    switch (id) {
    case NORMA_TENSOR_style_index:
    case NORMA_TENSOR_labels:
        break;
    case NORMA_TENSOR_permutation:
        for (int64_t n = 0; n < count; n++) {
            ((int32_t *)data)[n] = (int32_t)n;
        }
        break;
    case NORMA_TENSOR_style_weights:
        fill_weights(data, count, problem->styles);
        break;
    default:
        fill_uniform(data, count, (uint64_t)id);
        break;
    }
}

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
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_tensor *tensor = &memory->tensors[id];
        if (tensor->role == NORMA_ROLE_UNUSED) {
            continue;
        }
        memory->data[id] = allocate(tensor);
        if (!memory->data[id]) {
            norma_execution_free(memory, NULL);
            return false;
        }
        if (norma_is_input(tensor)) {
            fill(memory->data[id], (enum norma_tensor_id)id, tensor->count, problem);
        }
    }
    return true;
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

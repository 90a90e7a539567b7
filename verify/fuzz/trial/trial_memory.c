/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/fuzz/trial/trial_memory.h"

#include <stdlib.h>
#include <string.h>

#include "verify/fuzz/trial/story.h"

/* Every byte of garbage, with which floats and doubles are NaN. */
enum { GARBAGE = 0xff };

static void *allocate(size_t bytes) {
    void *memory = malloc(bytes > 0 ? bytes : 1);
    fuzz_demand(memory, "%zu bytes of memory", bytes);
    memset(memory, GARBAGE, bytes);
    return memory;
}

struct fuzz_inputs fuzz_inputs_of(const struct fuzz_material *material) {
    struct fuzz_inputs inputs = {.problem = &material->truth->problem};
    memcpy(inputs.data, material->truth->inputs, sizeof inputs.data);
    return inputs;
}

/* Places a tensor at the end of a block, behind `offset` elements. */
static void *place(struct fuzz_block *block, const struct reference_tensor *tensor, size_t offset,
                   const void *input) {
    const size_t ahead = offset * tensor->size, bytes = reference_tensor_bytes(tensor);
    block->bytes = ahead + bytes;
    block->start = allocate(block->bytes);
    if (input) {
        memcpy(block->start + ahead, input, bytes);
    }
    return block->start + ahead;
}

/* Returns what is passed for a tensor that the problem does not use. */
static void *unused_pointer(enum fuzz_unused unused, void *x) {
    switch (unused) {
    case FUZZ_UNUSED_WILD:
        return (void *)(uintptr_t)64;
    case FUZZ_UNUSED_X:
        return x;
    default:
        return NULL;
    }
}

/* Returns the arguments, in which the pointers of tensors that are not used may be anything. */
static struct norma_args bind(const struct fuzz_memory *memory, enum fuzz_unused unused) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        pointers[id] = memory->tensors[id].role == REFERENCE_ROLE_UNUSED
                           ? unused_pointer(unused, memory->data[REFERENCE_TENSOR_x])
                           : memory->data[id];
    }
    return reference_tensors_bind(pointers);
}

static void copy_blocks(struct fuzz_memory *memory) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        struct fuzz_block *block = &memory->blocks[id];
        if (block->start) {
            block->copy = allocate(block->bytes);
            memcpy(block->copy, block->start, block->bytes);
        }
    }
}

void fuzz_memory_make(const struct fuzz_passing *passing, const struct fuzz_inputs *inputs,
                      size_t workspace, struct fuzz_memory *memory) {
    const int result = (int)reference_tensor_result(inputs->problem);
    *memory = (struct fuzz_memory){.workspace = allocate(workspace)};
    reference_tensors_of(inputs->problem, memory->tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &memory->tensors[id];
        const bool own = !(passing->in_place && id == result) && passing->owner[id] == id;
        if (tensor->role != REFERENCE_ROLE_UNUSED && !passing->absent[id]) {
            memory->data[id] =
                own ? place(&memory->blocks[id], tensor, passing->offset[id], inputs->data[id])
                    : memory->data[passing->owner[id]];
        }
    }
    if (passing->in_place) {
        memory->data[result] = memory->data[reference_tensor_source(inputs->problem)];
    }
    copy_blocks(memory);
    memory->args = bind(memory, passing->unused);
    memory->args.workspace = memory->workspace;
}

void fuzz_memory_free(struct fuzz_memory *memory) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(memory->blocks[id].start);
        free(memory->blocks[id].copy);
    }
    free(memory->workspace);
}

/* Checks whether a tensor's memory is that of an output as well. */
static bool is_written(const struct fuzz_memory *memory, int id) {
    for (int output = 0; output < REFERENCE_TENSOR_COUNT; output++) {
        if (reference_is_output(&memory->tensors[output]) &&
            memory->data[output] == memory->data[id]) {
            return true;
        }
    }
    return false;
}

void fuzz_memory_expect_kept(const struct fuzz_memory *memory, bool refused) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct fuzz_block *block = &memory->blocks[id];
        if (!block->start) {
            continue;
        }
        const size_t ahead = block->bytes - reference_tensor_bytes(&memory->tensors[id]);
        const bool written = !refused && is_written(memory, id);
        fuzz_demand(memcmp(block->start, block->copy, written ? ahead : block->bytes) == 0,
                    "%s%s to be left as it was", written ? "memory ahead of " : "",
                    memory->tensors[id].name);
    }
}

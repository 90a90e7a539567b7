/* The memory of one execution: every tensor, and the workspace, ends where its allocation ends, so
 * that AddressSanitizer sees an access behind it, and has a canary ahead of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_TRIAL_TRIAL_MEMORY_H
#define VERIFY_FUZZ_TRIAL_TRIAL_MEMORY_H

#include "verify/fuzz/trial/material.h"

/* A block, with a copy of what it held at the beginning. */
struct fuzz_block {
    unsigned char *start, *copy; /* NULL: there is none */
    size_t bytes;
};

struct fuzz_memory {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    struct fuzz_block blocks[REFERENCE_TENSOR_COUNT];
    void *data[REFERENCE_TENSOR_COUNT]; /* the tensors that are passed and used; NULL: not passed */
    unsigned char *workspace;
    struct norma_args args; /* what is passed */
};

/* The sources of inputs: those of all samples, or of some. */
struct fuzz_inputs {
    const struct norma_problem *problem;
    const void *data[REFERENCE_TENSOR_COUNT]; /* NULL where there is no input */
};

/* Returns all inputs of the material. */
struct fuzz_inputs fuzz_inputs_of(const struct fuzz_material *material);

/* Allocates the tensors and copies the inputs. Outputs and the workspace hold garbage. */
void fuzz_memory_make(const struct fuzz_passing *passing, const struct fuzz_inputs *inputs,
                      size_t workspace, struct fuzz_memory *memory);
void fuzz_memory_free(struct fuzz_memory *memory);

/* Expects that nothing but outputs was written to; after a refusal, nothing at all. */
void fuzz_memory_expect_kept(const struct fuzz_memory *memory, bool refused);

#endif

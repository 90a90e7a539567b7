/* The execution of a problem on tensors in memory of exactly their size.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_FUZZ_H
#define VERIFY_FUZZ_FUZZ_H

#include "reference/interface/interface.h"

struct fuzz_execution_memory {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *data[REFERENCE_TENSOR_COUNT]; /* NULL: the problem does not use the tensor */
};

/* Allocates every tensor, and fills the inputs with values that execution does not refuse; false:
 * no memory. */
bool fuzz_execution_allocate(struct fuzz_execution_memory *memory,
                             const struct norma_problem *problem);

/* Allocates outputs alone, and shares the inputs of `inputs`, which must live as long; false: no
 * memory. */
bool fuzz_execution_share(struct fuzz_execution_memory *memory,
                          const struct fuzz_execution_memory *inputs);

/* Frees all tensors except those that are shared with `inputs`; NULL: frees all. */
void fuzz_execution_free(struct fuzz_execution_memory *memory,
                         const struct fuzz_execution_memory *inputs);

/* Executes the plan with a workspace of its own. */
norma_status fuzz_execution_run(const struct norma_plan *plan,
                                const struct fuzz_execution_memory *memory);

/* Checks whether all outputs have the same bits. */
bool fuzz_execution_same(const struct fuzz_execution_memory *a,
                         const struct fuzz_execution_memory *b);

#endif

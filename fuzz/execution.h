/* Tensors of a problem, in memory of exactly their size, and what executing it makes of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_FUZZ_EXECUTION_H
#define NORMA_FUZZ_EXECUTION_H

#include "tensors.h"

struct norma_execution_memory {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    void *data[NORMA_TENSOR_COUNT]; /* NULL: the problem does not use it */
};

/* Every tensor, the inputs with values that execution does not refuse. False: no memory. */
bool norma_execution_allocate(struct norma_execution_memory *memory,
                              const struct norma_problem *problem);

/* Outputs of its own; the inputs are those of `inputs`, which must live as long. */
bool norma_execution_share(struct norma_execution_memory *memory,
                           const struct norma_execution_memory *inputs);

/* `inputs`: as norma_execution_share was given; NULL: the inputs are freed as well. */
void norma_execution_free(struct norma_execution_memory *memory,
                          const struct norma_execution_memory *inputs);

/* Executes with a workspace of its own. */
norma_status norma_execution_run(const struct norma_plan *plan,
                                 const struct norma_execution_memory *memory);

/* Are all outputs the same to the bit? */
bool norma_execution_same(const struct norma_execution_memory *a,
                          const struct norma_execution_memory *b);

#endif

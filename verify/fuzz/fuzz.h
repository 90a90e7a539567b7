/* Tensors of a problem, in memory of exactly their size, and what executing it makes of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_FUZZ_FUZZ_H
#define VERIFY_FUZZ_FUZZ_H

#include "reference/interface/interface.h"

struct fuzz_execution_memory {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *data[REFERENCE_TENSOR_COUNT]; /* NULL: the problem does not use it */
};

/* Every tensor, the inputs with values that execution does not refuse. False: no memory. */
bool fuzz_execution_allocate(struct fuzz_execution_memory *memory,
                             const struct norma_problem *problem);

/* Outputs of its own; the inputs are those of `inputs`, which must live as long. */
bool fuzz_execution_share(struct fuzz_execution_memory *memory,
                          const struct fuzz_execution_memory *inputs);

/* `inputs`: as fuzz_execution_share was given; NULL: the inputs are freed as well. */
void fuzz_execution_free(struct fuzz_execution_memory *memory,
                         const struct fuzz_execution_memory *inputs);

/* Executes with a workspace of its own. */
norma_status fuzz_execution_run(const struct norma_plan *plan,
                                const struct fuzz_execution_memory *memory);

/* Are all outputs the same to the bit? */
bool fuzz_execution_same(const struct fuzz_execution_memory *a,
                         const struct fuzz_execution_memory *b);

#endif

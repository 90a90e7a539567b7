/* The tensors of a problem: which of norma_args' pointers it uses, how many elements each has and
 * whether it is read or written. One table, so that verify, bench and the tests agree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_TENSORS_H
#define NORMA_VERIFY_TENSORS_H

#include "norma.h"

/* One line per pointer of norma_args, in its order; everything here is generated from it. */
#define NORMA_TENSORS(X)                                                                           \
    X(x)                                                                                           \
    X(y)                                                                                           \
    X(gamma)                                                                                       \
    X(beta)                                                                                        \
    X(rho)                                                                                         \
    X(alpha)                                                                                       \
    X(style)                                                                                       \
    X(style_mean)                                                                                  \
    X(style_std)                                                                                   \
    X(running_mean)                                                                                \
    X(running_variance)                                                                            \
    X(mean)                                                                                        \
    X(inverse_std)                                                                                 \
    X(instance_mean)                                                                               \
    X(instance_inverse_std)

enum norma_tensor_id {
#define NORMA_TENSOR_ENUM(name) NORMA_TENSOR_##name,
    NORMA_TENSORS(NORMA_TENSOR_ENUM)
#undef NORMA_TENSOR_ENUM
        NORMA_TENSOR_COUNT
};

enum norma_tensor_role {
    NORMA_ROLE_UNUSED, /* the problem ignores it; count is 0 */
    NORMA_ROLE_INPUT,
    NORMA_ROLE_OUTPUT,
    NORMA_ROLE_INOUT /* read, then overwritten: running statistics in training */
};

struct norma_tensor {
    const char *name; /* as in norma_args */
    enum norma_tensor_role role;
    int64_t count; /* elements, 4 bytes each */
};

/* Fills tensors[NORMA_TENSOR_COUNT]. */
void norma_tensors_of(const struct norma_problem *problem,
                      struct norma_tensor tensors[NORMA_TENSOR_COUNT]);

/* The args with pointers[id] for every id (NULL where not wanted), workspace NULL. */
struct norma_args norma_tensors_bind(void *const pointers[NORMA_TENSOR_COUNT]);

#endif

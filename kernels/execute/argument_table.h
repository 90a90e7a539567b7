/* The arguments that an execution uses, as a table: their names, sizes and roles.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_ARGUMENT_TABLE_H
#define KERNELS_EXECUTE_ARGUMENT_TABLE_H

#include "kernels/plan/plan.h"

enum norma_role {
    NORMA_ROLE_INPUT,
    NORMA_ROLE_OPTIONAL_INPUT,
    NORMA_ROLE_OUTPUT,
    NORMA_ROLE_OPTIONAL_OUTPUT,
    /* Optional outputs that are statistics over the batch. Other processes may have elements of the
     * batch where this one has none. */
    NORMA_ROLE_BATCH_OUTPUT
};

struct norma_argument {
    const char *name; /* of the member of struct norma_args */
    const void *pointer;
    int64_t bytes;
    enum norma_role role;
};

/* At least as many as struct norma_args has pointers. */
enum { NORMA_MAX_ARGUMENTS = 32 };

/* x and y, or dy and dx, are the first two. They are empty if the problem's tensors are. */
struct norma_arguments {
    struct norma_argument list[NORMA_MAX_ARGUMENTS];
    int count;
};

/* Lists the arguments that the plan uses, requested or not. Entries beyond their count stay as they
 * are: to clear them would take a tenth of a small execution. */
void norma_arguments_of(const struct norma_plan *plan, const struct norma_args *args,
                        struct norma_arguments *arguments);

static inline bool norma_is_output(const struct norma_argument *argument) {
    return argument->role != NORMA_ROLE_INPUT && argument->role != NORMA_ROLE_OPTIONAL_INPUT;
}

#endif

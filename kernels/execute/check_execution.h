/* The checks of the arguments that every execution makes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KERNELS_EXECUTE_CHECK_EXECUTION_H
#define KERNELS_EXECUTE_CHECK_EXECUTION_H

#include "kernels/stages/stages.h"

/* Where a check writes why it fails. Checks take NULL where nobody asks. */
struct norma_reason {
    char *text; /* `size` bytes */
    size_t size;
};

/* Writes the sentence, and returns the status. */
__attribute__((format(printf, 3, 4))) norma_status
norma_refuse(const struct norma_reason *reason, norma_status status, const char *format, ...);

/* Checks that required arguments are there, that none overlaps an output, and that no statistics
 * are requested of sets without an element. Returns NORMA_STATUS_OK, NORMA_STATUS_NULL,
 * NORMA_STATUS_OVERLAP or NORMA_STATUS_EMPTY. */
norma_status norma_check_arguments(const struct norma_plan *plan, const struct norma_args *args,
                                   const struct norma_reason *reason);

/* Checks the arguments of an execution of empty tensors, which takes no inputs: forward it writes
 * nothing but the statistics of the batch, if this has elements in other processes. */
norma_status norma_check_empty(const struct norma_plan *plan, const struct norma_args *args,
                               bool has_batch, const struct norma_reason *reason);

/* Checks the values of arguments that may not have every value. Returns NORMA_STATUS_OK or the
 * status of the kind of value that is bad. On the way, fills what follows from the values: the
 * workspace's region_count and, the inverse of the permutation, styled. */
norma_status norma_check_values(const struct norma_plan *plan, const struct norma_args *args,
                                const struct norma_workspace *workspace,
                                const struct norma_reason *reason);

#endif

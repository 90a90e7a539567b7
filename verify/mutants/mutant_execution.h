/* One execution of a kernel, as a mutant sees and changes it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_MUTANTS_MUTANT_EXECUTION_H
#define VERIFY_MUTANTS_MUTANT_EXECUTION_H

#include "reference/interface/interface.h"

struct verify_execution {
    struct norma_problem problem; /* as the caller stated it, also where another one is solved */
    const struct norma_problem *given; /* the caller's, which may be another one by now */
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    void *data[REFERENCE_TENSOR_COUNT]; /* the arguments; a mutant may replace them beforehand */
    const float *source; /* the values of x, backward of dy, from before they are overwritten; NULL
                            if they have more than 2 GiB, for which there may be no memory */
    void *workspace;     /* the caller's; NULL: none, or the implementation's own */
    int threads;
    bool tuned;          /* the plan has a profile of its own */
    int set;             /* 0 or 1: a mutant is compared as two sets that should agree */
    int64_t executions;  /* of the same plan, before this one */
    norma_status status; /* of the kernel; a mutant may return another */
    void *copies[2 * REFERENCE_TENSOR_COUNT]; /* freed at the end of the execution */
    int copy_count;
};

/* Checks whether the pass is fwd or inf. */
bool verify_is_forward(const struct norma_problem *problem);

/* Returns the execution of `problem` with the tensors of `args`. verify_execution_release must
 * follow. */
struct verify_execution verify_execution_of(const struct norma_problem *problem,
                                            const struct norma_args *args);
void verify_execution_release(struct verify_execution *execution);

/* Replaces an argument by a copy, which lives as long as the execution, and returns the copy; NULL
 * if the argument is NULL. */
void *verify_execution_copy(struct verify_execution *execution, enum reference_tensor_id id);

/* The positions of one plane in x and in every tensor of its shape. */
struct verify_plane {
    int64_t first, stride, count;
    int64_t index, channel; /* counted by sample and channel; within the sample */
};

struct verify_plane verify_execution_plane(const struct verify_execution *execution, int64_t plane);

/* Returns entry `index` of a parameter, or `otherwise` where the parameter is left out. */
double verify_execution_parameter(const struct verify_execution *execution,
                                  enum reference_tensor_id id, int64_t index, double otherwise);

#endif

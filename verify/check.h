/* One execution of one implementation on fenced memory, compared with the truth.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_CHECK_H
#define NORMA_VERIFY_CHECK_H

#include "fence.h"
#include "truth.h"

/* The memory of a check; zero-initialize, reuse, release at the end. */
struct norma_fences {
    struct norma_fence tensor[NORMA_TENSOR_COUNT];
};

void norma_fences_release(struct norma_fences *fences);

/* How one execution is set up. */
struct norma_setup {
    enum norma_data data;
    enum norma_placement placement;
};

/* Runs `state`, made by `implementation` for the truth's problem, on fenced copies of the truth's
 * inputs; pointers then says where everything is. With NORMA_DATA_DEFAULTS, everything that a
 * caller may leave out is left out. */
norma_status norma_check_execute(const struct norma_implementation *implementation, void *state,
                                 const struct norma_problem *problem,
                                 const struct norma_truth *truth, struct norma_setup setup,
                                 struct norma_fences *fences, void *pointers[NORMA_TENSOR_COUNT]);

/* What is executed: a state that the implementation made for the problem and so many threads. */
struct norma_subject {
    const struct norma_implementation *implementation;
    void *state;
    const struct norma_problem *problem;
    int threads;
    struct norma_fences *fences;
};

/* Of a check that failed, or that could not be made. */
struct norma_verdict norma_verdict_failed(enum norma_check_kind check, const char *format, ...);

/* Executes it with its last bytes at the fence, and returns norma_check_execute's status. */
norma_status norma_subject_execute(const struct norma_subject *subject,
                                   const struct norma_truth *truth,
                                   void *pointers[NORMA_TENSOR_COUNT]);

/* norma_check_execute, and what came of it. */
struct norma_verdict norma_check(const struct norma_implementation *implementation, void *state,
                                 const struct norma_problem *problem,
                                 const struct norma_truth *truth, struct norma_setup setup,
                                 struct norma_fences *fences);

#endif

/* One execution of one implementation on fenced memory, compared with the truth.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_CHECK_H
#define VERIFY_CHECKS_CHECK_H

#include "verify/harness/harness.h"
#include "verify/truth/truth.h"

/* The memory of a check; zero-initialize, reuse, release at the end. */
struct verify_fences {
    struct verify_fence tensor[REFERENCE_TENSOR_COUNT];
};

void verify_fences_release(struct verify_fences *fences);

/* Runs `state`, made by `implementation` for the truth's problem, on fenced copies of the truth's
 * inputs; pointers then says where everything is. With VERIFY_DATA_DEFAULTS, everything that a
 * caller may leave out is left out. */
norma_status verify_check_execute(const struct reference_implementation *implementation,
                                  void *state, const struct norma_problem *problem,
                                  const struct verify_truth *truth, struct verify_setup setup,
                                  struct verify_fences *fences,
                                  void *pointers[REFERENCE_TENSOR_COUNT]);

/* What is executed: a state that the implementation made for the problem and so many threads. */
struct verify_subject {
    const struct reference_implementation *implementation;
    void *state;
    const struct norma_problem *problem;
    int threads;
    struct verify_fences *fences;
};

/* Of a check that failed, or that could not be made. */
struct verify_verdict verify_verdict_failed(enum verify_check_kind check, const char *format, ...);

/* Executes it with its last bytes at the fence, and returns verify_check_execute's status. */
norma_status verify_subject_execute(const struct verify_subject *subject,
                                    const struct verify_truth *truth,
                                    void *pointers[REFERENCE_TENSOR_COUNT]);

/* verify_check_execute, and what came of it. */
struct verify_verdict verify_check(const struct reference_implementation *implementation,
                                   void *state, const struct norma_problem *problem,
                                   const struct verify_truth *truth, struct verify_setup setup,
                                   struct verify_fences *fences);

#endif

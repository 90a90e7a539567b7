/* One execution of one implementation on fenced memory, compared with the truth.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_CHECKS_CHECK_H
#define VERIFY_CHECKS_CHECK_H

#include "verify/harness/harness.h"
#include "verify/truth/truth.h"

/* The memory of checks. Must be zero-initialized, and released after the last check. */
struct verify_fences {
    struct verify_fence tensor[REFERENCE_TENSOR_COUNT];
};

void verify_fences_release(struct verify_fences *fences);

/* Runs `state`, which `implementation` must have created for the truth's problem, on fenced copies
 * of the truth's inputs, and stores the addresses of all tensors in pointers. With
 * VERIFY_DATA_DEFAULTS, everything that a caller may leave out is left out. */
norma_status verify_check_execute(const struct reference_implementation *implementation,
                                  void *state, const struct norma_problem *problem,
                                  const struct verify_truth *truth, struct verify_setup setup,
                                  struct verify_fences *fences,
                                  void *pointers[REFERENCE_TENSOR_COUNT]);

/* A state to be executed, which the implementation created for the problem and `threads`. */
struct verify_subject {
    const struct reference_implementation *implementation;
    void *state;
    const struct norma_problem *problem;
    int threads;
    struct verify_fences *fences;
};

/* Returns the verdict of a check that failed, or that could not be made. */
struct verify_verdict verify_verdict_failed(enum verify_check_kind check, const char *format, ...);

/* Executes the subject with the last byte of every tensor at the fence. Returns the status of the
 * execution. */
norma_status verify_subject_execute(const struct verify_subject *subject,
                                    const struct verify_truth *truth,
                                    void *pointers[REFERENCE_TENSOR_COUNT]);

/* Executes like verify_check_execute, and checks its status, the floating-point environment, the
 * fences and the results. */
struct verify_verdict verify_check(const struct reference_implementation *implementation,
                                   void *state, const struct norma_problem *problem,
                                   const struct verify_truth *truth, struct verify_setup setup,
                                   struct verify_fences *fences);

#endif

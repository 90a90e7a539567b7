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

/* A state to be executed, which the implementation created for the problem and `threads`. */
struct verify_subject {
    const struct reference_implementation *implementation;
    void *state;
    const struct norma_problem *problem;
    int threads;
    struct verify_fences *fences;
};

/* Executes the subject on fenced copies of the truth's inputs, and stores the addresses of all
 * tensors in pointers. The truth must be about the subject's problem. With VERIFY_DATA_DEFAULTS,
 * everything that a caller may leave out is left out. Returns the status of the execution. */
norma_status verify_check_execute(const struct verify_subject *subject,
                                  const struct verify_truth *truth, struct verify_setup setup,
                                  void *pointers[REFERENCE_TENSOR_COUNT]);

/* Executes the subject on normal data, with the last byte of every tensor at the fence. */
norma_status verify_subject_execute(const struct verify_subject *subject,
                                    const struct verify_truth *truth,
                                    void *pointers[REFERENCE_TENSOR_COUNT]);

/* Executes the subject, and checks its status, the floating-point environment, the fences and the
 * results. */
struct verify_verdict verify_check(const struct verify_subject *subject,
                                   const struct verify_truth *truth, struct verify_setup setup);

/* Returns the verdict of a check that failed, or that could not be made. */
struct verify_verdict verify_verdict_failed(enum verify_check_kind check, const char *format, ...);

#endif

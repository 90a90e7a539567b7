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
    struct verify_fence workspace;
};

/* Makes sure that the problem's tensors can be placed. Returns false if there is not enough
 * memory. */
bool verify_fences_reserve(struct verify_fences *fences, const struct norma_problem *problem);
void verify_fences_release(struct verify_fences *fences);

/* A state to be executed, which the implementation created for the problem and `threads`. */
struct verify_subject {
    const struct reference_implementation *implementation;
    void *state;
    const struct norma_problem *problem;
    int threads;
    struct verify_fences *fences;
    uint64_t seed;        /* of the alignments where tensors are placed unaligned */
    const bool *left_out; /* of REFERENCE_TENSOR_COUNT optional tensors; NULL: none is */
};

/* Places fenced copies of the truth's inputs, memory for all outputs, and a workspace of its exact
 * size, and stores the addresses of the tensors in pointers. The truth must be about the subject's
 * problem. With VERIFY_DATA_DEFAULTS, everything that a caller may leave out is left out. Returns
 * false if there is not enough memory. */
bool verify_check_place(const struct verify_subject *subject, const struct verify_truth *truth,
                        struct verify_setup setup, void *pointers[REFERENCE_TENSOR_COUNT]);

/* Fills the workspace, and every output whose initial value must not count, with numbers. */
void verify_check_litter(const struct verify_subject *subject,
                         void *const pointers[REFERENCE_TENSOR_COUNT]);

/* Executes the subject on the tensors that verify_check_place placed last. Returns the status of
 * the execution. */
norma_status verify_check_run(const struct verify_subject *subject,
                              void *const pointers[REFERENCE_TENSOR_COUNT]);

/* Places the tensors and executes the subject. */
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "verify/checks/controls.h"

void verify_fences_release(struct verify_fences *fences) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        verify_fence_release(&fences->tensor[id]);
    }
}

struct verify_verdict verify_verdict_failed(enum verify_check_kind check, const char *format, ...) {
    struct verify_verdict verdict = {.passed = false, .check = check};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict.message, sizeof verdict.message, format, arguments);
    va_end(arguments);
    return verdict;
}

/* Checks whether the caller leaves a tensor out. Where x is empty, optional tensors are left out,
 * as there are no statistics. */
static bool is_left_out(const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT], int id,
                        enum verify_data data) {
    const bool empty = tensors[REFERENCE_TENSOR_x].count == 0;
    return tensors[id].optional && (empty || data == VERIFY_DATA_DEFAULTS);
}

/* Places all tensors between fences. Returns false if there is not enough memory. */
static bool place(const struct norma_problem *problem, struct verify_setup setup,
                  struct verify_fences *fences, void *pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        pointers[id] = NULL;
        if (tensors[id].role == REFERENCE_ROLE_UNUSED || is_left_out(tensors, id, setup.data)) {
            continue;
        }
        pointers[id] = verify_fence_place(&fences->tensor[id], reference_tensor_bytes(&tensors[id]),
                                          setup.placement);
        if (!pointers[id]) {
            return false;
        }
    }
    if (setup.placement == VERIFY_PLACE_IN_PLACE) {
        pointers[reference_tensor_result(problem)] = pointers[reference_tensor_source(problem)];
    }
    return true;
}

static norma_status run(const struct verify_subject *subject, const struct norma_args *args) {
    const struct reference_implementation *implementation = subject->implementation;
    void *state = subject->state;
    norma_status status = NORMA_STATUS_OK;
    if (implementation->import) {
        status = implementation->import(state, args);
    }
    if (status == NORMA_STATUS_OK) {
        status = implementation->execute(state, args);
    }
    if (status == NORMA_STATUS_OK && implementation->export) {
        status = implementation->export(state, args);
    }
    return status;
}

/* Returns the name of a tensor beside which memory was written to; NULL if there is none. */
static const char *broken_fence(const struct norma_problem *problem,
                                const struct verify_fences *fences) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (!verify_fence_intact(&fences->tensor[id])) {
            return tensors[id].name;
        }
    }
    return NULL;
}

norma_status verify_check_execute(const struct verify_subject *subject,
                                  const struct verify_truth *truth, struct verify_setup setup,
                                  void *pointers[REFERENCE_TENSOR_COUNT]) {
    if (!place(subject->problem, setup, subject->fences, pointers)) {
        return NORMA_STATUS_NO_MEMORY;
    }
    verify_truth_inputs(truth, pointers);
    const struct norma_args args = reference_tensors_bind(pointers);
    return run(subject, &args);
}

struct verify_verdict verify_check(const struct verify_subject *subject,
                                   const struct verify_truth *truth, struct verify_setup setup) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    const uint64_t controls = verify_controls();
    const norma_status status = verify_check_execute(subject, truth, setup, pointers);
    const uint64_t left = verify_controls();
    verify_controls_set(controls);
    if (status != NORMA_STATUS_OK) {
        return verify_check_wanted(VERIFY_CHECK_STATUS)
                   ? verify_verdict_failed(VERIFY_CHECK_STATUS, "execution failed: %s",
                                           norma_strerror(status))
                   : (struct verify_verdict){.passed = true};
    }
    if (left != controls && verify_check_wanted(VERIFY_CHECK_CONTROLS)) {
        return verify_verdict_failed(VERIFY_CHECK_CONTROLS,
                                     "the floating-point environment was %#llx, and is now %#llx",
                                     (unsigned long long)controls, (unsigned long long)left);
    }
    const char *broken = broken_fence(subject->problem, subject->fences);
    if (broken && verify_check_wanted(VERIFY_CHECK_WRITES)) {
        return verify_verdict_failed(VERIFY_CHECK_WRITES, "memory outside of %s was written to",
                                     broken);
    }
    return verify_truth_compare(truth, subject->implementation->accumulation, pointers);
}

norma_status verify_subject_execute(const struct verify_subject *subject,
                                    const struct verify_truth *truth,
                                    void *pointers[REFERENCE_TENSOR_COUNT]) {
    const struct verify_setup setup = {VERIFY_DATA_NORMAL, VERIFY_PLACE_BACK};
    return verify_check_execute(subject, truth, setup, pointers);
}

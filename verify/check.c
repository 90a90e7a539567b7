/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>

#include "controls.h"

void norma_fences_release(struct norma_fences *fences) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        norma_fence_release(&fences->tensor[id]);
    }
}

struct norma_verdict norma_verdict_failed(enum norma_check_kind check, const char *format, ...) {
    struct norma_verdict verdict = {.passed = false, .check = check};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict.message, sizeof verdict.message, format, arguments);
    va_end(arguments);
    return verdict;
}

/* Empty tensors have no statistics that one could ask for. */
static bool is_left_out(const struct norma_tensor tensors[NORMA_TENSOR_COUNT], int id,
                        enum norma_data data) {
    const bool empty = tensors[NORMA_TENSOR_x].count == 0;
    return tensors[id].optional && (empty || data == NORMA_DATA_DEFAULTS);
}

static bool place(const struct norma_problem *problem, struct norma_setup setup,
                  struct norma_fences *fences, void *pointers[NORMA_TENSOR_COUNT]) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        pointers[id] = NULL;
        if (tensors[id].role == NORMA_ROLE_UNUSED || is_left_out(tensors, id, setup.data)) {
            continue;
        }
        pointers[id] = norma_fence_place(&fences->tensor[id], norma_tensor_bytes(&tensors[id]),
                                         setup.placement);
        if (!pointers[id]) {
            return false;
        }
    }
    if (setup.placement == NORMA_PLACE_IN_PLACE) {
        pointers[norma_tensor_result(problem)] = pointers[norma_tensor_source(problem)];
    }
    return true;
}

static norma_status run(const struct norma_implementation *implementation, void *state,
                        const struct norma_args *args) {
    norma_status status = NORMA_OK;
    if (implementation->import) {
        status = implementation->import(state, args);
    }
    if (status == NORMA_OK) {
        status = implementation->execute(state, args);
    }
    if (status == NORMA_OK && implementation->export) {
        status = implementation->export(state, args);
    }
    return status;
}

static const char *broken_fence(const struct norma_problem *problem,
                                const struct norma_fences *fences) {
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    norma_tensors_of(problem, tensors);
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (!norma_fence_intact(&fences->tensor[id])) {
            return tensors[id].name;
        }
    }
    return NULL;
}

norma_status norma_check_execute(const struct norma_implementation *implementation, void *state,
                                 const struct norma_problem *problem,
                                 const struct norma_truth *truth, struct norma_setup setup,
                                 struct norma_fences *fences, void *pointers[NORMA_TENSOR_COUNT]) {
    if (!place(problem, setup, fences, pointers)) {
        return NORMA_NO_MEMORY;
    }
    norma_truth_inputs(truth, pointers);
    const struct norma_args args = norma_tensors_bind(pointers);
    return run(implementation, state, &args);
}

struct norma_verdict norma_check(const struct norma_implementation *implementation, void *state,
                                 const struct norma_problem *problem,
                                 const struct norma_truth *truth, struct norma_setup setup,
                                 struct norma_fences *fences) {
    void *pointers[NORMA_TENSOR_COUNT];
    const uint64_t controls = norma_controls();
    const norma_status status =
        norma_check_execute(implementation, state, problem, truth, setup, fences, pointers);
    const uint64_t left = norma_controls();
    norma_controls_set(controls);
    if (status != NORMA_OK) {
        return norma_check_wanted(NORMA_CHECK_STATUS)
                   ? norma_verdict_failed(NORMA_CHECK_STATUS, "execution failed: %s",
                                          norma_strerror(status))
                   : (struct norma_verdict){.passed = true};
    }
    if (left != controls && norma_check_wanted(NORMA_CHECK_CONTROLS)) {
        return norma_verdict_failed(NORMA_CHECK_CONTROLS,
                                    "the floating-point environment was %#llx, and is now %#llx",
                                    (unsigned long long)controls, (unsigned long long)left);
    }
    const char *broken = broken_fence(problem, fences);
    if (broken && norma_check_wanted(NORMA_CHECK_WRITES)) {
        return norma_verdict_failed(NORMA_CHECK_WRITES, "memory outside of %s was written to",
                                    broken);
    }
    return norma_truth_compare(truth, implementation->accumulation, pointers);
}

norma_status norma_subject_execute(const struct norma_subject *subject,
                                   const struct norma_truth *truth,
                                   void *pointers[NORMA_TENSOR_COUNT]) {
    const struct norma_setup setup = {NORMA_DATA_NORMAL, NORMA_PLACE_BACK};
    return norma_check_execute(subject->implementation, subject->state, subject->problem, truth,
                               setup, subject->fences, pointers);
}

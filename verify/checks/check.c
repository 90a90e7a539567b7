/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/checks/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "verify/checks/controls.h"

bool verify_fences_reserve(struct verify_fences *fences, const struct norma_problem *problem) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(problem, tensors);
    bool reserved = true;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        reserved = reserved && (tensors[id].role == REFERENCE_ROLE_UNUSED ||
                                verify_fence_reserve(&fences->tensor[id],
                                                     reference_tensor_bytes(&tensors[id])));
    }
    return reserved;
}

void verify_fences_release(struct verify_fences *fences) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        verify_fence_release(&fences->tensor[id]);
    }
    verify_fence_release(&fences->workspace);
}

struct verify_verdict verify_verdict_failed(enum verify_check_kind check, const char *format, ...) {
    struct verify_verdict verdict = {.passed = false, .check = check};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict.message, sizeof verdict.message, format, arguments);
    va_end(arguments);
    return verdict;
}

/* ---- memory ------------------------------------------------------------------------------- */

/* Checks whether the caller leaves a tensor out. Where x is empty, optional tensors are left out,
 * as there are no statistics. */
static bool is_left_out(const struct verify_subject *subject,
                        const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT], int id,
                        enum verify_data data) {
    const bool empty = tensors[REFERENCE_TENSOR_x].count == 0;
    const bool chosen = subject->left_out && subject->left_out[id];
    return tensors[id].optional && (empty || data == VERIFY_DATA_DEFAULTS || chosen);
}

/* Returns the bytes by which something is off an alignment, a multiple of `step`. Every tensor has
 * an alignment of its own, because a kernel may take all to be aligned as one of them is. */
static size_t shift_of(const struct verify_subject *subject, int id, size_t step) {
    const struct norma_problem *problem = subject->problem;
    const uint64_t kind = (uint64_t)problem->op * 64 + (uint64_t)problem->pass;
    const uint64_t stream =
        verify_stream(verify_stream(subject->seed, kind), (uint64_t)reference_elements(problem));
    const uint64_t steps = VERIFY_ALIGNMENT / step;
    return (size_t)(verify_random_bits(stream, (uint64_t)id) % steps) * step;
}

/* Places all tensors between fences. Returns false if there is not enough memory. */
static bool place_tensors(const struct verify_subject *subject, struct verify_setup setup,
                          void *pointers[REFERENCE_TENSOR_COUNT]) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(subject->problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_tensor *tensor = &tensors[id];
        pointers[id] = NULL;
        if (tensor->role == REFERENCE_ROLE_UNUSED ||
            is_left_out(subject, tensors, id, setup.data)) {
            continue;
        }
        pointers[id] =
            verify_fence_place(&subject->fences->tensor[id], reference_tensor_bytes(tensor),
                               setup.placement, shift_of(subject, id, tensor->size));
        if (!pointers[id]) {
            return false;
        }
    }
    if (setup.placement == VERIFY_PLACE_IN_PLACE) {
        pointers[reference_tensor_result(subject->problem)] =
            pointers[reference_tensor_source(subject->problem)];
    }
    return true;
}

/* Returns the bytes of the workspace that the caller gives; 0: the implementation takes its own. */
static size_t workspace_bytes(const struct verify_subject *subject) {
    const bool given =
        subject->implementation->workspace && verify_check_wanted(VERIFY_CHECK_WORKSPACE);
    return given ? subject->implementation->workspace(subject->state) : 0;
}

static bool place_workspace(const struct verify_subject *subject, struct verify_setup setup) {
    enum { STEP = 16 }; /* the alignment of malloc, which is all that a workspace needs */
    const size_t bytes = workspace_bytes(subject);
    return bytes == 0 ||
           verify_fence_place_aligned(&subject->fences->workspace, bytes, setup.placement,
                                      shift_of(subject, REFERENCE_TENSOR_COUNT, STEP)) != NULL;
}

bool verify_check_place(const struct verify_subject *subject, const struct verify_truth *truth,
                        struct verify_setup setup, void *pointers[REFERENCE_TENSOR_COUNT]) {
    if (!place_tensors(subject, setup, pointers) || !place_workspace(subject, setup)) {
        return false;
    }
    verify_truth_inputs(truth, pointers);
    return true;
}

void verify_check_litter(const struct verify_subject *subject,
                         void *const pointers[REFERENCE_TENSOR_COUNT]) {
    enum { LITTER = 0x41 }; /* gives about 12 as a float, and 2e6 as a double */
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(subject->problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (tensors[id].role == REFERENCE_ROLE_OUTPUT && pointers[id]) {
            memset(pointers[id], LITTER, reference_tensor_bytes(&tensors[id]));
        }
    }
    if (workspace_bytes(subject) > 0) {
        memset(subject->fences->workspace.data, LITTER, workspace_bytes(subject));
    }
}

/* Makes a write to an input a fault, even if it restores what was there. Large inputs stay as they
 * are, because every page of them would cost the next check a fault. */
static void protect_inputs(const struct verify_subject *subject,
                           void *const pointers[REFERENCE_TENSOR_COUNT]) {
    enum { MOST_BYTES = 1 << 14 };
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(subject->problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (tensors[id].role == REFERENCE_ROLE_INPUT && pointers[id] &&
            reference_tensor_bytes(&tensors[id]) <= MOST_BYTES) {
            verify_fence_protect(&subject->fences->tensor[id]);
        }
    }
}

/* ---- execution ---------------------------------------------------------------------------- */

/* Returns the arguments of an execution. norma ignores what a problem does not use, so it gets
 * there an address without memory. */
static struct norma_args arguments_of(const struct verify_subject *subject,
                                      void *const pointers[REFERENCE_TENSOR_COUNT]) {
    const uintptr_t nowhere = 64;
    const bool ignores = subject->implementation->kind == REFERENCE_KIND_NORMA;
    void *passed[REFERENCE_TENSOR_COUNT];
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    reference_tensors_of(subject->problem, tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const bool ignored = ignores && tensors[id].role == REFERENCE_ROLE_UNUSED;
        passed[id] = ignored ? (void *)nowhere : pointers[id];
    }
    return reference_tensors_bind(passed);
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
    return verify_fence_intact(&fences->workspace) ? NULL : "the workspace";
}

norma_status verify_check_run(const struct verify_subject *subject,
                              void *const pointers[REFERENCE_TENSOR_COUNT]) {
    struct norma_args args = arguments_of(subject, pointers);
    args.workspace = workspace_bytes(subject) > 0 ? subject->fences->workspace.data : NULL;
    return run(subject, &args);
}

norma_status verify_check_execute(const struct verify_subject *subject,
                                  const struct verify_truth *truth, struct verify_setup setup,
                                  void *pointers[REFERENCE_TENSOR_COUNT]) {
    if (!verify_check_place(subject, truth, setup, pointers)) {
        return NORMA_STATUS_NO_MEMORY;
    }
    if (setup.placement == VERIFY_PLACE_FRONT && verify_check_wanted(VERIFY_CHECK_INPUTS)) {
        protect_inputs(subject, pointers);
    }
    return verify_check_run(subject, pointers);
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

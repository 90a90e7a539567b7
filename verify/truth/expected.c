/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/truth/expected.h"

#include <stdlib.h>
#include <string.h>

/* Allocates an array of NaNs, so that an element that the reference does not write shows. */
static void *allocate(int64_t count, size_t size) {
    const size_t bytes = (size_t)count * size;
    void *array = malloc(bytes + 1);
    return array ? memset(array, 0xff, bytes) : NULL;
}

/* Allocates the values of one output, and the parts that it has. */
static bool allocate_output(struct reference_place place, int64_t count) {
    bool complete = (*place.value = allocate(count, sizeof **place.value)) != NULL;
    for (int part = 0; part < REFERENCE_PARTS; part++) {
        if (place.parts[part]) {
            *place.parts[part] = allocate(count, sizeof **place.parts[part]);
            complete = complete && *place.parts[part];
        }
    }
    return complete;
}

bool verify_expected_allocate(const struct norma_problem *problem,
                              const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                              struct reference_result *reference) {
    bool complete = true;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&tensors[id])) {
            complete = allocate_output(reference_place_of(reference, (enum reference_tensor_id)id),
                                       tensors[id].count) &&
                       complete;
        }
    }
    const int64_t conditions = problem->n * reference_regions(problem) * problem->c;
    reference->conditions = calloc((size_t)conditions + 1, sizeof *reference->conditions);
    return complete && reference->conditions;
}

void verify_expected_release(struct reference_result *reference) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const struct reference_place place =
            reference_place_of(reference, (enum reference_tensor_id)id);
        if (place.value) {
            free(*place.value);
        }
        for (int part = 0; part < REFERENCE_PARTS; part++) {
            if (place.parts[part]) {
                free(*place.parts[part]);
            }
        }
    }
    free(reference->conditions);
}

/* ---- statistics for backward passes ------------------------------------------------------- */

static const int statistics[] = {
    REFERENCE_TENSOR_mean,          REFERENCE_TENSOR_inverse_std,
    REFERENCE_TENSOR_instance_mean, REFERENCE_TENSOR_instance_inverse_std,
    REFERENCE_TENSOR_style_mean,    REFERENCE_TENSOR_style_std};

/* Returns the forward pass whose gradient `backward` computes. Its epilogue is left out, as the
 * statistics do not depend on it. */
static struct norma_problem forward_of(const struct norma_problem *backward) {
    struct norma_problem forward = *backward;
    forward.pass =
        backward->pass == NORMA_PASS_BACKWARD ? NORMA_PASS_FORWARD : NORMA_PASS_INFERENCE;
    forward.epilogue = NORMA_EPILOGUE_NONE;
    return forward;
}

bool verify_expected_statistics(const struct norma_problem *backward,
                                void *const inputs[REFERENCE_TENSOR_COUNT]) {
    const struct norma_problem forward = forward_of(backward);
    const struct norma_args args = reference_tensors_bind(inputs);
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    struct reference_result reference = {0};
    reference_tensors_of(&forward, tensors);
    bool complete = true;
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
        const int id = statistics[i];
        if (reference_is_output(&tensors[id])) {
            complete = allocate_output(reference_place_of(&reference, (enum reference_tensor_id)id),
                                       tensors[id].count) &&
                       complete;
        }
    }
    complete = complete && reference_run(&forward, &args, &reference) == NORMA_STATUS_OK;
    for (size_t i = 0; complete && i < sizeof statistics / sizeof *statistics; i++) {
        const int id = statistics[i];
        const double *values =
            reference_is_output(&tensors[id])
                ? *reference_place_of(&reference, (enum reference_tensor_id)id).value
                : NULL;
        for (int64_t k = 0; values && k < tensors[id].count; k++) {
            ((float *)inputs[id])[k] = (float)values[k];
        }
    }
    verify_expected_release(&reference);
    return complete;
}

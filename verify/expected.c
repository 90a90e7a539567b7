/* SPDX-License-Identifier: Apache-2.0 */
#include "expected.h"

#include <stdlib.h>
#include <string.h>

struct norma_place_of_output norma_expected(struct norma_reference *reference, int id) {
    switch (id) {
    case NORMA_TENSOR_y:
        return (struct norma_place_of_output){&reference->y, &reference->terms, NULL};
#define NORMA_VALUE(name)                                                                          \
    case NORMA_TENSOR_##name:                                                                      \
        return (struct norma_place_of_output){&reference->name, NULL, NULL};
        NORMA_VALUE(mean)
        NORMA_VALUE(inverse_std)
        NORMA_VALUE(instance_mean)
        NORMA_VALUE(instance_inverse_std)
        NORMA_VALUE(running_mean)
        NORMA_VALUE(running_variance)
        NORMA_VALUE(style_mean)
        NORMA_VALUE(style_std)
        NORMA_VALUE(style_loss)
        NORMA_VALUE(dresidual)
#undef NORMA_VALUE
#define NORMA_GRADIENT(name)                                                                       \
    case NORMA_TENSOR_##name:                                                                      \
        return (struct norma_place_of_output){&reference->name.value, &reference->name.terms,      \
                                              &reference->name.sums};
        NORMA_GRADIENT(dx)
        NORMA_GRADIENT(dgamma)
        NORMA_GRADIENT(dbeta)
        NORMA_GRADIENT(drho)
        NORMA_GRADIENT(dalpha)
        NORMA_GRADIENT(dstyle)
        NORMA_GRADIENT(dstyle_mean)
        NORMA_GRADIENT(dstyle_std)
#undef NORMA_GRADIENT
    default:
        return (struct norma_place_of_output){NULL, NULL, NULL};
    }
}

/* Full of NaNs: what the reference forgets to write shows. */
static void *allocate(int64_t count, size_t size) {
    const size_t bytes = (size_t)count * size;
    void *array = malloc(bytes + 1);
    return array ? memset(array, 0xff, bytes) : NULL;
}

/* Room for the values of one output, and for its terms and sums where it has them. */
static bool allocate_output(struct norma_place_of_output place, int64_t count) {
    *place.value = allocate(count, sizeof **place.value);
    if (place.terms) {
        *place.terms = allocate(count, sizeof **place.terms);
    }
    if (place.sums) {
        *place.sums = allocate(count, sizeof **place.sums);
    }
    return *place.value && (!place.terms || *place.terms) && (!place.sums || *place.sums);
}

bool norma_expected_allocate(const struct norma_problem *problem,
                             const struct norma_tensor tensors[NORMA_TENSOR_COUNT],
                             struct norma_reference *reference) {
    bool complete = true;
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        if (norma_is_output(&tensors[id])) {
            complete =
                allocate_output(norma_expected(reference, id), tensors[id].count) && complete;
        }
    }
    if (!norma_is_backward(problem)) {
        const int64_t conditions = problem->n * norma_regions(problem) * problem->c;
        reference->conditions = calloc((size_t)conditions + 1, sizeof *reference->conditions);
        complete = complete && reference->conditions;
    }
    return complete;
}

void norma_expected_release(struct norma_reference *reference) {
    for (int id = 0; id < NORMA_TENSOR_COUNT; id++) {
        const struct norma_place_of_output place = norma_expected(reference, id);
        if (place.value) {
            free(*place.value);
        }
        if (place.terms) {
            free(*place.terms);
        }
        if (place.sums) {
            free(*place.sums);
        }
    }
    free(reference->conditions);
}

/* ---- statistics for backward passes ------------------------------------------------------- */

static const int statistics[] = {NORMA_TENSOR_mean,          NORMA_TENSOR_inverse_std,
                                 NORMA_TENSOR_instance_mean, NORMA_TENSOR_instance_inverse_std,
                                 NORMA_TENSOR_style_mean,    NORMA_TENSOR_style_std};

/* The forward pass whose gradient `backward` is; its epilogue has no part in the statistics. */
static struct norma_problem forward_of(const struct norma_problem *backward) {
    struct norma_problem forward = *backward;
    forward.pass = backward->pass == NORMA_BACKWARD ? NORMA_FORWARD : NORMA_INFERENCE;
    forward.epilogue = NORMA_EPILOGUE_NONE;
    return forward;
}

bool norma_expected_statistics(const struct norma_problem *backward,
                               void *const inputs[NORMA_TENSOR_COUNT]) {
    const struct norma_problem forward = forward_of(backward);
    const struct norma_args args = norma_tensors_bind(inputs);
    struct norma_tensor tensors[NORMA_TENSOR_COUNT];
    struct norma_reference reference = {0};
    norma_tensors_of(&forward, tensors);
    bool complete = true;
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
        const int id = statistics[i];
        if (norma_is_output(&tensors[id])) {
            complete =
                allocate_output(norma_expected(&reference, id), tensors[id].count) && complete;
        }
    }
    complete = complete && norma_reference_run(&forward, &args, &reference) == NORMA_OK;
    for (size_t i = 0; complete && i < sizeof statistics / sizeof *statistics; i++) {
        const int id = statistics[i];
        const double *values =
            norma_is_output(&tensors[id]) ? *norma_expected(&reference, id).value : NULL;
        for (int64_t k = 0; values && k < tensors[id].count; k++) {
            ((float *)inputs[id])[k] = (float)values[k];
        }
    }
    norma_expected_release(&reference);
    return complete;
}

/* The reference as an implementation among others: its results, rounded once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "reference/checked_arguments.h"
#include "reference/reference.h"

struct state {
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    double *values; /* room for the unrounded outputs, one after the other */
};

/* Returns the number of elements of all outputs. */
static size_t values_of(const struct reference_tensor tensors[]) {
    size_t count = 0;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        count += reference_is_output(&tensors[id]) ? (size_t)tensors[id].count : 0;
    }
    return count;
}

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    (void)self;
    (void)threads;
    const norma_status status = norma_problem_check(problem, NULL, 0);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    struct state *made = calloc(1, sizeof *made);
    if (!made) {
        return NORMA_STATUS_NO_MEMORY;
    }
    made->problem = *problem;
    reference_tensors_of(problem, made->tensors);
    made->values = calloc(values_of(made->tensors) + 1, sizeof *made->values);
    if (!made->values) {
        free(made);
        return NORMA_STATUS_NO_MEMORY;
    }
    *state = made;
    return NORMA_STATUS_OK;
}

/* Points every output at its room in state->values. */
static void place(const struct state *state, struct reference_result *result) {
    double *values = state->values;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&state->tensors[id])) {
            *reference_place_of(result, (enum reference_tensor_id)id).value = values;
            values += state->tensors[id].count;
        }
    }
}

static void round_to(void *output, const struct reference_tensor *tensor, const double *values) {
    for (int64_t i = 0; i < tensor->count; i++) {
        reference_store(tensor->dtype, output, i, values[i]);
    }
}

static void round_all(const struct state *state, struct reference_result *result,
                      const struct norma_args *args) {
    void *pointers[REFERENCE_TENSOR_COUNT];
    reference_tensors_unbind(args, pointers);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (reference_is_output(&state->tensors[id]) && pointers[id]) {
            round_to(pointers[id], &state->tensors[id],
                     *reference_place_of(result, (enum reference_tensor_id)id).value);
        }
    }
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    const struct state *state = opaque;
    struct reference_result result = {0};
    if (reference_elements(&state->problem) == 0) {
        return reference_execute_empty(&state->problem, state->tensors, args);
    }
    norma_status status = reference_check(&state->problem, state->tensors, args);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    place(state, &result);
    status = reference_run(&state->problem, args, &result);
    if (status == NORMA_STATUS_OK) {
        round_all(state, &result, args);
    }
    return status;
}

static const char *kernel(const void *state) {
    (void)state;
    return "f64 definition";
}

static void destroy(void *opaque) {
    struct state *state = opaque;
    if (state) {
        free(state->values);
    }
    free(state);
}

const struct reference_implementation reference_implementation_reference = {
    .name = "reference",
    .kind = REFERENCE_KIND_DEFINITION,
    .accumulation = REFERENCE_ACCUMULATE_F64,
    .create = create,
    .execute = execute,
    .kernel = kernel,
    .destroy = destroy,
};

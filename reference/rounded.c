/* The reference as an implementation among others: its results, rounded once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "reference/checked_arguments.h"
#include "reference/interface/interface.h"
#include "reference/reference.h"

/* Room for the unrounded results of one problem, one after the other. */
struct state {
    struct norma_problem problem;
    double *values;
};

static size_t values_of(const struct norma_problem *problem) {
    struct reference_reference reference = {0};
    const struct reference_outputs outputs =
        reference_outputs_of(problem, &(struct norma_args){0}, &reference);
    size_t count = 0;
    for (int i = 0; i < outputs.count; i++) {
        count += (size_t)outputs.list[i].count;
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
    struct state *made = malloc(sizeof *made);
    double *values = calloc(values_of(problem) + 1, sizeof *values);
    if (!made || !values) {
        free(made);
        free(values);
        return NORMA_STATUS_NO_MEMORY;
    }
    *made = (struct state){*problem, values};
    *state = made;
    return NORMA_STATUS_OK;
}

/* Gives every output its room. */
static void place(const struct reference_outputs *outputs, double *values) {
    for (int i = 0; i < outputs->count; i++) {
        *outputs->list[i].value = values;
        values += outputs->list[i].count;
    }
}

static void round_to(const struct reference_output *output) {
    for (int64_t i = 0; output->destination && i < output->count; i++) {
        output->destination[i] = (float)(*output->value)[i];
    }
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    const struct state *state = opaque;
    const struct norma_problem *problem = &state->problem;
    struct reference_reference reference = {0};
    const struct reference_outputs outputs = reference_outputs_of(problem, args, &reference);
    norma_status status = reference_check(problem, args, &outputs);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    place(&outputs, state->values);
    status = reference_run(problem, args, &reference);
    for (int i = 0; status == NORMA_STATUS_OK && i < outputs.count; i++) {
        round_to(&outputs.list[i]);
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

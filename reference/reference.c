/* Dispatch by operator, and the reference as an implementation among others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference.h"

#include <stdlib.h>

#include "implementation.h"
#include "operators.h"

/* Waking threads costs more than a small problem does. */
enum { ELEMENTS_WORTH_THREADS = 1 << 15 };

static int64_t elements_of(const struct norma_problem *problem) {
    return problem->n * problem->c * norma_problem_spatial(problem);
}

void norma_reference_run(const struct norma_problem *problem, const struct norma_args *args,
                         const struct norma_reference *result) {
    const struct norma_view view = {
        .problem = problem,
        .args = args,
        .result = result,
        .n = problem->n,
        .c = problem->c,
        .s = norma_problem_spatial(problem),
        .parallel = elements_of(problem) >= ELEMENTS_WORTH_THREADS,
    };
    if (elements_of(problem) == 0) {
        return;
    }
    switch (problem->op) {
#define NORMA_CASE(upper, lower, text)                                                             \
    case NORMA_##upper:                                                                            \
        norma_reference_##lower(&view);                                                            \
        break;
        NORMA_OPERATORS(NORMA_CASE)
#undef NORMA_CASE
    case NORMA_OPERATOR_COUNT:
        break;
    }
}

/* Room for the unrounded results of one problem. */
struct state {
    struct norma_problem problem;
    double *values;
};

static norma_status create(const struct norma_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    (void)self;
    (void)threads;
    const norma_status status = norma_problem_check(problem, NULL, 0);
    if (status != NORMA_OK) {
        return status;
    }
    const size_t statistics = 2 * (size_t)norma_problem_statistics(problem) +
                              2 * (size_t)(problem->n * problem->c) + 2 * (size_t)problem->c;
    struct state *made = malloc(sizeof *made);
    double *values = calloc((size_t)elements_of(problem) + statistics + 1, sizeof *values);
    if (!made || !values) {
        free(made);
        free(values);
        return NORMA_NO_MEMORY;
    }
    *made = (struct state){*problem, values};
    *state = made;
    return NORMA_OK;
}

static void round_to(float *out, const double *values, int64_t count) {
    if (out) {
        for (int64_t i = 0; i < count; i++) {
            out[i] = (float)values[i];
        }
    }
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    const struct state *state = opaque;
    const struct norma_problem *problem = &state->problem;
    const int64_t elements = elements_of(problem);
    const int64_t statistics = norma_problem_statistics(problem);
    const int64_t planes = problem->n * problem->c;
    struct norma_reference result = {.y = state->values};
    result.mean = result.y + elements;
    result.inverse_std = result.mean + statistics;
    result.instance_mean = result.inverse_std + statistics;
    result.instance_inverse_std = result.instance_mean + planes;
    result.running_mean = result.instance_inverse_std + planes;
    result.running_variance = result.running_mean + problem->c;
    norma_reference_run(problem, args, &result);
    round_to(args->y, result.y, elements);
    if (problem->pass == NORMA_FORWARD) {
        const bool batch = problem->op == NORMA_BN || problem->op == NORMA_BIN;
        round_to(problem->op == NORMA_UNIT ? NULL : args->mean, result.mean, statistics);
        round_to(args->inverse_std, result.inverse_std, statistics);
        if (problem->op == NORMA_BIN) {
            round_to(args->instance_mean, result.instance_mean, planes);
            round_to(args->instance_inverse_std, result.instance_inverse_std, planes);
        }
        if (batch && elements > 0) {
            round_to(args->running_mean, result.running_mean, problem->c);
            round_to(args->running_variance, result.running_variance, problem->c);
        }
    }
    return NORMA_OK;
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

const struct norma_implementation norma_implementation_reference = {
    .name = "reference",
    .accumulation = NORMA_ACCUMULATE_F64,
    .create = create,
    .execute = execute,
    .kernel = kernel,
    .destroy = destroy,
};

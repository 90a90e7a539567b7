/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/naive/naive.h"

#include <stdlib.h>

#include "reference/naive/naive_passes.h"

struct state {
    struct norma_problem problem;
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
};

static bool is_supported(const struct norma_problem *problem) {
    switch (problem->op) {
    case NORMA_OPERATOR_BN:
        if (problem->pass == NORMA_PASS_INFERENCE ||
            problem->pass == NORMA_PASS_INFERENCE_BACKWARD) {
            return false;
        }
        break;
    case NORMA_OPERATOR_IN:
    case NORMA_OPERATOR_GN:
    case NORMA_OPERATOR_LN:
    case NORMA_OPERATOR_RMS:
        break;
    default:
        return false;
    }
    return problem->epilogue == NORMA_EPILOGUE_NONE && problem->dtype == NORMA_DTYPE_F32;
}

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    (void)self;
    (void)threads;
    const norma_status status = norma_problem_check(problem, NULL, 0);
    if (status != NORMA_STATUS_OK || !is_supported(problem)) {
        return status != NORMA_STATUS_OK ? status : NORMA_STATUS_UNSUPPORTED;
    }
    struct state *made = calloc(1, sizeof *made);
    if (!made) {
        return NORMA_STATUS_NO_MEMORY;
    }
    made->problem = *problem;
    reference_tensors_of(problem, made->tensors);
    *state = made;
    return NORMA_STATUS_OK;
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    const struct state *state = opaque;
    if (reference_elements(&state->problem) == 0) {
        return reference_execute_empty(&state->problem, state->tensors, args);
    }
    if (reference_lacks_tensor(state->tensors, args)) {
        return NORMA_STATUS_NULL;
    }
    if (reference_is_backward(&state->problem)) {
        reference_naive_backward(&state->problem, args);
    } else {
        reference_naive_forward(&state->problem, args);
    }
    return NORMA_STATUS_OK;
}

static const char *kernel(const void *state) {
    (void)state;
    return "loops";
}

const struct reference_implementation reference_implementation_naive = {
    .name = "naive",
    .kind = REFERENCE_KIND_DEFINITION,
    .accumulation = REFERENCE_ACCUMULATE_F64_PLAIN,
    .create = create,
    .execute = execute,
    .kernel = kernel,
    .destroy = free,
};

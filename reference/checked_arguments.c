/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/checked_arguments.h"

#include <math.h>

static bool is_bad_gate(const struct norma_problem *problem, const struct norma_args *args) {
    for (int64_t c = 0; c < problem->c; c++) {
        if (isnan(args->rho[c]) || args->rho[c] < 0.0f || args->rho[c] > 1.0f) {
            return true;
        }
    }
    return false;
}

static bool is_bad_style_index(const struct norma_problem *problem, const struct norma_args *args) {
    for (int64_t n = 0; n < problem->n; n++) {
        if (args->style_index[n] < 0 || args->style_index[n] >= problem->styles) {
            return true;
        }
    }
    return false;
}

/* Checks whether the weights sum to something else than one. Each of them may have been rounded to
 * float, so their sum may be off by as much for each. */
static bool is_bad_row(const float *weights, int64_t count) {
    double sum = 0.0;
    for (int64_t k = 0; k < count; k++) {
        sum += (double)weights[k];
    }
    return isnan(sum) || fabs(sum - 1.0) > (double)count * 0x1p-23;
}

static bool are_bad_weights(const struct norma_problem *problem, const struct norma_args *args) {
    for (int64_t n = 0; n < problem->n; n++) {
        if (is_bad_row(args->style_weights + n * problem->styles, problem->styles)) {
            return true;
        }
    }
    return false;
}

static bool is_bad_label(const struct norma_problem *problem, const struct norma_args *args) {
    for (int64_t i = 0; i < problem->n * norma_problem_spatial(problem); i++) {
        if (args->labels[i] >= problem->regions) {
            return true;
        }
    }
    return false;
}

static bool occurs(const int32_t *values, int64_t count, int64_t value) {
    for (int64_t i = 0; i < count; i++) {
        if (values[i] == value) {
            return true;
        }
    }
    return false;
}

/* Checks whether a sample does not occur. There are as many values as samples, so if each sample
 * occurs, it occurs once. */
static bool is_bad_permutation(const struct norma_problem *problem, const struct norma_args *args) {
    for (int64_t n = 0; n < problem->n; n++) {
        if (!occurs(args->permutation, problem->n, n)) {
            return true;
        }
    }
    return false;
}

/* The tensors whose values are checked, in the order that decides which status comes first. */
static const struct {
    enum reference_tensor_id id;
    bool (*is_bad)(const struct norma_problem *problem, const struct norma_args *args);
    norma_status status;
} rules[] = {
    {REFERENCE_TENSOR_rho, is_bad_gate, NORMA_STATUS_BAD_GATE},
    {REFERENCE_TENSOR_style_index, is_bad_style_index, NORMA_STATUS_BAD_STYLE_INDEX},
    {REFERENCE_TENSOR_style_weights, are_bad_weights, NORMA_STATUS_BAD_WEIGHTS},
    {REFERENCE_TENSOR_labels, is_bad_label, NORMA_STATUS_BAD_LABEL},
    {REFERENCE_TENSOR_permutation, is_bad_permutation, NORMA_STATUS_BAD_PERMUTATION},
};

norma_status reference_check(const struct norma_problem *problem,
                             const struct reference_tensor tensors[REFERENCE_TENSOR_COUNT],
                             const struct norma_args *args) {
    if (reference_lacks_tensor(tensors, args)) {
        return NORMA_STATUS_NULL;
    }
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const bool used = tensors[rules[i].id].role != REFERENCE_ROLE_UNUSED;
        if (used && rules[i].is_bad(problem, args)) {
            return rules[i].status;
        }
    }
    return NORMA_STATUS_OK;
}

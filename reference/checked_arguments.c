/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/checked_arguments.h"

#include <math.h>

/* ---- pointers ----------------------------------------------------------------------------- */

/* A pointer that a problem needs if `needed`. */
struct requirement {
    bool needed;
    const void *pointer;
};

static bool any_missing(const struct requirement *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (list[i].needed && !list[i].pointer) {
            return true;
        }
    }
    return false;
}

static bool misses_images(const struct norma_problem *problem, const struct norma_args *args) {
    const bool backward = reference_runs_backward(problem);
    const bool relu = problem->epilogue != NORMA_EPILOGUE_NONE;
    const bool add = problem->epilogue == NORMA_EPILOGUE_ADD_RELU;
    const struct requirement list[] = {
        {true, args->x},      {!backward || relu, args->y}, {!backward && add, args->residual},
        {backward, args->dy}, {backward, args->dx},
    };
    return any_missing(list, sizeof list / sizeof *list);
}

static bool misses_parameters(const struct norma_problem *problem, const struct norma_args *args) {
    const bool adain = problem->op == NORMA_OPERATOR_ADAIN;
    const norma_style_source source = problem->style_source;
    const bool statistics = source == NORMA_STYLE_STATS || reference_runs_backward(problem);
    const bool alpha =
        problem->op == NORMA_OPERATOR_UNIT && problem->alpha_kind != NORMA_ALPHA_SCALAR;
    const struct requirement list[] = {
        {problem->op == NORMA_OPERATOR_BIN && !problem->rho_fixed, args->rho},
        {alpha, args->alpha},
        {problem->op == NORMA_OPERATOR_CIN, args->style_index},
        {adain && source == NORMA_STYLE_TENSOR, args->style},
        {adain && source == NORMA_STYLE_SWAP, args->permutation},
        {adain && statistics, args->style_mean},
        {adain && statistics, args->style_std},
        {adain && problem->styles > 1, args->style_weights},
        {adain && problem->regions > 1, args->labels},
    };
    return any_missing(list, sizeof list / sizeof *list);
}

static bool misses_statistics(const struct norma_problem *problem, const struct norma_args *args) {
    const bool running =
        reference_has_running(problem) &&
        (problem->pass == NORMA_PASS_INFERENCE || problem->pass == NORMA_PASS_INFERENCE_BACKWARD);
    const bool training = problem->pass == NORMA_PASS_BACKWARD;
    const bool instance = problem->op == NORMA_OPERATOR_BIN && reference_runs_backward(problem);
    const struct requirement list[] = {
        {running, args->running_mean},
        {running, args->running_variance},
        {training && reference_subtracts_mean(problem), args->mean},
        {training, args->inverse_std},
        {instance, args->instance_mean},
        {instance, args->instance_inverse_std},
    };
    return any_missing(list, sizeof list / sizeof *list);
}

/* ---- values ------------------------------------------------------------------------------- */

static bool is_bad_gate(const struct norma_problem *problem, const struct norma_args *args) {
    if (problem->op != NORMA_OPERATOR_BIN || problem->rho_fixed) {
        return false;
    }
    for (int64_t c = 0; c < problem->c; c++) {
        if (isnan(args->rho[c]) || args->rho[c] < 0.0f || args->rho[c] > 1.0f) {
            return true;
        }
    }
    return false;
}

static bool is_bad_style_index(const struct norma_problem *problem, const struct norma_args *args) {
    if (problem->op != NORMA_OPERATOR_CIN) {
        return false;
    }
    for (int64_t n = 0; n < problem->n; n++) {
        if (args->style_index[n] < 0 || args->style_index[n] >= problem->styles) {
            return true;
        }
    }
    return false;
}

/* Each weight may have been rounded to float, and so may their sum be off. */
static bool is_bad_row(const float *weights, int64_t count) {
    double sum = 0.0;
    for (int64_t k = 0; k < count; k++) {
        sum += (double)weights[k];
    }
    return isnan(sum) || fabs(sum - 1.0) > (double)count * 0x1p-23;
}

static bool are_bad_weights(const struct norma_problem *problem, const struct norma_args *args) {
    if (problem->op != NORMA_OPERATOR_ADAIN || problem->styles == 1) {
        return false;
    }
    for (int64_t n = 0; n < problem->n; n++) {
        if (is_bad_row(args->style_weights + n * problem->styles, problem->styles)) {
            return true;
        }
    }
    return false;
}

static bool is_bad_label(const struct norma_problem *problem, const struct norma_args *args) {
    if (problem->op != NORMA_OPERATOR_ADAIN || problem->regions == 1) {
        return false;
    }
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

/* As many values as there are samples: if each sample occurs, it occurs once. */
static bool is_bad_permutation(const struct norma_problem *problem, const struct norma_args *args) {
    if (problem->op != NORMA_OPERATOR_ADAIN || problem->style_source != NORMA_STYLE_SWAP) {
        return false;
    }
    for (int64_t n = 0; n < problem->n; n++) {
        if (!occurs(args->permutation, problem->n, n)) {
            return true;
        }
    }
    return false;
}

/* ------------------------------------------------------------------------------------------- */

/* Anything but the result, which is empty itself. */
static bool asks_for_statistics(const struct reference_outputs *outputs) {
    for (int i = 1; i < outputs->count; i++) {
        if (outputs->list[i].destination && outputs->list[i].count > 0) {
            return true;
        }
    }
    return false;
}

norma_status reference_check(const struct norma_problem *problem, const struct norma_args *args,
                             const struct reference_outputs *outputs) {
    if (outputs->list[0].count == 0) {
        return asks_for_statistics(outputs) ? NORMA_STATUS_EMPTY : NORMA_STATUS_OK;
    }
    if (misses_images(problem, args) || misses_parameters(problem, args) ||
        misses_statistics(problem, args)) {
        return NORMA_STATUS_NULL;
    }
    if (is_bad_gate(problem, args)) {
        return NORMA_STATUS_BAD_GATE;
    }
    if (is_bad_style_index(problem, args)) {
        return NORMA_STATUS_BAD_STYLE_INDEX;
    }
    if (are_bad_weights(problem, args)) {
        return NORMA_STATUS_BAD_WEIGHTS;
    }
    if (is_bad_label(problem, args)) {
        return NORMA_STATUS_BAD_LABEL;
    }
    return is_bad_permutation(problem, args) ? NORMA_STATUS_BAD_PERMUTATION : NORMA_STATUS_OK;
}

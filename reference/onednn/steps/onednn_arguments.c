/* Checking arguments.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference/onednn/steps/onednn_arguments.h"

bool onednn_is_backward(const struct norma_problem *problem) {
    return problem->pass == NORMA_PASS_BACKWARD || problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
}

static bool uses_running(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_BIN;
}

static bool is_norm(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_RMS || problem->op == NORMA_OPERATOR_UNIT;
}

/* ---- what is missing ---------------------------------------------------------------------- */

static bool lacks_style(const struct norma_problem *problem, const struct norma_args *args) {
    const bool stats = problem->style_source == NORMA_STYLE_STATS || onednn_is_backward(problem);
    return (stats && (!args->style_mean || !args->style_std)) ||
           (problem->style_source == NORMA_STYLE_TENSOR && !args->style) ||
           (problem->style_source == NORMA_STYLE_SWAP && !args->permutation) ||
           (problem->styles > 1 && !args->style_weights);
}

static bool lacks_operand(const struct norma_problem *problem, const struct norma_args *args) {
    switch (problem->op) {
    case NORMA_OPERATOR_BIN:
        return !problem->rho_fixed && !args->rho;
    case NORMA_OPERATOR_CIN:
        return !args->style_index;
    case NORMA_OPERATOR_ADAIN:
        return lacks_style(problem, args);
    case NORMA_OPERATOR_UNIT:
        return problem->alpha_kind != NORMA_ALPHA_SCALAR && !args->alpha;
    default:
        return false;
    }
}

static bool lacks_images(const struct norma_problem *problem, const struct norma_args *args) {
    if (onednn_is_backward(problem)) {
        return !args->x || !args->dy || !args->dx ||
               (problem->epilogue != NORMA_EPILOGUE_NONE && !args->y);
    }
    return !args->x || !args->y ||
           (problem->epilogue == NORMA_EPILOGUE_ADD_RELU && !args->residual);
}

static bool lacks_statistics(const struct norma_problem *problem, const struct norma_args *args) {
    const bool running = uses_running(problem) && (problem->pass == NORMA_PASS_INFERENCE ||
                                                   problem->pass == NORMA_PASS_INFERENCE_BACKWARD);
    const bool instance = problem->op == NORMA_OPERATOR_BIN && onednn_is_backward(problem);
    return (running && (!args->running_mean || !args->running_variance)) ||
           (instance && (!args->instance_mean || !args->instance_inverse_std)) ||
           (problem->pass == NORMA_PASS_BACKWARD &&
            (!args->inverse_std || (!is_norm(problem) && !args->mean)));
}

/* ---- what points beyond its range --------------------------------------------------------- */

static bool has_bad_index(const struct norma_problem *problem, const struct norma_args *args) {
    for (int64_t n = 0; problem->op == NORMA_OPERATOR_CIN && n < problem->n; n++) {
        if (args->style_index[n] < 0 || args->style_index[n] >= problem->styles) {
            return true;
        }
    }
    return false;
}

static bool has_bad_permutation(const struct norma_problem *problem,
                                const struct norma_args *args) {
    const bool swap =
        problem->op == NORMA_OPERATOR_ADAIN && problem->style_source == NORMA_STYLE_SWAP;
    for (int64_t n = 0; swap && n < problem->n; n++) {
        if (args->permutation[n] < 0 || args->permutation[n] >= problem->n) {
            return true;
        }
    }
    return false;
}

norma_status onednn_check_arguments(const struct norma_problem *problem,
                                    const struct norma_args *args) {
    if (lacks_images(problem, args) || lacks_operand(problem, args) ||
        lacks_statistics(problem, args)) {
        return NORMA_STATUS_NULL;
    }
    if (has_bad_index(problem, args)) {
        return NORMA_STATUS_BAD_STYLE_INDEX;
    }
    return has_bad_permutation(problem, args) ? NORMA_STATUS_BAD_PERMUTATION : NORMA_STATUS_OK;
}

/* ---- empty tensors ------------------------------------------------------------------------ */

/* Is a statistic asked for, of the sets that norma_problem_statistics counts? */
static bool asks_for_sets(const struct norma_problem *problem, const struct norma_args *args) {
    const bool mean = !is_norm(problem) && args->mean;
    const bool running = uses_running(problem) && (args->running_mean || args->running_variance);
    const bool loss = problem->op == NORMA_OPERATOR_ADAIN && args->style_loss;
    return mean || args->inverse_std || running || loss;
}

norma_status onednn_execute_empty(const struct norma_problem *problem,
                                  const struct norma_args *args) {
    const bool sets = problem->pass == NORMA_PASS_FORWARD && norma_problem_statistics(problem) > 0;
    const bool instances = problem->op == NORMA_OPERATOR_BIN && !onednn_is_backward(problem) &&
                           problem->n * problem->c > 0;
    const bool asks_for_instances = args->instance_mean || args->instance_inverse_std;
    return (sets && asks_for_sets(problem, args)) || (instances && asks_for_instances)
               ? NORMA_STATUS_EMPTY
               : NORMA_STATUS_OK;
}

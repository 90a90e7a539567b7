/* Problems as values: the defaults, and the sizes that follow from a problem.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <norma.h>

struct norma_problem norma_problem_default(norma_operator op) {
    return (struct norma_problem){
        .op = op,
        .epsilon = 1e-5,
        .momentum = 0.1,
        .groups = op == NORMA_OPERATOR_GN ? 32 : 0, /* gcd(0, 32) */
        .styles = op == NORMA_OPERATOR_CIN || op == NORMA_OPERATOR_ADAIN ? 1 : 0,
        .regions = op == NORMA_OPERATOR_ADAIN ? 1 : 0,
        .alpha_kind = op == NORMA_OPERATOR_UNIT ? NORMA_ALPHA_CHANNEL : NORMA_ALPHA_SCALAR,
        .alpha = 1,
        .norm_scale = 1,
        .style_rank = -1,
    };
}

static int64_t product(const int64_t *sizes, int count) {
    int64_t result = 1;
    for (int i = 0; i < count; i++) {
        result *= sizes[i];
    }
    return result;
}

int64_t norma_problem_spatial(const struct norma_problem *problem) {
    return product(problem->spatial, problem->spatial_rank);
}

static bool has_style_tensor(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_ADAIN && problem->style_source == NORMA_STYLE_TENSOR;
}

int64_t norma_problem_style_spatial(const struct norma_problem *problem) {
    if (!has_style_tensor(problem)) {
        return 0;
    }
    return problem->style_rank < 0 ? norma_problem_spatial(problem)
                                   : product(problem->style_spatial, problem->style_rank);
}

int64_t norma_problem_sample_styles(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_ADAIN ? problem->styles * problem->regions : 0;
}

int64_t norma_problem_statistics(const struct norma_problem *problem) {
    switch (problem->op) {
    case NORMA_OPERATOR_BN:
    case NORMA_OPERATOR_BIN:
        return problem->c;
    case NORMA_OPERATOR_IN:
    case NORMA_OPERATOR_CIN:
        return problem->n * problem->c;
    case NORMA_OPERATOR_ADAIN:
        return problem->n * problem->regions * problem->c;
    case NORMA_OPERATOR_GN:
        return problem->n * problem->groups;
    case NORMA_OPERATOR_LN:
    case NORMA_OPERATOR_RMS:
        return problem->n;
    case NORMA_OPERATOR_UNIT:
        return problem->form == NORMA_FORM_LAYER ? problem->c : problem->n;
    case NORMA_OPERATOR_COUNT:
        break;
    }
    return 0;
}

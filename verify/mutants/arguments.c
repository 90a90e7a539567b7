/* Mutants that take one argument for another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "verify/mutants/mutant_catalogue.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool has_affine(const struct norma_problem *problem) {
    return verify_is_forward(problem) &&
           (problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_IN ||
            problem->op == NORMA_OPERATOR_GN || problem->op == NORMA_OPERATOR_LN);
}

static bool has_tables(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->op == NORMA_OPERATOR_CIN && problem->styles > 1;
}

static bool has_batch(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && problem->pass == NORMA_PASS_BACKWARD &&
           problem->n > 1;
}

static bool has_style_tensor(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->op == NORMA_OPERATOR_ADAIN && problem->n > 1 &&
           problem->style_source == NORMA_STYLE_TENSOR;
}

static bool swaps_styles(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->style_source == NORMA_STYLE_SWAP &&
           problem->n > 2;
}

static bool has_regions(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->regions > 1;
}

static bool mixes_styles(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->op == NORMA_OPERATOR_ADAIN && problem->styles > 1;
}

static bool has_gate(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->op == NORMA_OPERATOR_BIN && !problem->rho_fixed;
}

static bool has_alphas(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->alpha_kind == NORMA_ALPHA_CHANNEL &&
           problem->c > 1;
}

static bool has_running(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_INFERENCE;
}

/* ---- confused arguments ---------------------------------------------------------------------- */

static void exchange(struct verify_execution *execution, enum reference_tensor_id a,
                     enum reference_tensor_id b) {
    void *kept = execution->data[a];
    execution->data[a] = execution->data[b];
    execution->data[b] = kept;
}

/* Passes the argument with its elements rotated, so that it begins with element `steps`. */
static void rotate(struct verify_execution *execution, enum reference_tensor_id id, int64_t steps) {
    const char *elements = execution->data[id];
    const size_t all = reference_tensor_bytes(&execution->tensors[id]);
    const size_t moved = (size_t)steps * execution->tensors[id].size;
    char *copy = verify_execution_copy(execution, id);
    if (copy && moved < all) {
        memcpy(copy, elements + moved, all - moved);
        memcpy(copy + all - moved, elements, moved);
    }
}

static void exchange_gamma_and_beta(struct verify_execution *execution) {
    exchange(execution, REFERENCE_TENSOR_gamma, REFERENCE_TENSOR_beta);
}

static void take_absent_gamma_for_zero(struct verify_execution *execution) {
    if (!execution->data[REFERENCE_TENSOR_gamma]) {
        /* A tensor of at least its size, which the copy starts from. */
        execution->data[REFERENCE_TENSOR_gamma] = (void *)(uintptr_t)execution->source;
        float *zeros = verify_execution_copy(execution, REFERENCE_TENSOR_gamma);
        memset(zeros, 0, reference_tensor_bytes(&execution->tensors[REFERENCE_TENSOR_gamma]));
    }
}

static void take_next_row(struct verify_execution *execution) {
    rotate(execution, REFERENCE_TENSOR_style_index, 1);
}

static void take_statistics_of_next_sample(struct verify_execution *execution) {
    rotate(execution, REFERENCE_TENSOR_mean, execution->problem.c);
    rotate(execution, REFERENCE_TENSOR_inverse_std, execution->problem.c);
}

static void take_style_of_next_sample(struct verify_execution *execution) {
    rotate(execution, REFERENCE_TENSOR_style,
           execution->tensors[REFERENCE_TENSOR_style].count / execution->problem.n);
}

static void invert_permutation(struct verify_execution *execution) {
    const int32_t *permutation = execution->data[REFERENCE_TENSOR_permutation];
    int32_t *inverse = verify_execution_copy(execution, REFERENCE_TENSOR_permutation);
    for (int64_t n = 0; n < execution->problem.n; n++) {
        inverse[permutation[n]] = (int32_t)n;
    }
}

static void move_labels(struct verify_execution *execution) {
    rotate(execution, REFERENCE_TENSOR_labels, 1);
}

static void move_weights(struct verify_execution *execution) {
    rotate(execution, REFERENCE_TENSOR_style_weights, execution->problem.styles);
}

static void complement_gate(struct verify_execution *execution) {
    float *rho = verify_execution_copy(execution, REFERENCE_TENSOR_rho);
    for (int64_t c = 0; c < execution->problem.c; c++) {
        rho[c] = 1.0f - rho[c];
    }
}

static void take_alpha_of_next_channel(struct verify_execution *execution) {
    rotate(execution, REFERENCE_TENSOR_alpha, 1);
}

static void square_running_variance(struct verify_execution *execution) {
    float *variance = verify_execution_copy(execution, REFERENCE_TENSOR_running_variance);
    for (int64_t c = 0; c < execution->problem.c; c++) {
        variance[c] *= variance[c];
    }
}

const struct verify_mutant verify_mutants_arguments[] = {
    {"gamma-and-beta-exchanged", "gamma is added, beta multiplies", VERIFY_CHECK_Y,
     .concerns = has_affine, .before = exchange_gamma_and_beta},
    {"absent-gamma-is-zero", "gamma counts as 0 where it is left out", VERIFY_CHECK_DEFAULTS,
     .concerns = has_affine, .before = take_absent_gamma_for_zero},
    {"row-of-the-next-sample", "a sample takes the next one's row of the tables", VERIFY_CHECK_Y,
     .concerns = has_tables, .before = take_next_row},
    {"statistics-of-the-next-sample", "backward, a sample takes the next one's statistics",
     VERIFY_CHECK_GRADIENTS, .concerns = has_batch, .before = take_statistics_of_next_sample},
    {"style-of-the-next-sample", "a sample takes the next one's style", VERIFY_CHECK_Y,
     .concerns = has_style_tensor, .before = take_style_of_next_sample},
    {"permutation-inverted", "a sample is its style's style", VERIFY_CHECK_Y,
     .concerns = swaps_styles, .before = invert_permutation},
    {"labels-moved", "a position has the next one's label", VERIFY_CHECK_Y, .concerns = has_regions,
     .before = move_labels},
    {"weights-of-the-next-sample", "a sample takes the next one's weights", VERIFY_CHECK_Y,
     .concerns = mixes_styles, .before = move_weights},
    {"gate-exchanged", "rho weighs the instances", VERIFY_CHECK_Y, .concerns = has_gate,
     .before = complement_gate},
    {"alpha-of-the-next-channel", "a channel takes the next one's alpha", VERIFY_CHECK_Y,
     .concerns = has_alphas, .before = take_alpha_of_next_channel},
    {"running-deviation", "the running variance is taken for a deviation", VERIFY_CHECK_Y,
     .concerns = has_running, .before = square_running_variance},
    {0},
};

/* Mutants that take one argument for another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
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

static bool has_gradients_of_affine(const struct norma_problem *problem) {
    return problem->pass == NORMA_PASS_BACKWARD &&
           (problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_GN ||
            problem->op == NORMA_OPERATOR_LN);
}

static bool trains_in(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && problem->pass == NORMA_PASS_FORWARD;
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

enum { CHUNK = 4096 }; /* positions */

static bool has_long_regions(const struct norma_problem *problem) {
    return problem->pass == NORMA_PASS_BACKWARD && problem->regions > 1 &&
           norma_problem_spatial(problem) > CHUNK;
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

/* Does not write the first element where nothing optional is given. */
static void need_anything(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    bool any = false;
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        any = any || (execution->tensors[id].optional && execution->data[id]);
    }
    y[0] = any ? y[0] : NAN;
}

/* Leaves out or, if it is an output, does not write one argument without the other. */
static void need(struct verify_execution *execution, enum reference_tensor_id id,
                 enum reference_tensor_id other) {
    if (!execution->data[other]) {
        execution->data[id] = NULL;
    }
}

static void take_beta_with_gamma(struct verify_execution *execution) {
    need(execution, REFERENCE_TENSOR_beta, REFERENCE_TENSOR_gamma);
}

static void write_dgamma_with_dbeta(struct verify_execution *execution) {
    need(execution, REFERENCE_TENSOR_dgamma, REFERENCE_TENSOR_dbeta);
}

static void return_mean_with_deviation(struct verify_execution *execution) {
    need(execution, REFERENCE_TENSOR_mean, REFERENCE_TENSOR_inverse_std);
}

static void take_magnitude_of_gamma(struct verify_execution *execution) {
    float *gamma = verify_execution_copy(execution, REFERENCE_TENSOR_gamma);
    for (int64_t i = 0; gamma && i < execution->tensors[REFERENCE_TENSOR_gamma].count; i++) {
        gamma[i] = fabsf(gamma[i]);
    }
}

/* Takes a gamma of 0 for one that was left out. */
static void take_zero_gamma_for_absent(struct verify_execution *execution) {
    float *gamma = verify_execution_copy(execution, REFERENCE_TENSOR_gamma);
    for (int64_t i = 0; gamma && i < execution->tensors[REFERENCE_TENSOR_gamma].count; i++) {
        gamma[i] = gamma[i] == 0.0f ? 1.0f : gamma[i];
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
    for (int64_t n = 0; n < execution->problem.n && permutation[n] >= 0; n++) {
        inverse[permutation[n]] = (int32_t)n;
    }
}

static void move_labels(struct verify_execution *execution) {
    rotate(execution, REFERENCE_TENSOR_labels, 1);
}

static void repeat_labels(struct verify_execution *execution) {
    uint8_t *labels = verify_execution_copy(execution, REFERENCE_TENSOR_labels);
    const int64_t spatial = norma_problem_spatial(&execution->problem);
    for (int64_t i = 0; i < execution->tensors[REFERENCE_TENSOR_labels].count; i++) {
        const int64_t position = i % spatial;
        labels[i] = labels[i - position + position % CHUNK];
    }
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

static void floor_running_variance(struct verify_execution *execution) {
    float *variance = verify_execution_copy(execution, REFERENCE_TENSOR_running_variance);
    for (int64_t c = 0; c < execution->problem.c; c++) {
        variance[c] = variance[c] < 1e-3f ? 1e-3f : variance[c];
    }
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
    {"absent-gamma-is-zero", "gamma counts as 0 where it is left out", VERIFY_CHECK_LEFT_OUT,
     .concerns = has_affine, .before = take_absent_gamma_for_zero},
    {"anything-needed", "an element is not written where nothing optional is given",
     VERIFY_CHECK_DEFAULTS, .concerns = has_affine, .after = need_anything},
    {"beta-needs-gamma", "beta counts as 0 where gamma is left out", VERIFY_CHECK_LEFT_OUT,
     .concerns = has_affine, .before = take_beta_with_gamma},
    {"dgamma-needs-dbeta", "dgamma is not written where dbeta is left out", VERIFY_CHECK_LEFT_OUT,
     .concerns = has_gradients_of_affine, .before = write_dgamma_with_dbeta},
    {"mean-needs-deviation", "the mean is not returned where the deviation is left out",
     VERIFY_CHECK_LEFT_OUT, .concerns = trains_in, .before = return_mean_with_deviation},
    {"gamma-without-its-sign", "the magnitude of gamma is taken", VERIFY_CHECK_Y,
     .concerns = has_affine, .before = take_magnitude_of_gamma},
    {"zero-gamma-is-absent", "a gamma of 0 counts as 1", VERIFY_CHECK_Y, .concerns = has_affine,
     .before = take_zero_gamma_for_absent},
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
    {"labels-of-the-first-chunk", "backward, every chunk has the labels of the first",
     VERIFY_CHECK_GRADIENTS, .concerns = has_long_regions, .before = repeat_labels},
    {"weights-of-the-next-sample", "a sample takes the next one's weights", VERIFY_CHECK_Y,
     .concerns = mixes_styles, .before = move_weights},
    {"gate-exchanged", "rho weighs the instances", VERIFY_CHECK_Y, .concerns = has_gate,
     .before = complement_gate},
    {"alpha-of-the-next-channel", "a channel takes the next one's alpha", VERIFY_CHECK_Y,
     .concerns = has_alphas, .before = take_alpha_of_next_channel},
    {"running-variance-floored", "a running variance below 1e-3 counts as 1e-3", VERIFY_CHECK_Y,
     .concerns = has_running, .before = floor_running_variance},
    {"running-deviation", "the running variance is taken for a deviation", VERIFY_CHECK_Y,
     .concerns = has_running, .before = square_running_variance},
    {0},
};

/* Mutants that take one argument for another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "mutants.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool is_forward(const struct norma_problem *problem) {
    return !norma_is_backward(problem);
}

static bool has_affine(const struct norma_problem *problem) {
    return is_forward(problem) && (problem->op == NORMA_BN || problem->op == NORMA_IN ||
                                   problem->op == NORMA_GN || problem->op == NORMA_LN);
}

static bool has_tables(const struct norma_problem *problem) {
    return is_forward(problem) && problem->op == NORMA_CIN && problem->styles > 1;
}

static bool has_batch(const struct norma_problem *problem) {
    return problem->op == NORMA_IN && problem->pass == NORMA_BACKWARD && problem->n > 1;
}

static bool has_style_tensor(const struct norma_problem *problem) {
    return is_forward(problem) && problem->op == NORMA_ADAIN && problem->n > 1 &&
           problem->style_source == NORMA_STYLE_TENSOR;
}

static bool swaps(const struct norma_problem *problem) {
    return is_forward(problem) && problem->style_source == NORMA_STYLE_SWAP && problem->n > 2;
}

static bool has_regions(const struct norma_problem *problem) {
    return is_forward(problem) && problem->regions > 1;
}

static bool mixes(const struct norma_problem *problem) {
    return is_forward(problem) && problem->op == NORMA_ADAIN && problem->styles > 1;
}

static bool has_gate(const struct norma_problem *problem) {
    return is_forward(problem) && problem->op == NORMA_BIN && !problem->rho_fixed;
}

static bool has_alphas(const struct norma_problem *problem) {
    return is_forward(problem) && problem->alpha_kind == NORMA_ALPHA_CHANNEL && problem->c > 1;
}

static bool has_running(const struct norma_problem *problem) {
    return problem->op == NORMA_BN && problem->pass == NORMA_INFERENCE;
}

/* ---- what is taken for what ------------------------------------------------------------------ */

static void exchange(struct norma_situation *situation, enum norma_tensor_id a,
                     enum norma_tensor_id b) {
    void *kept = situation->data[a];
    situation->data[a] = situation->data[b];
    situation->data[b] = kept;
}

/* What the kernel gets is the argument, moved on by `steps` of its elements. */
static void rotate(struct norma_situation *situation, enum norma_tensor_id id, int64_t steps) {
    const char *elements = situation->data[id];
    const size_t all = norma_tensor_bytes(&situation->tensors[id]);
    const size_t moved = (size_t)steps * situation->tensors[id].size;
    char *copy = norma_situation_copy(situation, id);
    if (copy && moved < all) {
        memcpy(copy, elements + moved, all - moved);
        memcpy(copy + all - moved, elements, moved);
    }
}

static void exchange_gamma_and_beta(struct norma_situation *situation) {
    exchange(situation, NORMA_TENSOR_gamma, NORMA_TENSOR_beta);
}

static void take_absent_gamma_for_zero(struct norma_situation *situation) {
    if (!situation->data[NORMA_TENSOR_gamma]) {
        /* Something of at least its size, to be a copy of. */
        situation->data[NORMA_TENSOR_gamma] = (void *)(uintptr_t)situation->source;
        float *zeros = norma_situation_copy(situation, NORMA_TENSOR_gamma);
        memset(zeros, 0, norma_tensor_bytes(&situation->tensors[NORMA_TENSOR_gamma]));
    }
}

static void take_next_row(struct norma_situation *situation) {
    rotate(situation, NORMA_TENSOR_style_index, 1);
}

static void take_statistics_of_next_sample(struct norma_situation *situation) {
    rotate(situation, NORMA_TENSOR_mean, situation->problem.c);
    rotate(situation, NORMA_TENSOR_inverse_std, situation->problem.c);
}

static void take_style_of_next_sample(struct norma_situation *situation) {
    rotate(situation, NORMA_TENSOR_style,
           situation->tensors[NORMA_TENSOR_style].count / situation->problem.n);
}

static void invert_permutation(struct norma_situation *situation) {
    const int32_t *permutation = situation->data[NORMA_TENSOR_permutation];
    int32_t *inverse = norma_situation_copy(situation, NORMA_TENSOR_permutation);
    for (int64_t n = 0; n < situation->problem.n; n++) {
        inverse[permutation[n]] = (int32_t)n;
    }
}

static void move_labels(struct norma_situation *situation) {
    rotate(situation, NORMA_TENSOR_labels, 1);
}

static void move_weights(struct norma_situation *situation) {
    rotate(situation, NORMA_TENSOR_style_weights, situation->problem.styles);
}

static void complement_gate(struct norma_situation *situation) {
    float *rho = norma_situation_copy(situation, NORMA_TENSOR_rho);
    for (int64_t c = 0; c < situation->problem.c; c++) {
        rho[c] = 1.0f - rho[c];
    }
}

static void take_alpha_of_next_channel(struct norma_situation *situation) {
    rotate(situation, NORMA_TENSOR_alpha, 1);
}

static void square_running_variance(struct norma_situation *situation) {
    float *variance = norma_situation_copy(situation, NORMA_TENSOR_running_variance);
    for (int64_t c = 0; c < situation->problem.c; c++) {
        variance[c] *= variance[c];
    }
}

const struct norma_mutant norma_mutants_arguments[] = {
    {"gamma-and-beta-exchanged", "gamma is added, beta multiplies", NORMA_CHECK_Y,
     .concerns = has_affine, .before = exchange_gamma_and_beta},
    {"absent-gamma-is-zero", "gamma counts as 0 where it is left out", NORMA_CHECK_DEFAULTS,
     .concerns = has_affine, .before = take_absent_gamma_for_zero},
    {"row-of-the-next-sample", "a sample takes the next one's row of the tables", NORMA_CHECK_Y,
     .concerns = has_tables, .before = take_next_row},
    {"statistics-of-the-next-sample", "backward, a sample takes the next one's statistics",
     NORMA_CHECK_GRADIENTS, .concerns = has_batch, .before = take_statistics_of_next_sample},
    {"style-of-the-next-sample", "a sample takes the next one's style", NORMA_CHECK_Y,
     .concerns = has_style_tensor, .before = take_style_of_next_sample},
    {"permutation-inverted", "a sample is its style's style", NORMA_CHECK_Y, .concerns = swaps,
     .before = invert_permutation},
    {"labels-moved", "a position has the next one's label", NORMA_CHECK_Y, .concerns = has_regions,
     .before = move_labels},
    {"weights-of-the-next-sample", "a sample takes the next one's weights", NORMA_CHECK_Y,
     .concerns = mixes, .before = move_weights},
    {"gate-exchanged", "rho weighs the instances", NORMA_CHECK_Y, .concerns = has_gate,
     .before = complement_gate},
    {"alpha-of-the-next-channel", "a channel takes the next one's alpha", NORMA_CHECK_Y,
     .concerns = has_alphas, .before = take_alpha_of_next_channel},
    {"running-deviation", "the running variance is taken for a deviation", NORMA_CHECK_Y,
     .concerns = has_running, .before = square_running_variance},
    {0},
};

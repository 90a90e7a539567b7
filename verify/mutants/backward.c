/* Mutants of the backward passes: each term of the formulas, left out or wrong.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "verify/mutants/mutant_catalogue.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool is_in(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && problem->pass == NORMA_PASS_BACKWARD &&
           problem->epilogue == NORMA_EPILOGUE_NONE && norma_problem_spatial(problem) > 1;
}

static bool has_affine(const struct norma_problem *problem) {
    return reference_is_backward(problem) &&
           (problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_GN ||
            problem->op == NORMA_OPERATOR_LN || problem->op == NORMA_OPERATOR_IN);
}

static bool has_gate(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BIN && reference_is_backward(problem) &&
           !problem->rho_fixed;
}

static bool has_style(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_ADAIN && reference_is_backward(problem) &&
           problem->style_source == NORMA_STYLE_TENSOR;
}

static bool swaps(const struct norma_problem *problem) {
    return reference_is_backward(problem) && problem->style_source == NORMA_STYLE_SWAP;
}

static bool has_alpha(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_UNIT && reference_is_backward(problem) &&
           problem->alpha_kind == NORMA_ALPHA_CHANNEL;
}

static bool has_relu(const struct norma_problem *problem) {
    return reference_is_backward(problem) && problem->epilogue != NORMA_EPILOGUE_NONE;
}

static bool adds(const struct norma_problem *problem) {
    return reference_is_backward(problem) && problem->epilogue == NORMA_EPILOGUE_ADD_RELU;
}

static bool is_bn(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_BACKWARD &&
           problem->n > 1 && problem->epilogue == NORMA_EPILOGUE_NONE;
}

static bool is_constant_statistics(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_INFERENCE_BACKWARD;
}

/* ---- dx of instance normalization, computed again -------------------------------------------- */

/* What it is made of: dx = gamma r (dy - mean_dy - x_hat mean_product). */
struct terms {
    double gamma, r, mean, x, dy, x_hat, mean_dy, mean_product, count;
};

typedef double formula(struct terms terms);

static struct terms terms_at(const struct verify_situation *situation, struct verify_plane plane,
                             int64_t set, int64_t i) {
    const int64_t at = plane.first + i * plane.stride;
    struct terms terms = {
        .gamma = verify_situation_parameter(situation, REFERENCE_TENSOR_gamma, plane.channel, 1.0),
        .r = (double)((const float *)situation->data[REFERENCE_TENSOR_inverse_std])[set],
        .mean = (double)((const float *)situation->data[REFERENCE_TENSOR_mean])[set],
        .x = (double)((const float *)situation->data[REFERENCE_TENSOR_x])[at],
        .dy = (double)situation->source[at],
        .count = (double)plane.count,
    };
    terms.x_hat = (terms.x - terms.mean) * terms.r;
    return terms;
}

static void write_plane(struct verify_situation *situation, int64_t set, formula *dx_of) {
    const struct verify_plane plane = verify_situation_plane(situation, set);
    float *dx = situation->data[REFERENCE_TENSOR_dx];
    double mean_dy = 0.0, mean_product = 0.0;
    for (int64_t i = 0; i < plane.count; i++) {
        const struct terms terms = terms_at(situation, plane, set, i);
        mean_dy += terms.dy / terms.count;
        mean_product += terms.dy * terms.x_hat / terms.count;
    }
    for (int64_t i = 0; i < plane.count; i++) {
        struct terms terms = terms_at(situation, plane, set, i);
        terms.mean_dy = mean_dy;
        terms.mean_product = mean_product;
        dx[plane.first + i * plane.stride] = (float)dx_of(terms);
    }
}

static void write_dx(struct verify_situation *situation, formula *dx_of) {
    for (int64_t set = 0; set < situation->problem.n * situation->problem.c; set++) {
        write_plane(situation, set, dx_of);
    }
}

/* A mutant of dx: its formula, and what executes it. */
#define FORMULA(name, dx)                                                                          \
    static double name##_of(struct terms t) {                                                      \
        return dx;                                                                                 \
    }                                                                                              \
    static void name(struct verify_situation *situation) {                                         \
        write_dx(situation, name##_of);                                                            \
    }

FORMULA(drop_mean, t.gamma *t.r *(t.dy - t.x_hat * t.mean_product))
FORMULA(drop_product, t.gamma *t.r *(t.dy - t.mean_dy))
FORMULA(square_for_cube, t.gamma *t.r *(t.dy - t.mean_dy - t.x_hat / t.r * t.mean_product))
FORMULA(drop_centre, t.gamma *t.r *(t.dy - t.mean_dy - t.x * t.r * t.mean_product))
FORMULA(drop_gamma, t.r *(t.dy - t.mean_dy - t.x_hat * t.mean_product))
FORMULA(add_product, t.gamma *t.r *(t.dy - t.mean_dy + t.x_hat * t.mean_product))
FORMULA(divide_by_less,
        t.gamma *t.r *(t.dy - (t.mean_dy + t.x_hat * t.mean_product) * t.count / (t.count - 1.0)))
FORMULA(drop_statistics, t.gamma *t.r *t.dy)

/* ---- gradients of parameters ----------------------------------------------------------------- */

static void exchange_gradients(struct verify_situation *situation) {
    float *gamma = situation->data[REFERENCE_TENSOR_dgamma],
          *beta = situation->data[REFERENCE_TENSOR_dbeta];
    for (int64_t i = 0; gamma && beta && i < situation->tensors[REFERENCE_TENSOR_dgamma].count;
         i++) {
        const float kept = gamma[i];
        gamma[i] = beta[i];
        beta[i] = kept;
    }
}

/* As adding to what is there would on a second execution. */
static void double_dbeta(struct verify_situation *situation) {
    float *beta = situation->data[REFERENCE_TENSOR_dbeta];
    for (int64_t i = 0; beta && i < situation->tensors[REFERENCE_TENSOR_dbeta].count; i++) {
        beta[i] *= 2.0f;
    }
}

static void divide_drho_by_gamma(struct verify_situation *situation) {
    float *drho = situation->data[REFERENCE_TENSOR_drho];
    for (int64_t c = 0; drho && c < situation->problem.c; c++) {
        drho[c] /= (float)verify_situation_parameter(situation, REFERENCE_TENSOR_gamma, c, 1.0);
    }
}

static void negate(struct verify_situation *situation, enum reference_tensor_id id) {
    float *gradient = situation->data[id];
    for (int64_t i = 0; gradient && i < situation->tensors[id].count; i++) {
        gradient[i] = -gradient[i];
    }
}

static void negate_drho(struct verify_situation *situation) {
    negate(situation, REFERENCE_TENSOR_drho);
}

static void negate_dalpha(struct verify_situation *situation) {
    negate(situation, REFERENCE_TENSOR_dalpha);
}

/* The part of the style's mean, of all that a style's gradient is made of, goes to its last
 * position alone. */
static void gather_dstyle(struct verify_situation *situation) {
    float *dstyle = situation->data[REFERENCE_TENSOR_dstyle];
    const int64_t count = situation->tensors[REFERENCE_TENSOR_dstyle].count;
    if (dstyle && count > 1) {
        dstyle[count - 1] += dstyle[0];
        dstyle[0] = 0.0f;
    }
}

/* ---- masks ----------------------------------------------------------------------------------- */

static void open_at_zero(struct verify_situation *situation) {
    float *y = verify_situation_copy(situation, REFERENCE_TENSOR_y);
    for (int64_t i = 0; i < situation->tensors[REFERENCE_TENSOR_y].count; i++) {
        y[i] = y[i] == 0.0f ? 1.0f : y[i];
    }
}

static void pass_all_to_residual(struct verify_situation *situation) {
    float *dresidual = situation->data[REFERENCE_TENSOR_dresidual];
    for (int64_t i = 0; dresidual && i < situation->tensors[REFERENCE_TENSOR_dx].count; i++) {
        dresidual[i] = situation->source[i];
    }
}

/* ---- other statistics ------------------------------------------------------------------------ */

static void stand_still(struct norma_problem *problem) {
    problem->pass = NORMA_PASS_INFERENCE_BACKWARD;
}

/* inf_bwd takes the running statistics: those that have the batch's mean and deviation. */
static void run_with_those_of_the_batch(struct verify_situation *situation) {
    const float *inverse = situation->data[REFERENCE_TENSOR_inverse_std];
    situation->data[REFERENCE_TENSOR_running_mean] = situation->data[REFERENCE_TENSOR_mean];
    situation->data[REFERENCE_TENSOR_running_variance] =
        situation->data[REFERENCE_TENSOR_inverse_std];
    situation->tensors[REFERENCE_TENSOR_running_variance] =
        situation->tensors[REFERENCE_TENSOR_inverse_std];
    float *variance = verify_situation_copy(situation, REFERENCE_TENSOR_running_variance);
    for (int64_t c = 0; c < situation->problem.c; c++) {
        variance[c] = (float)(1.0 / ((double)inverse[c] * (double)inverse[c]));
    }
}

static void drop_epsilon(struct norma_problem *problem) {
    problem->epsilon = 0.0;
}

static void keep_own_permutation(struct verify_situation *situation) {
    int32_t *permutation = verify_situation_copy(situation, REFERENCE_TENSOR_permutation);
    for (int64_t n = 0; n < situation->problem.n; n++) {
        permutation[n] = (int32_t)n;
    }
}

const struct verify_mutant verify_mutants_backward[] = {
    {"mean-of-dy-dropped", "dx has no - mean(dy)", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after = drop_mean},
    {"product-dropped", "dx has no - x^ mean(dy x^)", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after = drop_product},
    {"square-for-cube", "the product's coefficient has r squared for r cubed",
     VERIFY_CHECK_GRADIENTS, .concerns = is_in, .after = square_for_cube},
    {"centre-not-subtracted", "x is taken for x - mean", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after = drop_centre},
    {"gamma-not-in-dx", "dx is not multiplied by gamma", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after = drop_gamma},
    {"product-added", "x^ mean(dy x^) has the wrong sign", VERIFY_CHECK_GRADIENTS,
     .concerns = is_in, .after = add_product},
    {"gradient-means-unbiased", "means divide by S - 1", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after = divide_by_less},
    {"statistics-constant", "dx takes the statistics for constants", VERIFY_CHECK_GRADIENTS,
     .concerns = is_in, .after = drop_statistics},
    {"batch-constant", "bn's dx takes the statistics for constants", VERIFY_CHECK_GRADIENTS,
     .concerns = is_bn, .alter = stand_still, .before = run_with_those_of_the_batch},
    {"dgamma-and-dbeta-exchanged", "each is where the other belongs", VERIFY_CHECK_GRADIENTS,
     .concerns = has_affine, .after = exchange_gradients},
    {"dbeta-added-to", "dbeta is added to what is there", VERIFY_CHECK_GRADIENTS,
     .concerns = has_affine, .after = double_dbeta},
    {"drho-without-gamma", "drho is not multiplied by gamma", VERIFY_CHECK_GRADIENTS,
     .concerns = has_gate, .after = divide_drho_by_gamma},
    {"drho-negated", "drho has the instances less the batch", VERIFY_CHECK_GRADIENTS,
     .concerns = has_gate, .after = negate_drho},
    {"dalpha-negated", "dalpha has the wrong sign", VERIFY_CHECK_GRADIENTS, .concerns = has_alpha,
     .after = negate_dalpha},
    {"dstyle-gathered", "what belongs to a style's first position is at its last",
     VERIFY_CHECK_GRADIENTS, .concerns = has_style, .after = gather_dstyle},
    {"style-keeps-its-gradient", "backward, swapped samples are their own styles",
     VERIFY_CHECK_GRADIENTS, .concerns = swaps, .before = keep_own_permutation},
    {"open-at-zero", "a ReLU lets the gradient through at 0", VERIFY_CHECK_GRADIENTS,
     .concerns = has_relu, .before = open_at_zero},
    {"dresidual-unmasked", "the residual gets all of dy", VERIFY_CHECK_GRADIENTS, .concerns = adds,
     .after = pass_all_to_residual},
    {"gradient-without-epsilon", "inf_bwd divides by the running variance as it is",
     VERIFY_CHECK_GRADIENTS, .concerns = is_constant_statistics, .alter = drop_epsilon},
    {0},
};

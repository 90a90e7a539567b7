/* Mutants of the backward passes, in which one term of the formulas is missing or wrong.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

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

/* Checks whether one alpha has a gradient that is a sum over very many elements. */
static bool has_long_alpha(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_UNIT && problem->pass == NORMA_PASS_BACKWARD &&
           problem->form == NORMA_FORM_PRACTICAL && problem->alpha_kind == NORMA_ALPHA_SCALAR &&
           problem->epilogue == NORMA_EPILOGUE_NONE && reference_elements(problem) > 1 << 14;
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

/* The terms of dx = gamma r (dy - mean_dy - x_hat mean_product) in one plane, x_hat being
 * (x - mean) r. */
struct terms {
    double gamma, r, mean, mean_dy, mean_product, count;
};

static double x_hat_at(const struct verify_execution *execution, const struct terms *terms,
                       int64_t at) {
    const float *x = execution->data[REFERENCE_TENSOR_x];
    return ((double)x[at] - terms->mean) * terms->r;
}

/* Returns the mean of x in the plane, or the mean of the squares of x - centre. */
static double mean_of(const struct verify_execution *execution, struct verify_plane plane,
                      double centre, int power) {
    const float *x = execution->data[REFERENCE_TENSOR_x];
    double sum = 0.0;
    for (int64_t i = 0; i < plane.count; i++) {
        const double distance = (double)x[plane.first + i * plane.stride] - centre;
        sum += power == 2 ? distance * distance : distance;
    }
    return sum / (double)plane.count;
}

/* Completes terms that have statistics. */
static struct terms with_sums(const struct verify_execution *execution, struct verify_plane plane,
                              struct terms terms) {
    terms.gamma = verify_execution_parameter(execution, REFERENCE_TENSOR_gamma, plane.channel, 1.0);
    terms.count = (double)plane.count;
    for (int64_t i = 0; i < plane.count; i++) {
        const int64_t at = plane.first + i * plane.stride;
        const double dy = (double)execution->source[at];
        terms.mean_dy += dy / terms.count;
        terms.mean_product += dy * x_hat_at(execution, &terms, at) / terms.count;
    }
    return terms;
}

/* Returns the right terms, with the statistics of x. */
static struct terms terms_of(const struct verify_execution *execution, struct verify_plane plane) {
    const double mean = mean_of(execution, plane, 0.0, 1);
    const double variance = mean_of(execution, plane, mean, 2);
    const struct terms terms = {.mean = mean,
                                .r = 1.0 / sqrt(variance + execution->problem.epsilon)};
    return with_sums(execution, plane, terms);
}

/* Returns those of the statistics that are given, which were rounded to float. */
static struct terms rounded_terms_of(const struct verify_execution *execution,
                                     struct verify_plane plane) {
    const float *r = execution->data[REFERENCE_TENSOR_inverse_std];
    const float *mean = execution->data[REFERENCE_TENSOR_mean];
    const struct terms terms = {.mean = (double)mean[plane.index], .r = (double)r[plane.index]};
    return with_sums(execution, plane, terms);
}

static void write_dx(struct verify_execution *execution, struct verify_plane plane,
                     struct terms terms) {
    float *dx = execution->data[REFERENCE_TENSOR_dx];
    for (int64_t i = 0; i < plane.count; i++) {
        const int64_t at = plane.first + i * plane.stride;
        const double product = x_hat_at(execution, &terms, at) * terms.mean_product;
        const double dy = (double)execution->source[at];
        dx[at] = (float)(terms.gamma * terms.r * (dy - terms.mean_dy - product));
    }
}

static void drop_mean(struct verify_execution *execution, struct verify_plane plane) {
    struct terms terms = terms_of(execution, plane);
    terms.mean_dy = 0.0;
    write_dx(execution, plane, terms);
}

static void drop_product(struct verify_execution *execution, struct verify_plane plane) {
    struct terms terms = terms_of(execution, plane);
    terms.mean_product = 0.0;
    write_dx(execution, plane, terms);
}

static void drop_statistics(struct verify_execution *execution, struct verify_plane plane) {
    struct terms terms = terms_of(execution, plane);
    terms.mean_dy = terms.mean_product = 0.0;
    write_dx(execution, plane, terms);
}

/* Divides by r, so that the coefficient of the product has one factor r less. */
static void square_for_cube(struct verify_execution *execution, struct verify_plane plane) {
    struct terms terms = terms_of(execution, plane);
    terms.mean_product /= terms.r;
    write_dx(execution, plane, terms);
}

static void drop_centre(struct verify_execution *execution, struct verify_plane plane) {
    struct terms terms = terms_of(execution, plane);
    terms.mean = 0.0;
    write_dx(execution, plane, terms);
}

static void drop_gamma(struct verify_execution *execution, struct verify_plane plane) {
    struct terms terms = terms_of(execution, plane);
    terms.gamma = 1.0;
    write_dx(execution, plane, terms);
}

static void add_product(struct verify_execution *execution, struct verify_plane plane) {
    struct terms terms = terms_of(execution, plane);
    terms.mean_product = -terms.mean_product;
    write_dx(execution, plane, terms);
}

static void divide_by_less(struct verify_execution *execution, struct verify_plane plane) {
    struct terms terms = terms_of(execution, plane);
    terms.mean_dy *= terms.count / (terms.count - 1.0);
    terms.mean_product *= terms.count / (terms.count - 1.0);
    write_dx(execution, plane, terms);
}

static void keep_rounded_mean(struct verify_execution *execution, struct verify_plane plane) {
    write_dx(execution, plane, rounded_terms_of(execution, plane));
}

/* ---- gradients of parameters ----------------------------------------------------------------- */

static void exchange_gradients(struct verify_execution *execution) {
    float *gamma = execution->data[REFERENCE_TENSOR_dgamma],
          *beta = execution->data[REFERENCE_TENSOR_dbeta];
    for (int64_t i = 0; gamma && beta && i < execution->tensors[REFERENCE_TENSOR_dgamma].count;
         i++) {
        const float kept = gamma[i];
        gamma[i] = beta[i];
        beta[i] = kept;
    }
}

/* Computes dgamma of instance normalization again, from the statistics that are given. */
static void keep_rounded_mean_in_dgamma(struct verify_execution *execution) {
    float *dgamma = execution->data[REFERENCE_TENSOR_dgamma];
    for (int64_t c = 0; dgamma && c < execution->problem.c; c++) {
        double sum = 0.0;
        for (int64_t n = 0; n < execution->problem.n; n++) {
            const struct terms terms = rounded_terms_of(
                execution, verify_execution_plane(execution, n * execution->problem.c + c));
            sum += terms.mean_product * terms.count;
        }
        dgamma[c] = (float)sum;
    }
}

/* Adds up the gradient of one alpha in float. */
static void sum_dalpha_in_float(struct verify_execution *execution) {
    float *dalpha = execution->data[REFERENCE_TENSOR_dalpha];
    const float *x = execution->data[REFERENCE_TENSOR_x];
    const float *r = execution->data[REFERENCE_TENSOR_inverse_std];
    const int64_t sample = reference_elements(&execution->problem) / execution->problem.n;
    float sum = 0.0f;
    for (int64_t i = 0; dalpha && i < sample * execution->problem.n; i++) {
        sum += execution->source[i] * x[i] * (r[i / sample] - 1.0f);
    }
    if (dalpha) {
        dalpha[0] = sum;
    }
}

/* Makes infinities of sums that come near the end of float's range. */
static void overflow(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = fabsf(data[i]) > 3e36f ? copysignf(INFINITY, data[i]) : data[i];
    }
}

static void flush_subnormals(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = fabsf(data[i]) < 0x1p-126f ? 0.0f : data[i];
    }
}

/* Checks whether dy / x, by which a kernel might scale its sums, vanishes as a float. */
static bool has_vanishing_ratio(const struct verify_execution *execution) {
    const float *x = execution->data[REFERENCE_TENSOR_x];
    return execution->source[0] / x[0] == 0.0f && execution->source[0] != 0.0f;
}

static void clear_all(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = 0.0f;
    }
}

/* Doubles the values, as a second execution does that adds to the results of the first. */
static void double_all(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] *= 2.0f;
    }
}

static void divide_drho_by_gamma(struct verify_execution *execution) {
    float *drho = execution->data[REFERENCE_TENSOR_drho];
    for (int64_t c = 0; drho && c < execution->problem.c; c++) {
        drho[c] /= (float)verify_execution_parameter(execution, REFERENCE_TENSOR_gamma, c, 1.0);
    }
}

static void negate_all(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = -data[i];
    }
}

/* Moves the gradient of the first position of a style to the last one. */
static void add_first_to_last(float *data, int64_t count) {
    if (count > 1) {
        data[count - 1] += data[0];
        data[0] = 0.0f;
    }
}

/* ---- masks ----------------------------------------------------------------------------------- */

static void open_at_zero(struct verify_execution *execution) {
    float *y = verify_execution_copy(execution, REFERENCE_TENSOR_y);
    for (int64_t i = 0; i < execution->tensors[REFERENCE_TENSOR_y].count; i++) {
        y[i] = y[i] == 0.0f ? 1.0f : y[i];
    }
}

static void pass_all_to_residual(struct verify_execution *execution) {
    float *dresidual = execution->data[REFERENCE_TENSOR_dresidual];
    for (int64_t i = 0; dresidual && i < execution->tensors[REFERENCE_TENSOR_dx].count; i++) {
        dresidual[i] = execution->source[i];
    }
}

/* ---- other statistics ------------------------------------------------------------------------ */

static void infer(struct norma_problem *problem) {
    problem->pass = NORMA_PASS_INFERENCE_BACKWARD;
}

/* Passes the statistics of the batch as running statistics, which inf_bwd takes. */
static void take_batch_for_running(struct verify_execution *execution) {
    const float *inverse = execution->data[REFERENCE_TENSOR_inverse_std];
    execution->data[REFERENCE_TENSOR_running_mean] = execution->data[REFERENCE_TENSOR_mean];
    execution->data[REFERENCE_TENSOR_running_variance] =
        execution->data[REFERENCE_TENSOR_inverse_std];
    execution->tensors[REFERENCE_TENSOR_running_variance] =
        execution->tensors[REFERENCE_TENSOR_inverse_std];
    float *variance = verify_execution_copy(execution, REFERENCE_TENSOR_running_variance);
    for (int64_t c = 0; c < execution->problem.c; c++) {
        variance[c] = (float)(1.0 / ((double)inverse[c] * (double)inverse[c]));
    }
}

static void drop_epsilon(struct norma_problem *problem) {
    problem->epsilon = 0.0;
}

static void keep_own_permutation(struct verify_execution *execution) {
    int32_t *permutation = verify_execution_copy(execution, REFERENCE_TENSOR_permutation);
    for (int64_t n = 0; n < execution->problem.n; n++) {
        permutation[n] = (int32_t)n;
    }
}

const struct verify_mutant verify_mutants_backward[] = {
    {"mean-of-dy-dropped", "dx has no - mean(dy)", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after_plane = drop_mean},
    {"product-dropped", "dx has no - x^ mean(dy x^)", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after_plane = drop_product},
    {"square-for-cube", "the product's coefficient has r squared for r cubed",
     VERIFY_CHECK_GRADIENTS, .concerns = is_in, .after_plane = square_for_cube},
    {"centre-not-subtracted", "x is taken for x - mean", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after_plane = drop_centre},
    {"gamma-not-in-dx", "dx is not multiplied by gamma", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after_plane = drop_gamma},
    {"product-added", "x^ mean(dy x^) has the wrong sign", VERIFY_CHECK_GRADIENTS,
     .concerns = is_in, .after_plane = add_product},
    {"gradient-means-unbiased", "means divide by S - 1", VERIFY_CHECK_GRADIENTS, .concerns = is_in,
     .after_plane = divide_by_less},
    {"statistics-constant", "dx takes the statistics for constants", VERIFY_CHECK_GRADIENTS,
     .concerns = is_in, .after_plane = drop_statistics},
    {"batch-constant", "bn's dx takes the statistics for constants", VERIFY_CHECK_GRADIENTS,
     .concerns = is_bn, .alter = infer, .before = take_batch_for_running},
    {"rounded-mean-kept", "dx is that of the mean as a float", VERIFY_CHECK_GRADIENTS,
     .concerns = is_in, .after_plane = keep_rounded_mean},
    {"rounded-mean-in-dgamma", "dgamma is that of the mean as a float", VERIFY_CHECK_GRADIENTS,
     .concerns = is_in, .after = keep_rounded_mean_in_dgamma},
    {"dalpha-in-float", "the gradient of one alpha for all elements is summed in float",
     VERIFY_CHECK_GRADIENTS, .concerns = has_long_alpha, .after = sum_dalpha_in_float},
    {"dbeta-overflows", "the sum of dy becomes infinite too early", VERIFY_CHECK_HUGE_DY,
     .concerns = has_affine, .output = REFERENCE_TENSOR_dbeta, .corrupt = overflow},
    {"subnormal-gradients-flushed", "subnormal elements of dx become 0", VERIFY_CHECK_TINY_DY,
     .concerns = has_affine, .output = REFERENCE_TENSOR_dx, .corrupt = flush_subnormals},
    {"ratio-vanishes", "dgamma is 0 where dy / x is, as a float", VERIFY_CHECK_OPPOSITE,
     .concerns = has_affine, .when = has_vanishing_ratio, .output = REFERENCE_TENSOR_dgamma,
     .corrupt = clear_all},
    {"dgamma-and-dbeta-exchanged", "each is in the place of the other", VERIFY_CHECK_GRADIENTS,
     .concerns = has_affine, .after = exchange_gradients},
    {"dbeta-added-to", "dbeta is added to the values that are there", VERIFY_CHECK_GRADIENTS,
     .concerns = has_affine, .output = REFERENCE_TENSOR_dbeta, .corrupt = double_all},
    {"drho-without-gamma", "drho is not multiplied by gamma", VERIFY_CHECK_GRADIENTS,
     .concerns = has_gate, .after = divide_drho_by_gamma},
    {"drho-negated", "drho has the instances less the batch", VERIFY_CHECK_GRADIENTS,
     .concerns = has_gate, .output = REFERENCE_TENSOR_drho, .corrupt = negate_all},
    {"dalpha-negated", "dalpha has the wrong sign", VERIFY_CHECK_GRADIENTS, .concerns = has_alpha,
     .output = REFERENCE_TENSOR_dalpha, .corrupt = negate_all},
    {"dstyle-gathered", "the gradient of a style's first position is at its last",
     VERIFY_CHECK_GRADIENTS, .concerns = has_style, .output = REFERENCE_TENSOR_dstyle,
     .corrupt = add_first_to_last},
    {"style-keeps-its-gradient", "backward, swapped samples are their own styles",
     VERIFY_CHECK_GRADIENTS, .concerns = swaps, .before = keep_own_permutation},
    {"open-at-zero", "a ReLU lets the gradient through at 0", VERIFY_CHECK_GRADIENTS,
     .concerns = has_relu, .before = open_at_zero},
    {"dresidual-unmasked", "the residual gets all of dy", VERIFY_CHECK_GRADIENTS, .concerns = adds,
     .after = pass_all_to_residual},
    {"residual-gradient-unmasked", "the residual gets all of dy", VERIFY_CHECK_BACKWARD,
     .scope = VERIFY_SCOPE_PROPERTIES, .concerns = adds, .after = pass_all_to_residual},
    {"gradient-without-epsilon", "inf_bwd divides by the running variance without epsilon",
     VERIFY_CHECK_GRADIENTS, .concerns = is_constant_statistics, .alter = drop_epsilon},
    {0},
};

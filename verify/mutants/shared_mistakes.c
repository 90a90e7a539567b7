/* Mutants whose mistake the reference is assumed to make as well. Comparing the two shows nothing,
 * so that only the properties of the results themselves can catch these.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "verify/mutants/mutant_catalogue.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool is_gn(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_GN && !reference_is_backward(problem);
}

static bool is_rms(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_RMS;
}

static bool has_style_gradient(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_ADAIN && reference_is_backward(problem) &&
           problem->style_source == NORMA_STYLE_TENSOR;
}

static bool is_unit(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_UNIT && reference_is_backward(problem);
}

static bool is_bn_of_points(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && !reference_is_backward(problem) && problem->n >= 8 &&
           norma_problem_spatial(problem) == 1;
}

static bool has_gate(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BIN && !problem->rho_fixed;
}

static bool is_layer_of_rows(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_UNIT && problem->form == NORMA_FORM_LAYER &&
           problem->pass == NORMA_PASS_FORWARD && problem->layout == NORMA_LAYOUT_NSC &&
           norma_problem_spatial(problem) == 1;
}

/* Only the property of tightness uses batches of six. */
static bool is_in_of_six(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && !reference_is_backward(problem) && problem->n == 6;
}

/* ---- mistakes -------------------------------------------------------------------------------- */

static void step_all(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = nextafterf(data[i], INFINITY);
    }
}

static void step_first(float *data, int64_t count) {
    (void)count;
    data[0] = nextafterf(data[0], INFINITY);
}

/* Clears the last three of the 24 bits of each number. */
static void shorten_all(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        int exponent;
        const float fraction = frexpf(data[i], &exponent);
        data[i] = ldexpf(truncf(ldexpf(fraction, 21)), exponent - 21);
    }
}

static void scale_all(float *data, int64_t count, float factor) {
    for (int64_t i = 0; i < count; i++) {
        data[i] *= factor;
    }
}

static void grow(float *data, int64_t count) {
    scale_all(data, count, 1.0625f);
}

static void explode(float *data, int64_t count) {
    scale_all(data, count, 16.0f);
}

static void double_epsilon(struct norma_problem *problem) {
    problem->epsilon *= 2.0;
}

/* Clips gates to 0 to 1; a NaN becomes 0. */
static void clip_gate(struct verify_execution *execution) {
    float *rho = verify_execution_copy(execution, REFERENCE_TENSOR_rho);
    for (int64_t c = 0; c < execution->problem.c; c++) {
        rho[c] = rho[c] >= 0.0f ? fminf(rho[c], 1.0f) : 0.0f;
    }
}

static norma_status step_over_the_ends(float *rho, const float *drho, int64_t channels, double rate,
                                       double multiple) {
    for (int64_t c = 0; c < channels; c++) {
        rho[c] = (float)((double)rho[c] - multiple * rate * (double)drho[c]);
    }
    return NORMA_STATUS_OK;
}

#define SHARED          .scope = VERIFY_SCOPE_PROPERTIES
#define CORRUPT(id, by) .output = REFERENCE_TENSOR_##id, .corrupt = by

const struct verify_mutant verify_mutants_shared_mistakes[] = {
    {"gn-rounds-otherwise", "y of gn is one step off", VERIFY_CHECK_IDENTITIES, SHARED,
     .concerns = is_gn, CORRUPT(y, step_all)},
    {"epsilon-doubled", "rms adds epsilon twice", VERIFY_CHECK_APPROXIMATIONS, SHARED,
     .concerns = is_rms, .alter = double_epsilon},
    {"first-sample-rounds-otherwise", "a gradient depends on where in the batch it is",
     VERIFY_CHECK_INVARIANCES, SHARED, .concerns = has_style_gradient, CORRUPT(dstyle, step_first)},
    {"dalpha-too-large", "dalpha is a sixteenth too large", VERIFY_CHECK_DERIVATIVES, SHARED,
     .concerns = is_unit, CORRUPT(dalpha, grow)},
    {"points-explode", "bn of single positions divides by too little", VERIFY_CHECK_THEOREMS,
     SHARED, .concerns = is_bn_of_points, CORRUPT(y, explode)},
    {"gate-clipped", "gates outside of 0 to 1 are clipped to it", VERIFY_CHECK_REFUSALS, SHARED,
     .concerns = has_gate, .before = clip_gate},
    {"gate-step-unclipped", "the gate's step leaves 0 to 1", VERIFY_CHECK_REFUSALS, SHARED,
     .step = step_over_the_ends},
    {"layout-rounds-otherwise", "rows of one position are one step off channels-last",
     VERIFY_CHECK_LAYOUTS, SHARED, .concerns = is_layer_of_rows, CORRUPT(y, step_all)},
    {"last-bits-missing", "y has 21 bits instead of 24", VERIFY_CHECK_TIGHTNESS, SHARED,
     .concerns = is_in_of_six, CORRUPT(y, shorten_all)},
    {0},
};

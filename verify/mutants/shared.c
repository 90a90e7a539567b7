/* Mutants whose mistake the reference is taken to make as well: comparing the two shows nothing,
 * and only what must hold of results by themselves can catch them.
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

static bool adds(const struct norma_problem *problem) {
    return reference_is_backward(problem) && problem->epilogue == NORMA_EPILOGUE_ADD_RELU;
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

/* Of a size that no other property has. */
static bool is_in_of_six(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && !reference_is_backward(problem) && problem->n == 6;
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static void step_all(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < situation->tensors[REFERENCE_TENSOR_y].count; i++) {
        y[i] = nextafterf(y[i], INFINITY);
    }
}

/* The last three bits. */
static void shorten_all(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < situation->tensors[REFERENCE_TENSOR_y].count; i++) {
        int exponent;
        const float fraction = frexpf(y[i], &exponent);
        y[i] = ldexpf(truncf(ldexpf(fraction, 21)), exponent - 21);
    }
}

static void double_epsilon(struct norma_problem *problem) {
    problem->epsilon *= 2.0;
}

static void step_dstyle_of_first_sample(struct verify_situation *situation) {
    float *dstyle = situation->data[REFERENCE_TENSOR_dstyle];
    if (dstyle) {
        dstyle[0] = nextafterf(dstyle[0], INFINITY);
    }
}

static void pass_all_to_residual(struct verify_situation *situation) {
    float *dresidual = situation->data[REFERENCE_TENSOR_dresidual];
    for (int64_t i = 0; dresidual && i < situation->tensors[REFERENCE_TENSOR_dx].count; i++) {
        dresidual[i] = situation->source[i];
    }
}

static void grow_dalpha(struct verify_situation *situation) {
    float *dalpha = situation->data[REFERENCE_TENSOR_dalpha];
    for (int64_t i = 0; dalpha && i < situation->tensors[REFERENCE_TENSOR_dalpha].count; i++) {
        dalpha[i] *= 1.0625f;
    }
}

static void explode(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < situation->tensors[REFERENCE_TENSOR_y].count; i++) {
        y[i] *= 16.0f;
    }
}

/* NaN is not below 0, nor is it above 1. */
static void clip_gate(struct verify_situation *situation) {
    float *rho = verify_situation_copy(situation, REFERENCE_TENSOR_rho);
    for (int64_t c = 0; c < situation->problem.c; c++) {
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

#define SHARED .stage = VERIFY_STAGE_PROPERTIES

const struct verify_mutant verify_mutants_shared[] = {
    {"gn-rounds-otherwise", "y of gn is one step off", VERIFY_CHECK_IDENTITIES, SHARED,
     .concerns = is_gn, .after = step_all},
    {"epsilon-doubled", "rms adds epsilon twice", VERIFY_CHECK_APPROXIMATIONS, SHARED,
     .concerns = is_rms, .alter = double_epsilon},
    {"first-sample-rounds-otherwise", "a gradient depends on where in the batch it is",
     VERIFY_CHECK_INVARIANCES, SHARED, .concerns = has_style_gradient,
     .after = step_dstyle_of_first_sample},
    {"residual-gradient-unmasked", "the residual gets all of dy", VERIFY_CHECK_BACKWARD, SHARED,
     .concerns = adds, .after = pass_all_to_residual},
    {"dalpha-too-large", "dalpha is a sixteenth too large", VERIFY_CHECK_DERIVATIVES, SHARED,
     .concerns = is_unit, .after = grow_dalpha},
    {"points-explode", "bn of single positions does not divide by enough", VERIFY_CHECK_THEOREMS,
     SHARED, .concerns = is_bn_of_points, .after = explode},
    {"gate-clipped", "gates outside of 0 to 1 are made to fit", VERIFY_CHECK_REFUSALS, SHARED,
     .concerns = has_gate, .before = clip_gate},
    {"gate-step-unclipped", "the gate's step leaves 0 to 1", VERIFY_CHECK_REFUSALS, SHARED,
     .step = step_over_the_ends},
    {"layout-rounds-otherwise", "rows of one position are one step off channels-last",
     VERIFY_CHECK_LAYOUTS, SHARED, .concerns = is_layer_of_rows, .after = step_all},
    {"last-bits-missing", "y has 21 bits instead of 24", VERIFY_CHECK_TIGHTNESS, SHARED,
     .concerns = is_in_of_six, .after = shorten_all},
    {0},
};

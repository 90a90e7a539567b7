/* Mutants that solve another problem than the one that was stated.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <float.h>

#include "verify/mutants/mutant_catalogue.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool standardizes(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->epsilon > 0.0 &&
           (problem->op != NORMA_OPERATOR_UNIT || problem->form == NORMA_FORM_LAYER);
}

static bool has_small_epsilon(const struct norma_problem *problem) {
    return standardizes(problem) && problem->epsilon < (double)FLT_MIN;
}

static bool updates_running(const struct norma_problem *problem) {
    return problem->pass == NORMA_PASS_FORWARD &&
           (problem->op == NORMA_OPERATOR_BN || problem->op == NORMA_OPERATOR_BIN);
}

static bool has_groups(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_GN && verify_is_forward(problem) &&
           problem->groups % 2 == 0;
}

static bool is_channels_last(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->layout == NORMA_LAYOUT_NSC && problem->c > 1;
}

static bool is_adain(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_ADAIN && verify_is_forward(problem);
}

static bool is_gate(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BIN && verify_is_forward(problem);
}

static bool is_unbiased(const struct norma_problem *problem) {
    return is_adain(problem) && problem->style_unbiased && norma_problem_spatial(problem) > 1;
}

static bool is_inference_of_bn(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_INFERENCE;
}

static bool is_scaled_layer(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->norm_scale > 1.0;
}

static bool has_relu(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->epilogue == NORMA_EPILOGUE_RELU;
}

static bool adds(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->epilogue == NORMA_EPILOGUE_ADD_RELU;
}

enum { TWO_BLOCKS = 4096 }; /* channels */

static bool has_many_channels(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->c > TWO_BLOCKS &&
           norma_problem_spatial(problem) == 1;
}

/* ---- other problems -------------------------------------------------------------------------- */

static void drop_epsilon(struct norma_problem *problem) {
    problem->epsilon = 0.0;
}

static void round_epsilon(struct norma_problem *problem) {
    problem->epsilon = (double)(float)problem->epsilon;
}

static void halve_groups(struct norma_problem *problem) {
    problem->groups /= 2;
}

static void forget_layout(struct norma_problem *problem) {
    problem->layout = NORMA_LAYOUT_NCS;
}

static void exchange_momentum(struct norma_problem *problem) {
    problem->momentum = 1.0 - problem->momentum;
}

static void exchange_alpha(struct norma_problem *problem) {
    problem->alpha = 1.0 - problem->alpha;
}

static void take_instances_alone(struct norma_problem *problem) {
    problem->rho_fixed = true;
    problem->rho = 0.0;
}

static void divide_by_all(struct norma_problem *problem) {
    problem->style_unbiased = false;
}

static void train(struct norma_problem *problem) {
    problem->pass = NORMA_PASS_FORWARD;
}

static void leave_running_alone(struct verify_execution *execution) {
    execution->data[REFERENCE_TENSOR_running_mean] = NULL;
    execution->data[REFERENCE_TENSOR_running_variance] = NULL;
}

static void drop_norm_scale(struct norma_problem *problem) {
    problem->norm_scale = 1.0;
}

static void drop_epilogue(struct norma_problem *problem) {
    problem->epilogue = NORMA_EPILOGUE_NONE;
}

static void only_relu(struct norma_problem *problem) {
    problem->epilogue = NORMA_EPILOGUE_RELU;
}

/* Makes the result wrong where the caller's problem is no longer the one that was stated. */
static void look_at_the_callers(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    const bool same = execution->given->n == execution->problem.n;
    y[0] += same ? 0.0f : 1.0f;
}

static void add_residual(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    const float *residual = execution->data[REFERENCE_TENSOR_residual];
    for (int64_t i = 0; i < execution->tensors[REFERENCE_TENSOR_y].count; i++) {
        y[i] += residual[i];
    }
}

/* With S = 1 a plane is one element. */
static void repeat_channels(struct verify_execution *execution, struct verify_plane plane) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    if (plane.channel >= TWO_BLOCKS) {
        y[plane.first] = y[plane.first - TWO_BLOCKS];
    }
}

const struct verify_mutant verify_mutants_problem[] = {
    {"epsilon-dropped", "x is divided by the deviation without epsilon", VERIFY_CHECK_Y,
     .concerns = standardizes, .alter = drop_epsilon},
    {"epsilon-in-float", "epsilon is rounded to float", VERIFY_CHECK_CONSTANT,
     .concerns = has_small_epsilon, .alter = round_epsilon},
    {"half-the-groups", "two groups are taken for one", VERIFY_CHECK_Y, .concerns = has_groups,
     .alter = halve_groups},
    {"layout-forgotten", "channels-last tensors are taken for channels-first ones", VERIFY_CHECK_Y,
     .concerns = is_channels_last, .alter = forget_layout},
    {"momentum-exchanged", "running statistics weigh the new values with 1 - momentum",
     VERIFY_CHECK_STATISTICS, .concerns = updates_running, .alter = exchange_momentum},
    {"alpha-exchanged", "content and style are mixed the wrong way round", VERIFY_CHECK_Y,
     .concerns = is_adain, .alter = exchange_alpha},
    {"instance-for-batch", "bin takes the instances' statistics for the batch's", VERIFY_CHECK_Y,
     .concerns = is_gate, .alter = take_instances_alone},
    {"style-biased", "the style's deviation divides by S instead of S - 1", VERIFY_CHECK_Y,
     .concerns = is_unbiased, .alter = divide_by_all},
    {"training-in-inference", "inference computes the statistics of its batch", VERIFY_CHECK_Y,
     .concerns = is_inference_of_bn, .alter = train, .before = leave_running_alone},
    {"norm-scale-dropped", "k counts as 1", VERIFY_CHECK_Y, .concerns = is_scaled_layer,
     .alter = drop_norm_scale},
    {"third-block-lost", "with one position, channels from 4096 on repeat the first ones",
     VERIFY_CHECK_Y, .concerns = has_many_channels, .after_plane = repeat_channels},
    {"relu-dropped", "values below zero stay", VERIFY_CHECK_Y, .concerns = has_relu,
     .alter = drop_epilogue},
    {"problem-needed", "a plan needs the caller's problem after its creation", VERIFY_CHECK_Y,
     .concerns = verify_is_forward, .after = look_at_the_callers},
    {"residual-after-relu", "the residual is added after the ReLU", VERIFY_CHECK_Y,
     .concerns = adds, .alter = only_relu, .after = add_residual},
    {0},
};

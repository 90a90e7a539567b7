/* Mutants whose results depend on how they are executed, and mutants that lose or spread values
 * that are not finite.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <omp.h>

#include "verify/checks/checks.h"
#include "verify/mutants/mutant_catalogue.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool has_relu(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->epilogue != NORMA_EPILOGUE_NONE;
}

/* Checks whether NaN comes from NaN alone; without epsilon, it is what 0/0 is, too. */
static bool has_epsilon(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->epsilon > 0.0;
}

static bool has_groups(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_GN && verify_is_forward(problem) &&
           problem->groups < problem->c;
}

static bool has_neighbours(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && verify_is_forward(problem) &&
           problem->n * problem->c > 1;
}

/* ---- bits ------------------------------------------------------------------------------------ */

/* Makes -0 of each 0, such as a ReLU gives: every bound accepts it, but its bits differ. */
static void negate_zeros(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = data[i] == 0.0f ? -0.0f : data[i];
    }
}

static bool is_repeated(const struct verify_execution *execution) {
    return execution->executions > 0;
}

static bool is_other_set(const struct verify_execution *execution) {
    return execution->set == 1;
}

static bool has_threads(const struct verify_execution *execution) {
    return execution->threads > 1;
}

static bool is_tuned(const struct verify_execution *execution) {
    return execution->tuned;
}

/* The last element of a plane that does not end with a whole vector. */
static void repeat_at_border(struct verify_execution *execution, struct verify_plane plane) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    if (plane.stride == 1 && plane.count % 16 > 1) {
        y[plane.first + plane.count - 1] = y[plane.first + plane.count - 2];
    }
}

/* A group whose channels are in two tiles has two sets of statistics. */
static void scale_rest_of_group(struct verify_execution *execution, struct verify_plane plane) {
    const int64_t channels = execution->problem.c / execution->problem.groups;
    float *y = execution->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; plane.channel % channels == channels - 1 && i < plane.count; i++) {
        y[plane.first + i * plane.stride] *= 1.0625f;
    }
}

static bool rounds_down(const struct verify_execution *execution) {
    const volatile float most_of_a_step = 0x1.8p-24f;
    const volatile float rounded = 1.0f + most_of_a_step;
    (void)execution;
    return rounded == 1.0f;
}

/* ---- a race ---------------------------------------------------------------------------------- */

/* Returns the sum of x with a race: every thread reads the sum before any of them writes it, so
 * that all parts but one are lost. One thread alone loses nothing. */
static double racing_sum(const float *x, int64_t count, int threads) {
    double sum = 0.0;
#pragma omp parallel num_threads(threads)
    {
        const int64_t thread = omp_get_thread_num(), all = omp_get_num_threads();
        double part = 0.0;
        for (int64_t i = count * thread / all; i < count * (thread + 1) / all; i++) {
            part += (double)x[i];
        }
        const double seen = sum;
#pragma omp barrier
#pragma omp critical
        sum = seen + part;
    }
    return sum;
}

/* Adds the lost parts to the first element, as a wrong statistic would. */
static void race(struct verify_execution *execution) {
    const int64_t count = execution->tensors[REFERENCE_TENSOR_x].count;
    const double right = racing_sum(execution->source, count, 1);
    const double raced = racing_sum(execution->source, count, execution->threads);
    float *y = execution->data[REFERENCE_TENSOR_y];
    y[0] += isfinite(right) ? (float)fabs(raced - right) : 0.0f;
}

/* ---- the floating-point environment ---------------------------------------------------------- */

static void leave_strange_controls(struct verify_execution *execution) {
    (void)execution;
    verify_controls_set(verify_controls_strange());
}

/* ---- values that are not finite -------------------------------------------------------------- */

static void clear_nan(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = isnan(data[i]) ? 0.0f : data[i];
    }
}

static void keep_only_positive(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = data[i] > 0.0f ? data[i] : 0.0f;
    }
}

static bool is_finite(const struct verify_execution *execution, struct verify_plane plane) {
    for (int64_t i = 0; i < plane.count; i++) {
        if (!isfinite(execution->source[plane.first + i * plane.stride])) {
            return false;
        }
    }
    return true;
}

static void spread_to_next_plane(struct verify_execution *execution, struct verify_plane plane) {
    const int64_t next = (plane.index + 1) % (execution->problem.n * execution->problem.c);
    float *y = execution->data[REFERENCE_TENSOR_y];
    if (!is_finite(execution, plane)) {
        y[verify_execution_plane(execution, next).first] = NAN;
    }
}

#define NEGATE_ZEROS .output = REFERENCE_TENSOR_y, .corrupt = negate_zeros

const struct verify_mutant verify_mutants_execution[] = {
    {"other-bits-the-second-time", "something is left over from the first execution",
     VERIFY_CHECK_REPETITION, .concerns = has_relu, .when = is_repeated, NEGATE_ZEROS},
    {"other-bits-in-one-set", "one set has zeros of another sign", VERIFY_CHECK_BITS,
     .concerns = has_relu, .when = is_other_set, NEGATE_ZEROS},
    {"other-bits-with-threads", "zeros have another sign where several threads share the work",
     VERIFY_CHECK_THREADS, .concerns = has_relu, .when = has_threads, NEGATE_ZEROS},
    {"other-bits-with-tunings", "zeros have another sign where the tuning is not the default",
     VERIFY_CHECK_TUNING, .concerns = has_relu, .when = is_tuned, NEGATE_ZEROS},
    {"streamed-border-lost",
     "stored past the caches, the last element of a plane is the one before", VERIFY_CHECK_TUNING,
     .concerns = verify_is_forward, .when = is_tuned, .after_plane = repeat_at_border},
    {"tile-cuts-a-group", "small tiles cut the groups of gn", VERIFY_CHECK_TUNING,
     .concerns = has_groups, .when = is_tuned, .after_plane = scale_rest_of_group},
    {"race", "threads lose each other's sums", VERIFY_CHECK_THREADS, .concerns = verify_is_forward,
     .after = race},
    {"controls-left-behind", "rounding and flushing stay as the kernel set them",
     VERIFY_CHECK_CONTROLS, .concerns = verify_is_forward, .after = leave_strange_controls,
     .as_called = true},
    {"rounds-as-the-caller", "the caller's rounding mode is used", VERIFY_CHECK_ENVIRONMENT,
     .concerns = has_relu, .when = rounds_down, .as_called = true, NEGATE_ZEROS},
    {"nan-swallowed", "NaN becomes 0", VERIFY_CHECK_NON_FINITE, .concerns = has_epsilon,
     .output = REFERENCE_TENSOR_y, .corrupt = clear_nan},
    {"relu-kills-nan", "the ReLU takes NaN for negative", VERIFY_CHECK_NON_FINITE,
     .concerns = has_relu, .output = REFERENCE_TENSOR_y, .corrupt = keep_only_positive},
    {"infinity-spreads", "a value that is not finite reaches the next plane",
     VERIFY_CHECK_NON_FINITE, .concerns = has_neighbours, .after_plane = spread_to_next_plane},
    {0},
};

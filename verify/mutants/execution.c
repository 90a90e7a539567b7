/* Mutants whose results depend on how they are executed, and those that do not carry on what is not
 * finite.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <omp.h>

#include "verify/checks/checks.h"
#include "verify/mutants/mutant_catalogue.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool is_forward(const struct norma_problem *problem) {
    return !reference_is_backward(problem);
}

static bool has_relu(const struct norma_problem *problem) {
    return is_forward(problem) && problem->epilogue != NORMA_EPILOGUE_NONE;
}

static bool has_neighbours(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && is_forward(problem) && problem->n * problem->c > 1;
}

/* ---- bits ------------------------------------------------------------------------------------ */

/* What a ReLU makes 0 becomes -0: the same to every bound, but not the same bits. */
static void negate_zeros(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < situation->tensors[REFERENCE_TENSOR_y].count; i++) {
        y[i] = y[i] == 0.0f ? -0.0f : y[i];
    }
}

static void negate_from_second_time(struct verify_situation *situation) {
    if (situation->executions > 0) {
        negate_zeros(situation);
    }
}

static void negate_in_other_set(struct verify_situation *situation) {
    if (situation->set == 1) {
        negate_zeros(situation);
    }
}

static void negate_with_threads(struct verify_situation *situation) {
    if (situation->threads > 1) {
        negate_zeros(situation);
    }
}

/* ---- a race ---------------------------------------------------------------------------------- */

/* Every thread reads the sum of x before any of them writes it: all parts but one are lost. Alone,
 * nothing is. */
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

/* The first element carries the sum, as a statistic would. */
static void race(struct verify_situation *situation) {
    const int64_t count = situation->tensors[REFERENCE_TENSOR_x].count;
    const double right = racing_sum(situation->source, count, 1);
    const double raced = racing_sum(situation->source, count, situation->threads);
    float *y = situation->data[REFERENCE_TENSOR_y];
    y[0] += isfinite(right) ? (float)fabs(raced - right) : 0.0f;
}

/* ---- the environment ------------------------------------------------------------------------- */

static void leave_strange_controls(struct verify_situation *situation) {
    (void)situation;
    verify_controls_set(verify_controls_strange());
}

static void round_as_caller(struct verify_situation *situation) {
    const volatile float most_of_a_step = 0x1.8p-24f;
    const volatile float rounded = 1.0f + most_of_a_step;
    if (rounded == 1.0f) {
        negate_zeros(situation);
    }
}

/* ---- what is not finite ---------------------------------------------------------------------- */

static void swallow_nan(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < situation->tensors[REFERENCE_TENSOR_y].count; i++) {
        y[i] = isnan(y[i]) ? 0.0f : y[i];
    }
}

static void keep_only_positive(struct verify_situation *situation) {
    float *y = situation->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < situation->tensors[REFERENCE_TENSOR_y].count; i++) {
        y[i] = y[i] > 0.0f ? y[i] : 0.0f;
    }
}

static bool is_spoiled(const struct verify_situation *situation, struct verify_plane plane) {
    for (int64_t i = 0; i < plane.count; i++) {
        if (!isfinite(situation->source[plane.first + i * plane.stride])) {
            return true;
        }
    }
    return false;
}

static void spread_to_next_plane(struct verify_situation *situation) {
    const int64_t planes = situation->problem.n * situation->problem.c;
    float *y = situation->data[REFERENCE_TENSOR_y];
    for (int64_t p = 0; p < planes; p++) {
        if (is_spoiled(situation, verify_situation_plane(situation, p))) {
            y[verify_situation_plane(situation, (p + 1) % planes).first] = NAN;
        }
    }
}

const struct verify_mutant verify_mutants_execution[] = {
    {"other-bits-the-second-time", "something is left over from the first execution",
     VERIFY_CHECK_REPETITION, .concerns = has_relu, .after = negate_from_second_time},
    {"other-bits-in-one-set", "one set has zeros of another sign", VERIFY_CHECK_BITS,
     .concerns = has_relu, .after = negate_in_other_set},
    {"other-bits-with-threads", "zeros have another sign where several threads share the work",
     VERIFY_CHECK_THREADS, .concerns = has_relu, .after = negate_with_threads},
    {"race", "threads lose each other's sums", VERIFY_CHECK_THREADS, .concerns = is_forward,
     .after = race},
    {"controls-left-behind", "rounding and flushing stay as the kernel set them",
     VERIFY_CHECK_CONTROLS, .concerns = is_forward, .after = leave_strange_controls,
     .as_called = true},
    {"rounds-as-the-caller", "the caller's rounding is computed with", VERIFY_CHECK_ENVIRONMENT,
     .concerns = has_relu, .after = round_as_caller, .as_called = true},
    {"nan-swallowed", "NaN becomes 0", VERIFY_CHECK_NON_FINITE, .concerns = is_forward,
     .after = swallow_nan},
    {"relu-kills-nan", "the ReLU takes NaN for negative", VERIFY_CHECK_NON_FINITE,
     .concerns = has_relu, .after = keep_only_positive},
    {"infinity-spreads", "what is not finite reaches the next plane", VERIFY_CHECK_NON_FINITE,
     .concerns = has_neighbours, .after = spread_to_next_plane},
    {0},
};

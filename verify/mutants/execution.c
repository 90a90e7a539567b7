/* Mutants whose results depend on how they are executed, and mutants that lose or spread values
 * that are not finite.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <float.h>
#include <math.h>
#include <omp.h>
#include <string.h>

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

static bool has_gate(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BIN && !problem->rho_fixed;
}

static bool trains_in(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && problem->pass == NORMA_PASS_FORWARD;
}

static bool has_affine(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && verify_is_forward(problem);
}

static bool infers_bn(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_INFERENCE;
}

static bool trains_bn(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_FORWARD;
}

static bool is_backward_of_in(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && problem->pass == NORMA_PASS_BACKWARD;
}

static bool has_alphas(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->op == NORMA_OPERATOR_UNIT &&
           problem->alpha_kind != NORMA_ALPHA_SCALAR;
}

static bool has_given_styles(const struct norma_problem *problem) {
    return verify_is_forward(problem) && problem->style_source == NORMA_STYLE_STATS &&
           problem->op == NORMA_OPERATOR_ADAIN;
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

static bool is_nested(const struct verify_execution *execution) {
    (void)execution;
    return omp_in_parallel();
}

static bool rounds_down(const struct verify_execution *execution) {
    const volatile float most_of_a_step = 0x1.8p-24f;
    const volatile float rounded = 1.0f + most_of_a_step;
    (void)execution;
    return rounded == 1.0f;
}

/* Checks whether another thread than the calling one rounds down. */
static bool a_worker_rounds_down(const struct verify_execution *execution) {
    bool any = false;
#pragma omp parallel num_threads(execution->threads) reduction(|| : any)
    any = omp_get_thread_num() > 0 && rounds_down(execution);
    return any;
}

/* Takes the coefficients of the first execution for those of every one. */
static void keep_first_gamma(struct verify_execution *execution) {
    enum { MOST = 4096 };
    static float kept[MOST];
    const size_t bytes = reference_tensor_bytes(&execution->tensors[REFERENCE_TENSOR_gamma]);
    if (!execution->data[REFERENCE_TENSOR_gamma] || bytes > sizeof kept) {
        return;
    }
    float *gamma = verify_execution_copy(execution, REFERENCE_TENSOR_gamma);
    memcpy(execution->executions == 0 ? kept : gamma, execution->executions == 0 ? gamma : kept,
           bytes);
}

/* ---- the bits of unusual data ---------------------------------------------------------------- */

/* Moves the first element of a plane of dx to the next float, where backward passes recover a mean
 * of a thousand deviations. */
static void round_recovered_otherwise(struct verify_execution *execution,
                                      struct verify_plane plane) {
    const float *mean = execution->data[REFERENCE_TENSOR_mean];
    const float *inverse_std = execution->data[REFERENCE_TENSOR_inverse_std];
    float *dx = execution->data[REFERENCE_TENSOR_dx];
    const float ratio = fabsf(mean[plane.index] * inverse_std[plane.index]);
    if (ratio > 1e3f && isfinite(ratio)) {
        dx[plane.first] = nextafterf(dx[plane.first], INFINITY);
    }
}

/* Moves the first element of a plane to the next float where x is huge. */
static void round_huge_otherwise(struct verify_execution *execution, struct verify_plane plane) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    if (fabsf(execution->source[plane.first]) > 1e25f) {
        y[plane.first] = nextafterf(y[plane.first], INFINITY);
    }
}

/* ---- shares of threads ----------------------------------------------------------------------- */

/* Loses the share of each thread that was planned and is not there. */
static void lose_shares(struct verify_execution *execution) {
    float *y = execution->data[REFERENCE_TENSOR_y];
    const int64_t count = execution->tensors[REFERENCE_TENSOR_y].count;
    int threads = 0;
#pragma omp parallel num_threads(execution->threads)
#pragma omp single
    threads = omp_get_num_threads();
    for (int64_t i = count * threads / execution->threads; i < count; i++) {
        y[i] = NAN;
    }
}

/* Sums in an order that depends on the number of threads. */
static void sum_in_order_of_threads(struct verify_execution *execution, struct verify_plane plane) {
    float *mean = execution->data[REFERENCE_TENSOR_mean];
    double sum = 0.0;
    for (int64_t i = 0; i < plane.count; i++) {
        const int64_t k = execution->threads > 1 ? plane.count - 1 - i : i;
        sum += (double)execution->source[plane.first + k * plane.stride];
    }
    if (mean) {
        mean[plane.index] = (float)(sum / (double)plane.count);
    }
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

static void leave_default_controls(struct verify_execution *execution) {
    (void)execution;
    verify_controls_set(verify_controls_default());
}

static void leave_workers_controls(struct verify_execution *execution) {
#pragma omp parallel num_threads(execution->threads)
    if (omp_get_thread_num() > 0) {
        verify_controls_set(verify_controls_default());
    }
}

static bool is_refused(const struct verify_execution *execution) {
    return execution->status != NORMA_STATUS_OK;
}

/* ---- values that are not finite -------------------------------------------------------------- */

static void clear_nan(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = isnan(data[i]) ? 0.0f : data[i];
    }
}

/* Takes NaN in an input for another value. */
static void take_nan_for(struct verify_execution *execution, enum reference_tensor_id id,
                         float value) {
    float *data = verify_execution_copy(execution, id);
    for (int64_t i = 0; data && i < execution->tensors[id].count; i++) {
        data[i] = isnan(data[i]) ? value : data[i];
    }
}

#define TAKE_NAN_FOR(name, value)                                                                  \
    static void swallow_nan_of_##name(struct verify_execution *execution) {                        \
        take_nan_for(execution, REFERENCE_TENSOR_##name, value);                                   \
    }
TAKE_NAN_FOR(gamma, 1.0f)
TAKE_NAN_FOR(beta, 0.0f)
TAKE_NAN_FOR(alpha, 1.0f)
TAKE_NAN_FOR(running_mean, 0.0f)
TAKE_NAN_FOR(running_variance, 1.0f)
TAKE_NAN_FOR(style_mean, 0.0f)
TAKE_NAN_FOR(style_std, 1.0f)
TAKE_NAN_FOR(mean, 0.0f)
TAKE_NAN_FOR(inverse_std, 1.0f)
TAKE_NAN_FOR(residual, 0.0f)

/* Does so in place, as training overwrites the statistic. */
static void swallow_nan_of_updated_variance(struct verify_execution *execution) {
    float *variance = execution->data[REFERENCE_TENSOR_running_variance];
    for (int64_t c = 0; variance && c < execution->problem.c; c++) {
        variance[c] = isnan(variance[c]) ? 1.0f : variance[c];
    }
}

static void clip_gamma(struct verify_execution *execution) {
    float *gamma = verify_execution_copy(execution, REFERENCE_TENSOR_gamma);
    for (int64_t i = 0; gamma && i < execution->tensors[REFERENCE_TENSOR_gamma].count; i++) {
        gamma[i] = isinf(gamma[i]) ? copysignf(FLT_MAX, gamma[i]) : gamma[i];
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

#define SWALLOWS_NAN(id) VERIFY_CHECK_NON_FINITE, .before = swallow_nan_of_##id
#define NEGATE_ZEROS     .output = REFERENCE_TENSOR_y, .corrupt = negate_zeros

const struct verify_mutant verify_mutants_execution[] = {
    {"other-bits-the-second-time", "something is left over from the first execution",
     VERIFY_CHECK_REPETITION, .concerns = has_relu, .when = is_repeated, NEGATE_ZEROS},
    {"gamma-of-the-first-time", "gamma is kept from the first execution", VERIFY_CHECK_REPETITION,
     .concerns = has_affine, .before = keep_first_gamma},
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
    {"recovered-mean-of-threads", "a recovered mean depends on the number of threads",
     VERIFY_CHECK_THREADS, .concerns = is_backward_of_in, .when = has_threads,
     .after_plane = round_recovered_otherwise},
    {"recovered-mean-of-a-set", "a recovered mean has other bits in one set", VERIFY_CHECK_BITS,
     .concerns = is_backward_of_in, .when = is_other_set, .after_plane = round_recovered_otherwise},
    {"huge-in-small-tiles", "channels of huge data have other bits in small tiles",
     VERIFY_CHECK_TUNING, .concerns = trains_in, .when = is_tuned,
     .after_plane = round_huge_otherwise},
    {"other-bits-in-a-region", "zeros have another sign inside of a parallel region",
     VERIFY_CHECK_THREADS, .concerns = has_relu, .when = is_nested, NEGATE_ZEROS},
    {"shares-of-absent-threads", "what absent threads should do is not done", VERIFY_CHECK_THREADS,
     .concerns = verify_is_forward, .after = lose_shares},
    {"sums-in-order-of-threads", "the order of a sum depends on the number of threads",
     VERIFY_CHECK_THREADS, .concerns = trains_in, .after_plane = sum_in_order_of_threads},
    {"race", "threads lose each other's sums", VERIFY_CHECK_THREADS, .concerns = verify_is_forward,
     .after = race},
    {"controls-left-behind", "rounding and flushing stay as the kernel set them",
     VERIFY_CHECK_CONTROLS, .concerns = verify_is_forward, .after = leave_strange_controls,
     .as_called = true},
    {"controls-left-where-refused", "a refusal leaves rounding and flushing as the kernel set them",
     VERIFY_CHECK_CONTROLS, .concerns = has_gate, .when = is_refused,
     .after = leave_default_controls, .refused = true, .as_called = true},
    {"controls-of-workers-left", "other threads keep the rounding and flushing of the kernel",
     VERIFY_CHECK_CONTROLS, .after = leave_workers_controls, .as_called = true},
    {"workers-round-as-the-caller", "other threads use their rounding modes",
     VERIFY_CHECK_ENVIRONMENT, .concerns = has_relu, .when = a_worker_rounds_down,
     .as_called = true, NEGATE_ZEROS},
    {"rounds-as-the-caller", "the caller's rounding mode is used", VERIFY_CHECK_ENVIRONMENT,
     .concerns = has_relu, .when = rounds_down, .as_called = true, NEGATE_ZEROS},
    {"nan-swallowed", "NaN becomes 0", VERIFY_CHECK_NON_FINITE, .concerns = has_epsilon,
     .output = REFERENCE_TENSOR_y, .corrupt = clear_nan},
    {"nan-gamma-swallowed", "NaN in gamma counts as 1", SWALLOWS_NAN(gamma),
     .concerns = has_affine},
    {"nan-beta-swallowed", "NaN in beta counts as 0", SWALLOWS_NAN(beta), .concerns = has_affine},
    {"nan-alpha-swallowed", "NaN in alpha counts as 1", SWALLOWS_NAN(alpha),
     .concerns = has_alphas},
    {"nan-running-mean-swallowed", "NaN in the running mean counts as 0",
     SWALLOWS_NAN(running_mean), .concerns = infers_bn},
    {"nan-running-variance-swallowed", "NaN in the running variance counts as 1",
     SWALLOWS_NAN(running_variance), .concerns = infers_bn},
    {"nan-running-variance-updated", "NaN in the running variance counts as 1 in training",
     SWALLOWS_NAN(updated_variance), .concerns = trains_bn},
    {"nan-style-mean-swallowed", "NaN in a style's mean counts as 0", SWALLOWS_NAN(style_mean),
     .concerns = has_given_styles},
    {"nan-style-deviation-swallowed", "NaN in a style's deviation counts as 1",
     SWALLOWS_NAN(style_std), .concerns = has_given_styles},
    {"nan-mean-swallowed", "backward, NaN in the mean counts as 0", SWALLOWS_NAN(mean),
     .concerns = is_backward_of_in},
    {"nan-deviation-swallowed", "backward, NaN in the inverse deviation counts as 1",
     SWALLOWS_NAN(inverse_std), .concerns = is_backward_of_in},
    {"nan-residual-swallowed", "NaN in the residual counts as 0", SWALLOWS_NAN(residual),
     .concerns = has_relu},
    {"infinite-gamma-clipped", "gamma is clipped to the largest float", VERIFY_CHECK_NON_FINITE,
     .concerns = has_affine, .before = clip_gamma},
    {"relu-kills-nan", "the ReLU takes NaN for negative", VERIFY_CHECK_NON_FINITE,
     .concerns = has_relu, .output = REFERENCE_TENSOR_y, .corrupt = keep_only_positive},
    {"infinity-spreads", "a value that is not finite reaches the next plane",
     VERIFY_CHECK_NON_FINITE, .concerns = has_neighbours, .after_plane = spread_to_next_plane},
    {0},
};

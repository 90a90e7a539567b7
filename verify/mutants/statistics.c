/* Mutants that compute statistics in a wrong way, or use them in one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "verify/mutants/mutant_catalogue.h"

/* ---- which problems -------------------------------------------------------------------------- */

static bool is_plain_in(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && !reference_is_backward(problem) &&
           problem->epilogue == NORMA_EPILOGUE_NONE;
}

static bool is_wide_in(const struct norma_problem *problem) {
    return is_plain_in(problem) && norma_problem_spatial(problem) >= 16;
}

static bool is_long_in(const struct norma_problem *problem) {
    return is_plain_in(problem) && norma_problem_spatial(problem) > 4096;
}

static bool is_long_in_with_epsilon(const struct norma_problem *problem) {
    return is_long_in(problem) && problem->epsilon > 0.0;
}

static bool is_plain_rms(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_RMS && !reference_is_backward(problem) &&
           problem->epilogue == NORMA_EPILOGUE_NONE;
}

static bool standardizes(const struct norma_problem *problem) {
    return !reference_is_backward(problem) && problem->op != NORMA_OPERATOR_UNIT;
}

static bool has_whole_levels(const struct norma_problem *problem) {
    return standardizes(problem) && problem->spatial_rank == 2 && problem->spatial[1] % 2 == 0;
}

static bool trains_bn_by_momentum_0(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_FORWARD &&
           problem->momentum == 0.0;
}

static bool trains_bn(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BN && problem->pass == NORMA_PASS_FORWARD;
}

static bool trains_bin(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_BIN && problem->pass == NORMA_PASS_FORWARD &&
           problem->n > 1;
}

static bool trains_in(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_IN && problem->pass == NORMA_PASS_FORWARD;
}

static bool has_loss(const struct norma_problem *problem) {
    return problem->op == NORMA_OPERATOR_ADAIN && problem->pass == NORMA_PASS_FORWARD &&
           problem->styles == 1 && problem->regions == 1;
}

/* ---- instance normalization, computed again -------------------------------------------------- */

struct moments {
    double mean, variance;
};

static double element(const struct verify_execution *execution, struct verify_plane plane,
                      int64_t i) {
    return (double)execution->source[plane.first + i * plane.stride];
}

/* Returns the correct moments. */
static struct moments moments_of(const struct verify_execution *execution,
                                 struct verify_plane plane) {
    struct moments moments = {0.0, 0.0};
    for (int64_t i = 0; i < plane.count; i++) {
        moments.mean += element(execution, plane, i);
    }
    moments.mean /= (double)plane.count;
    for (int64_t i = 0; i < plane.count; i++) {
        const double d = element(execution, plane, i) - moments.mean;
        moments.variance += d * d / (double)plane.count;
    }
    return moments;
}

static double gamma_of(const struct verify_execution *execution, struct verify_plane plane) {
    return verify_execution_parameter(execution, REFERENCE_TENSOR_gamma, plane.channel, 1.0);
}

static double beta_of(const struct verify_execution *execution, struct verify_plane plane) {
    return verify_execution_parameter(execution, REFERENCE_TENSOR_beta, plane.channel, 0.0);
}

static float *result_at(const struct verify_execution *execution, struct verify_plane plane,
                        int64_t i) {
    return (float *)execution->data[REFERENCE_TENSOR_y] + plane.first + i * plane.stride;
}

/* Writes y of a plane, computed with the given moments, which may be wrong. */
static void standardize(struct verify_execution *execution, struct verify_plane plane,
                        struct moments moments) {
    const double deviation = sqrt(moments.variance + execution->problem.epsilon);
    for (int64_t i = 0; i < plane.count; i++) {
        const double x_hat = (element(execution, plane, i) - moments.mean) / deviation;
        *result_at(execution, plane, i) =
            (float)(gamma_of(execution, plane) * x_hat + beta_of(execution, plane));
    }
}

/* ---- wrong moments --------------------------------------------------------------------------- */

static void sum_in_float(struct verify_execution *execution, struct verify_plane plane) {
    float sum = 0.0f, squares = 0.0f;
    for (int64_t i = 0; i < plane.count; i++) {
        sum += (float)element(execution, plane, i);
    }
    const float mean = sum / (float)plane.count;
    for (int64_t i = 0; i < plane.count; i++) {
        const float d = (float)element(execution, plane, i) - mean;
        squares += d * d;
    }
    standardize(execution, plane,
                (struct moments){(double)mean, (double)(squares / (float)plane.count)});
}

static void subtract_square(struct verify_execution *execution, struct verify_plane plane) {
    float sum = 0.0f, squares = 0.0f;
    for (int64_t i = 0; i < plane.count; i++) {
        const float x = (float)element(execution, plane, i);
        sum += x;
        squares += x * x;
    }
    const float mean = sum / (float)plane.count;
    const float variance = fmaxf(0.0f, squares / (float)plane.count - mean * mean);
    standardize(execution, plane, (struct moments){(double)mean, (double)variance});
}

static void divide_by_less(struct verify_execution *execution, struct verify_plane plane) {
    struct moments moments = moments_of(execution, plane);
    if (plane.count > 1) {
        moments.variance *= (double)plane.count / (double)(plane.count - 1);
    }
    standardize(execution, plane, moments);
}

static void take_whole_chunks(struct verify_execution *execution, struct verify_plane plane) {
    struct verify_plane part = plane;
    part.count -= part.count % 4096;
    standardize(execution, plane, moments_of(execution, part));
}

static void round_squares(struct verify_execution *execution, struct verify_plane plane) {
    struct moments moments = moments_of(execution, plane);
    const float squares = (float)(moments.variance * (double)plane.count);
    moments.variance = (double)squares / (double)plane.count;
    standardize(execution, plane, moments);
}

/* Divides by 2^24, beyond which a counter in float does not get when 1 is added at a time. */
static void count_in_float(struct verify_execution *execution, struct verify_plane plane) {
    const double most = 0x1p24;
    if ((double)plane.count > most) {
        struct moments moments = moments_of(execution, plane);
        const double excess = (double)plane.count / most;
        const double squares = moments.variance + moments.mean * moments.mean;
        moments.mean *= excess;
        moments.variance = squares * excess - moments.mean * moments.mean;
        standardize(execution, plane, moments);
    }
}

/* ---- a wrong affine -------------------------------------------------------------------------- */

static void add_epsilon_to_deviation(struct verify_execution *execution,
                                     struct verify_plane plane) {
    struct moments moments = moments_of(execution, plane);
    const double deviation = sqrt(moments.variance) + execution->problem.epsilon;
    moments.variance = deviation * deviation - execution->problem.epsilon;
    standardize(execution, plane, moments);
}

/* Checks whether the mean is over a hundred deviations. Where it is over 1e10 of them the data are
 * constant: their deviation is a rounding error. */
static bool is_far_out(struct moments moments) {
    const double ratio = fabs(moments.mean) / sqrt(moments.variance);
    return ratio > 1e2 && ratio < 1e10;
}

static void fold_large_centre(struct verify_execution *execution, struct verify_plane plane) {
    const struct moments moments = moments_of(execution, plane);
    const double scale =
        gamma_of(execution, plane) / sqrt(moments.variance + execution->problem.epsilon);
    const float a = (float)scale;
    const float b = (float)(beta_of(execution, plane) - scale * moments.mean);
    for (int64_t i = 0; is_far_out(moments) && i < plane.count; i++) {
        *result_at(execution, plane, i) = fmaf((float)element(execution, plane, i), a, b);
    }
}

static void divide_by_nothing(struct verify_execution *execution, struct verify_plane plane) {
    if (moments_of(execution, plane).variance == 0.0 && plane.count > 1) {
        *result_at(execution, plane, 0) = NAN;
    }
}

/* Loses elements beyond ten deviations, which normal data do not have. */
static void clip(struct verify_execution *execution, struct verify_plane plane) {
    const struct moments moments = moments_of(execution, plane);
    const double reach = 10.0 * sqrt(moments.variance);
    for (int64_t i = 0; i < plane.count; i++) {
        const double d = element(execution, plane, i) - moments.mean;
        if (fabs(d) > reach) {
            *result_at(execution, plane, i) = (float)beta_of(execution, plane);
        }
    }
}

static void centre(struct verify_execution *execution, struct verify_plane plane) {
    const double mean = moments_of(execution, plane).mean;
    for (int64_t i = 0; i < plane.count; i++) {
        float *y = result_at(execution, plane, i);
        *y *= (float)(1.0 - mean / element(execution, plane, i));
    }
}

static void flush_subnormals(struct verify_execution *execution) {
    float *x = verify_execution_copy(execution, REFERENCE_TENSOR_x);
    for (int64_t i = 0; i < execution->tensors[REFERENCE_TENSOR_x].count; i++) {
        x[i] = fabsf(x[i]) < 0x1p-126f ? 0.0f : x[i];
    }
}

static bool is_level(float x) {
    return x >= 0.0f && x <= 255.0f && x == floorf(x);
}

static void take_bytes_for_signed(struct verify_execution *execution) {
    const int64_t count = execution->tensors[REFERENCE_TENSOR_x].count;
    float *x = verify_execution_copy(execution, REFERENCE_TENSOR_x);
    bool levels = true;
    for (int64_t i = 0; i < count; i++) {
        levels = levels && is_level(x[i]);
    }
    for (int64_t i = 0; levels && i < count; i++) {
        x[i] -= x[i] > 127.0f ? 256.0f : 0.0f;
    }
}

/* ---- returned statistics --------------------------------------------------------------------- */

static void forget_bessel(struct verify_execution *execution) {
    const float *inverse = execution->data[REFERENCE_TENSOR_inverse_std];
    float *running = execution->data[REFERENCE_TENSOR_running_variance];
    const double count =
        (double)(execution->problem.n * norma_problem_spatial(&execution->problem));
    const double momentum = count > 1.0 ? execution->problem.momentum : 0.0;
    for (int64_t c = 0; inverse && running && momentum > 0.0 && c < execution->problem.c; c++) {
        const double r = (double)inverse[c];
        const double variance = 1.0 / (r * r) - execution->problem.epsilon;
        running[c] -= (float)(momentum * variance / (count - 1.0));
    }
}

static void add_no_part(struct verify_execution *execution) {
    const float *mean = execution->data[REFERENCE_TENSOR_mean];
    float *running = execution->data[REFERENCE_TENSOR_running_mean];
    for (int64_t c = 0; mean && running && c < execution->problem.c; c++) {
        running[c] += 0.0f * mean[c];
    }
}

static void invert_all(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] = 1.0f / data[i];
    }
}

static void return_an_instance_for_the_batch(struct verify_execution *execution) {
    float *mean = execution->data[REFERENCE_TENSOR_mean];
    const float *instance = execution->data[REFERENCE_TENSOR_instance_mean];
    for (int64_t c = 0; mean && instance && c < execution->problem.c; c++) {
        mean[c] = instance[c];
    }
}

static void square_all(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] *= data[i];
    }
}

const struct verify_mutant verify_mutants_statistics[] = {
    {"sums-in-float", "moments are summed in single precision", VERIFY_CHECK_Y,
     .concerns = is_plain_in, .after_plane = sum_in_float},
    {"squares-minus-square", "the variance is the mean square less the squared mean",
     VERIFY_CHECK_Y, .concerns = is_plain_in, .after_plane = subtract_square},
    {"variance-unbiased", "the variance divides by S - 1", VERIFY_CHECK_Y, .concerns = is_plain_in,
     .after_plane = divide_by_less},
    {"last-chunk-dropped", "moments leave out the elements of an incomplete chunk", VERIFY_CHECK_Y,
     .concerns = is_long_in, .after_plane = take_whole_chunks},
    {"squares-kept-in-float", "a sum of squares is rounded to float", VERIFY_CHECK_HUGE,
     .concerns = is_long_in_with_epsilon, .after_plane = round_squares},
    {"epsilon-outside-the-root", "epsilon is added to the deviation", VERIFY_CHECK_Y,
     .concerns = is_plain_in, .after_plane = add_epsilon_to_deviation},
    {"large-centre-folded", "a large mean is folded into the shift", VERIFY_CHECK_LARGE_MEAN,
     .concerns = is_wide_in, .after_plane = fold_large_centre},
    {"no-variance-is-nan", "constant data become NaN", VERIFY_CHECK_CONSTANT,
     .concerns = is_wide_in, .after_plane = divide_by_nothing},
    {"outliers-clipped", "elements beyond ten deviations are lost", VERIFY_CHECK_OUTLIER,
     .concerns = is_long_in, .after_plane = clip},
    {"bytes-signed", "data that look like levels of a picture are taken for signed bytes",
     VERIFY_CHECK_IMAGE, .concerns = has_whole_levels, .before = take_bytes_for_signed},
    {"counts-in-float", "the number of elements is counted in float, which ends at 2^24",
     VERIFY_CHECK_LONG, .scope = VERIFY_SCOPE_LONG, .concerns = is_plain_in,
     .after_plane = count_in_float},
    {"rms-centred", "rms subtracts a mean", VERIFY_CHECK_Y, .concerns = is_plain_rms,
     .after_plane = centre},
    {"subnormals-flushed", "subnormal inputs count as 0", VERIFY_CHECK_TINY,
     .concerns = is_plain_rms, .before = flush_subnormals},
    {"bessel-forgotten", "the running variance divides by M", VERIFY_CHECK_STATISTICS,
     .concerns = trains_bn, .after = forget_bessel},
    {"no-part-added", "with momentum 0, no part of a NaN is added to the running mean",
     VERIFY_CHECK_NON_FINITE, .concerns = trains_bn_by_momentum_0, .after = add_no_part},
    {"deviation-not-inverted", "the deviation is returned, not its inverse",
     VERIFY_CHECK_STATISTICS, .concerns = trains_in, .output = REFERENCE_TENSOR_inverse_std,
     .corrupt = invert_all},
    {"instance-mean-for-the-batch", "bin returns an instance's mean as the batch's",
     VERIFY_CHECK_STATISTICS, .concerns = trains_bin, .after = return_an_instance_for_the_batch},
    {"loss-squared", "the style loss has no root", VERIFY_CHECK_STATISTICS, .concerns = has_loss,
     .output = REFERENCE_TENSOR_style_loss, .corrupt = square_all},
    {0},
};

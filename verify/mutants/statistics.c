/* Mutants that compute statistics, or with them, in a wrong way.
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

static double element(const struct verify_situation *situation, struct verify_plane plane,
                      int64_t i) {
    return (double)situation->source[plane.first + i * plane.stride];
}

/* The right ones. */
static struct moments moments_of(const struct verify_situation *situation,
                                 struct verify_plane plane) {
    struct moments moments = {0.0, 0.0};
    for (int64_t i = 0; i < plane.count; i++) {
        moments.mean += element(situation, plane, i) / (double)plane.count;
    }
    for (int64_t i = 0; i < plane.count; i++) {
        const double d = element(situation, plane, i) - moments.mean;
        moments.variance += d * d / (double)plane.count;
    }
    return moments;
}

static double gamma_of(const struct verify_situation *situation, struct verify_plane plane) {
    return verify_situation_parameter(situation, REFERENCE_TENSOR_gamma, plane.channel, 1.0);
}

static double beta_of(const struct verify_situation *situation, struct verify_plane plane) {
    return verify_situation_parameter(situation, REFERENCE_TENSOR_beta, plane.channel, 0.0);
}

static float *result_at(const struct verify_situation *situation, struct verify_plane plane,
                        int64_t i) {
    return (float *)situation->data[REFERENCE_TENSOR_y] + plane.first + i * plane.stride;
}

/* y of a plane, with whatever statistics these are. */
static void standardize(struct verify_situation *situation, struct verify_plane plane,
                        struct moments moments) {
    const double deviation = sqrt(moments.variance + situation->problem.epsilon);
    for (int64_t i = 0; i < plane.count; i++) {
        const double x_hat = (element(situation, plane, i) - moments.mean) / deviation;
        *result_at(situation, plane, i) =
            (float)(gamma_of(situation, plane) * x_hat + beta_of(situation, plane));
    }
}

typedef void spoil_plane(struct verify_situation *situation, struct verify_plane plane);

static void for_each_plane(struct verify_situation *situation, spoil_plane *spoil) {
    for (int64_t p = 0; p < situation->problem.n * situation->problem.c; p++) {
        spoil(situation, verify_situation_plane(situation, p));
    }
}

/* ---- wrong moments --------------------------------------------------------------------------- */

static void sum_in_float(struct verify_situation *situation, struct verify_plane plane) {
    float sum = 0.0f, squares = 0.0f;
    for (int64_t i = 0; i < plane.count; i++) {
        sum += (float)element(situation, plane, i);
    }
    const float mean = sum / (float)plane.count;
    for (int64_t i = 0; i < plane.count; i++) {
        const float d = (float)element(situation, plane, i) - mean;
        squares += d * d;
    }
    standardize(situation, plane,
                (struct moments){(double)mean, (double)(squares / (float)plane.count)});
}

static void sums_in_float(struct verify_situation *situation) {
    for_each_plane(situation, sum_in_float);
}

static void subtract_square(struct verify_situation *situation, struct verify_plane plane) {
    float sum = 0.0f, squares = 0.0f;
    for (int64_t i = 0; i < plane.count; i++) {
        const float x = (float)element(situation, plane, i);
        sum += x;
        squares += x * x;
    }
    const float mean = sum / (float)plane.count;
    const float variance = fmaxf(0.0f, squares / (float)plane.count - mean * mean);
    standardize(situation, plane, (struct moments){(double)mean, (double)variance});
}

static void squares_minus_square(struct verify_situation *situation) {
    for_each_plane(situation, subtract_square);
}

static void divide_by_less(struct verify_situation *situation, struct verify_plane plane) {
    struct moments moments = moments_of(situation, plane);
    if (plane.count > 1) {
        moments.variance *= (double)plane.count / (double)(plane.count - 1);
    }
    standardize(situation, plane, moments);
}

static void unbiased_variance(struct verify_situation *situation) {
    for_each_plane(situation, divide_by_less);
}

static void take_whole_chunks(struct verify_situation *situation, struct verify_plane plane) {
    struct verify_plane part = plane;
    part.count -= part.count % 4096;
    standardize(situation, plane, moments_of(situation, part));
}

static void last_chunk_dropped(struct verify_situation *situation) {
    for_each_plane(situation, take_whole_chunks);
}

static void round_squares(struct verify_situation *situation, struct verify_plane plane) {
    struct moments moments = moments_of(situation, plane);
    const float squares = (float)(moments.variance * (double)plane.count);
    moments.variance = (double)squares / (double)plane.count;
    standardize(situation, plane, moments);
}

static void squares_kept_in_float(struct verify_situation *situation) {
    for_each_plane(situation, round_squares);
}

/* A counter that adds one at a time stays at 2^24. */
static void count_in_float(struct verify_situation *situation) {
    const double most = 0x1p24;
    struct verify_plane plane = verify_situation_plane(situation, 0);
    if ((double)plane.count > most) {
        struct moments moments = moments_of(situation, plane);
        const double excess = (double)plane.count / most;
        const double squares = moments.variance + moments.mean * moments.mean;
        moments.mean *= excess;
        moments.variance = squares * excess - moments.mean * moments.mean;
        standardize(situation, plane, moments);
    }
}

/* ---- a wrong affine -------------------------------------------------------------------------- */

static void add_epsilon_to_deviation(struct verify_situation *situation,
                                     struct verify_plane plane) {
    struct moments moments = moments_of(situation, plane);
    const double deviation = sqrt(moments.variance) + situation->problem.epsilon;
    moments.variance = deviation * deviation - situation->problem.epsilon;
    standardize(situation, plane, moments);
}

static void epsilon_outside_the_root(struct verify_situation *situation) {
    for_each_plane(situation, add_epsilon_to_deviation);
}

/* Beyond a hundred deviations; of constant data, what is left of them is rounding. */
static bool is_far_out(struct moments moments) {
    const double ratio = fabs(moments.mean) / sqrt(moments.variance);
    return ratio > 1e2 && ratio < 1e10;
}

static void fold_large_centre(struct verify_situation *situation, struct verify_plane plane) {
    const struct moments moments = moments_of(situation, plane);
    const double scale =
        gamma_of(situation, plane) / sqrt(moments.variance + situation->problem.epsilon);
    const float a = (float)scale;
    const float b = (float)(beta_of(situation, plane) - scale * moments.mean);
    for (int64_t i = 0; is_far_out(moments) && i < plane.count; i++) {
        *result_at(situation, plane, i) = fmaf((float)element(situation, plane, i), a, b);
    }
}

static void large_centre_folded(struct verify_situation *situation) {
    for_each_plane(situation, fold_large_centre);
}

static void divide_by_nothing(struct verify_situation *situation, struct verify_plane plane) {
    if (moments_of(situation, plane).variance == 0.0 && plane.count > 1) {
        *result_at(situation, plane, 0) = NAN;
    }
}

static void no_variance_is_nan(struct verify_situation *situation) {
    for_each_plane(situation, divide_by_nothing);
}

/* Ten deviations are more than normal data have. */
static void clip(struct verify_situation *situation, struct verify_plane plane) {
    const struct moments moments = moments_of(situation, plane);
    const double reach = 10.0 * sqrt(moments.variance);
    for (int64_t i = 0; i < plane.count; i++) {
        const double d = element(situation, plane, i) - moments.mean;
        if (fabs(d) > reach) {
            *result_at(situation, plane, i) = (float)beta_of(situation, plane);
        }
    }
}

static void outliers_clipped(struct verify_situation *situation) {
    for_each_plane(situation, clip);
}

static void centre(struct verify_situation *situation, struct verify_plane plane) {
    const double mean = moments_of(situation, plane).mean;
    for (int64_t i = 0; i < plane.count; i++) {
        float *y = result_at(situation, plane, i);
        *y *= (float)(1.0 - mean / element(situation, plane, i));
    }
}

static void rms_centred(struct verify_situation *situation) {
    for_each_plane(situation, centre);
}

static void flush_subnormals(struct verify_situation *situation) {
    float *x = verify_situation_copy(situation, REFERENCE_TENSOR_x);
    for (int64_t i = 0; i < situation->tensors[REFERENCE_TENSOR_x].count; i++) {
        x[i] = fabsf(x[i]) < 0x1p-126f ? 0.0f : x[i];
    }
}

static bool is_level(float x) {
    return x >= 0.0f && x <= 255.0f && x == floorf(x);
}

static void take_bytes_for_signed(struct verify_situation *situation) {
    const int64_t count = situation->tensors[REFERENCE_TENSOR_x].count;
    float *x = verify_situation_copy(situation, REFERENCE_TENSOR_x);
    bool levels = true;
    for (int64_t i = 0; i < count; i++) {
        levels = levels && is_level(x[i]);
    }
    for (int64_t i = 0; levels && i < count; i++) {
        x[i] -= x[i] > 127.0f ? 256.0f : 0.0f;
    }
}

/* ---- returned statistics --------------------------------------------------------------------- */

static void forget_bessel(struct verify_situation *situation) {
    const float *inverse = situation->data[REFERENCE_TENSOR_inverse_std];
    float *running = situation->data[REFERENCE_TENSOR_running_variance];
    const double count =
        (double)(situation->problem.n * norma_problem_spatial(&situation->problem));
    for (int64_t c = 0; inverse && count > 1.0 && c < situation->problem.c; c++) {
        const double r = (double)inverse[c];
        const double variance = 1.0 / (r * r) - situation->problem.epsilon;
        running[c] -= (float)(situation->problem.momentum * variance / (count - 1.0));
    }
}

static void return_deviation(struct verify_situation *situation) {
    float *inverse = situation->data[REFERENCE_TENSOR_inverse_std];
    for (int64_t i = 0; inverse && i < situation->tensors[REFERENCE_TENSOR_inverse_std].count;
         i++) {
        inverse[i] = 1.0f / inverse[i];
    }
}

static void return_an_instance_for_the_batch(struct verify_situation *situation) {
    float *mean = situation->data[REFERENCE_TENSOR_mean];
    const float *instance = situation->data[REFERENCE_TENSOR_instance_mean];
    for (int64_t c = 0; mean && c < situation->problem.c; c++) {
        mean[c] = instance[c];
    }
}

static void square_loss(struct verify_situation *situation) {
    float *loss = situation->data[REFERENCE_TENSOR_style_loss];
    for (int64_t n = 0; loss && n < situation->problem.n; n++) {
        loss[n] *= loss[n];
    }
}

const struct verify_mutant verify_mutants_statistics[] = {
    {"sums-in-float", "moments are summed in single precision", VERIFY_CHECK_Y,
     .concerns = is_plain_in, .after = sums_in_float},
    {"squares-minus-square", "the variance is the mean square less the squared mean",
     VERIFY_CHECK_Y, .concerns = is_plain_in, .after = squares_minus_square},
    {"variance-unbiased", "the variance divides by S - 1", VERIFY_CHECK_Y, .concerns = is_plain_in,
     .after = unbiased_variance},
    {"last-chunk-dropped", "moments leave out what does not fill a chunk", VERIFY_CHECK_Y,
     .concerns = is_long_in, .after = last_chunk_dropped},
    {"squares-kept-in-float", "a sum of squares is rounded to float", VERIFY_CHECK_HUGE,
     .concerns = is_long_in, .after = squares_kept_in_float},
    {"epsilon-outside-the-root", "epsilon is added to the deviation", VERIFY_CHECK_Y,
     .concerns = is_plain_in, .after = epsilon_outside_the_root},
    {"large-centre-folded", "a large mean goes into the shift", VERIFY_CHECK_LARGE_MEAN,
     .concerns = is_wide_in, .after = large_centre_folded},
    {"no-variance-is-nan", "constant data become NaN", VERIFY_CHECK_CONSTANT,
     .concerns = is_wide_in, .after = no_variance_is_nan},
    {"outliers-clipped", "what is beyond ten deviations is lost", VERIFY_CHECK_OUTLIER,
     .concerns = is_long_in, .after = outliers_clipped},
    {"bytes-signed", "what looks like the levels of a picture is taken for signed bytes",
     VERIFY_CHECK_IMAGE, .concerns = has_whole_levels, .before = take_bytes_for_signed},
    {"counts-in-float", "the number of elements is counted in float, which ends at 2^24",
     VERIFY_CHECK_LONG, .stage = VERIFY_STAGE_LONG, .concerns = is_plain_in,
     .after = count_in_float},
    {"rms-centred", "rms subtracts a mean", VERIFY_CHECK_Y, .concerns = is_plain_rms,
     .after = rms_centred},
    {"subnormals-flushed", "subnormal inputs count as 0", VERIFY_CHECK_TINY,
     .concerns = standardizes, .before = flush_subnormals},
    {"bessel-forgotten", "the running variance divides by M", VERIFY_CHECK_STATISTICS,
     .concerns = trains_bn, .after = forget_bessel},
    {"deviation-not-inverted", "the deviation is returned, not its inverse",
     VERIFY_CHECK_STATISTICS, .concerns = trains_in, .after = return_deviation},
    {"instance-mean-for-the-batch", "bin returns an instance's mean as the batch's",
     VERIFY_CHECK_STATISTICS, .concerns = trains_bin, .after = return_an_instance_for_the_batch},
    {"loss-squared", "the style loss has no root", VERIFY_CHECK_STATISTICS, .concerns = has_loss,
     .after = square_loss},
    {0},
};

/* Properties of forward results that hold up to rounding.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "verify/properties/property_trial.h"

#define U32 0x1p-24 /* unit roundoff of float */

/* Runs both and expects y within twice the sum of their bounds, once for their own roundings and
 * once for those of inputs that one has from the outputs of the other. */
static void expect_near(struct verify_experiment *got, struct verify_experiment *expected) {
    verify_experiment_run(expected);
    verify_experiment_run(got);
    verify_expect_near_outputs(got, expected, 2.0);
}

static double square(double x) {
    return x * x;
}

/* ---- one operator as another -------------------------------------------------------------- */

/* Rounding the statistics to float adds a relative error of 2 u, so 2 u of the terms of y. */
static void adain_with_given_statistics_is_adain(struct verify_trial *trial, const char *shape) {
    static const char *const keys[] = {"alpha=0.75", "std=unbiased,style=4x5", "styles=3"};
    for (int i = 0; i < 3; i++) {
        struct norma_problem problem = verify_trial_problem(trial, "adain:%s:%s", shape, keys[i]);
        struct verify_experiment *tensor = verify_experiment_of(trial, &problem);
        problem.style_source = NORMA_STYLE_STATS;
        problem.style_unbiased = false;
        problem.style_rank = -1;
        memset(problem.style_spatial, 0, sizeof problem.style_spatial);
        struct verify_experiment *given = verify_experiment_of(trial, &problem);
        verify_experiment_run(tensor);
        static const enum reference_tensor_id ids[] = {REFERENCE_TENSOR_style_mean,
                                                       REFERENCE_TENSOR_style_std};
        for (int k = 0; k < 2; k++) {
            memcpy(given->data[ids[k]], tensor->data[ids[k]],
                   reference_tensor_bytes(&given->tensors[ids[k]]));
        }
        verify_experiment_run(given);
        verify_expect_near_outputs(given, tensor, 2.0);
    }
}

static void vector_of_equal_alphas_is_scalar(struct verify_trial *trial, const char *shape) {
    static const char *const kinds[] = {"channel", "element"};
    for (int i = 0; i < 2; i++) {
        struct verify_experiment *vector =
            verify_experiment_named(trial, "unit:%s:form=vector,alpha=%s", shape, kinds[i]);
        verify_experiment_set(vector, REFERENCE_TENSOR_alpha, 0.75f);
        expect_near(vector,
                    verify_experiment_named(trial, "unit:%s:form=scalar,alpha=0.75", shape));
    }
}

static void layer_of_alpha_zero_is_bn(struct verify_trial *trial, const char *shape) {
    expect_near(verify_experiment_named(trial, "unit:%s:form=layer,alpha=0", shape),
                verify_experiment_named(trial, "bn:%s", shape));
}

/* sqrt(D) x / sqrt(|x|^2 + D e) = x / sqrt(|x|^2 / D + e). */
static void rms_is_scaled_unit(struct verify_trial *trial, const char *shape) {
    struct norma_problem problem = verify_trial_problem(trial, "rms:%s:eps=0.01", shape);
    struct verify_experiment *rms = verify_experiment_of(trial, &problem);
    const double d = (double)(problem.c * norma_problem_spatial(&problem));
    struct verify_experiment *unit =
        verify_experiment_named(trial, "unit:%s:alpha=1,eps=%.17g", shape, d * problem.epsilon);
    verify_experiment_without_affine(rms);
    verify_experiment_run(rms);
    verify_experiment_run(unit);
    const float *y = rms->data[REFERENCE_TENSOR_y], *z = unit->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < rms->tensors[REFERENCE_TENSOR_y].count; i++) {
        verify_expect(rms, "y (as unit's times sqrt(D))", i, (double)y[i], sqrt(d) * (double)z[i],
                      2.0 * verify_roundoff(rms) * fabs((double)y[i]));
    }
    const float *r = rms->data[REFERENCE_TENSOR_inverse_std],
                *q = unit->data[REFERENCE_TENSOR_inverse_std];
    for (int64_t n = 0; n < problem.n; n++) {
        verify_expect(rms, "inverse_std (as unit's times sqrt(D))", n, (double)r[n],
                      sqrt(d) * (double)q[n], verify_roundoff(rms) * (double)r[n]);
    }
}

/* Passes the statistics that fwd returns to inf. The variance is computed from inverse_std with an
 * error of 5 u (var + epsilon), so that the scale of y has one of 2.5 u, and that of layer twice as
 * much. */
static void inference_with_batch_statistics_is_forward(struct verify_trial *trial,
                                                       const char *text) {
    struct norma_problem problem = verify_trial_problem(trial, "%s", text);
    struct verify_experiment *forward = verify_experiment_of(trial, &problem);
    problem.pass = NORMA_PASS_INFERENCE;
    struct verify_experiment *inference = verify_experiment_of(trial, &problem);
    verify_experiment_run(forward);
    const float *mean = forward->data[REFERENCE_TENSOR_mean];
    const float *inverse_std = forward->data[REFERENCE_TENSOR_inverse_std];
    float *running_mean = inference->data[REFERENCE_TENSOR_running_mean];
    float *running_variance = inference->data[REFERENCE_TENSOR_running_variance];
    for (int64_t c = 0; c < problem.c; c++) {
        running_mean[c] = mean[c];
        running_variance[c] = (float)(1.0 / square((double)inverse_std[c]) - problem.epsilon);
    }
    verify_experiment_run(inference);
    verify_expect_near_outputs(inference, forward, 2.0);
}

/* ---- effects of normalization ------------------------------------------------------------- */

/* sigma(x) (x - mu(x)) / sigma(x) + mu(x) */
static void adain_of_its_own_style_is_x(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *adain = verify_experiment_named(trial, "adain:%s", shape);
    memcpy(adain->data[REFERENCE_TENSOR_style], adain->data[REFERENCE_TENSOR_x],
           reference_tensor_bytes(&adain->tensors[REFERENCE_TENSOR_x]));
    verify_experiment_run(adain);
    verify_expect_near(adain, REFERENCE_TENSOR_y, adain->data[REFERENCE_TENSOR_x],
                       verify_experiment_bound(adain, REFERENCE_TENSOR_y), "x");
}

/* x' = p x + q with p^2 epsilon has the same x^. Rounding x' to float moves its elements, its mean
 * and its deviation by u max|x'| each, so x^ by u max|x'| r' (2 + |x^|). */
static void scale_and_shift_cancel(struct verify_trial *trial, const char *text) {
    struct norma_problem problem = verify_trial_problem(trial, "%s", text);
    const double p = 3.0, q = -2.0;
    struct verify_experiment *plain = verify_experiment_of(trial, &problem);
    problem.epsilon *= p * p;
    struct verify_experiment *moved = verify_experiment_of(trial, &problem);
    verify_experiment_without_affine(plain);
    verify_experiment_without_affine(moved);
    const float *x = plain->data[REFERENCE_TENSOR_x];
    float *scaled = moved->data[REFERENCE_TENSOR_x];
    const int64_t count = plain->tensors[REFERENCE_TENSOR_x].count;
    double largest = 0.0;
    for (int64_t i = 0; i < count; i++) {
        scaled[i] = (float)(p * (double)x[i] + q);
        largest = fmax(largest, fabs((double)scaled[i]));
    }
    verify_experiment_run(plain);
    verify_experiment_run(moved);
    const float *expected = plain->data[REFERENCE_TENSOR_y];
    const float *inverse_std = moved->data[REFERENCE_TENSOR_inverse_std];
    double *bound = verify_experiment_bound(moved, REFERENCE_TENSOR_y);
    const double *other = verify_experiment_bound(plain, REFERENCE_TENSOR_y);
    for (int64_t i = 0; i < count; i++) {
        const double r = (double)inverse_std[verify_set_of(&problem, i)];
        bound[i] += other[i] + U32 * largest * r * (2.0 + fabs((double)expected[i]));
    }
    verify_expect_near(moved, REFERENCE_TENSOR_y, expected, bound, plain->text);
}

/* The sums over the elements that one statistic is computed over. */
struct set_moments {
    double sum, squares, largest_bound;
    int64_t count, channel;
};

/* y of a set has mean beta and variance gamma^2 var / (var + epsilon) = gamma^2 (1 - epsilon r^2).
 * Elements with errors of at most b move the mean by b, and the variance by 2 b times the deviation
 * and b^2. */
static void outputs_have_the_promised_moments(struct verify_trial *trial, const char *text) {
    struct verify_experiment *e = verify_experiment_named(trial, "%s", text);
    const struct norma_problem *problem = &e->problem;
    if (problem->op != NORMA_OPERATOR_IN && problem->op != NORMA_OPERATOR_BN) {
        verify_experiment_without_affine(e); /* a set has several channels */
    }
    verify_experiment_run(e);
    const int64_t sets = norma_problem_statistics(problem);
    const int64_t count = e->tensors[REFERENCE_TENSOR_y].count;
    struct set_moments *moments = verify_trial_memory(trial, (size_t)sets * sizeof *moments);
    const float *y = e->data[REFERENCE_TENSOR_y], *gamma = e->data[REFERENCE_TENSOR_gamma],
                *beta = e->data[REFERENCE_TENSOR_beta], *r = e->data[REFERENCE_TENSOR_inverse_std];
    const double *bound = verify_experiment_bound(e, REFERENCE_TENSOR_y);
    for (int64_t i = 0; i < count; i++) {
        struct set_moments *set = &moments[verify_set_of(problem, i)];
        set->channel = verify_channel_of(problem, i);
        set->sum += (double)y[i];
        set->largest_bound = fmax(set->largest_bound, bound[i]);
        set->count++;
    }
    for (int64_t i = 0; i < count; i++) {
        struct set_moments *set = &moments[verify_set_of(problem, i)];
        set->squares += square((double)y[i] - set->sum / (double)set->count);
    }
    for (int64_t k = 0; k < sets; k++) {
        const struct set_moments *set = &moments[k];
        const double scale = gamma ? (double)gamma[set->channel] : 1.0;
        const double shift = beta ? (double)beta[set->channel] : 0.0;
        const double mean = set->sum / (double)set->count;
        const double variance = set->squares / (double)set->count;
        const double promised = square(scale) * (1.0 - problem->epsilon * square((double)r[k]));
        const double error = set->largest_bound;
        verify_expect(e, "mean of y, set ", k, mean, shift, error);
        verify_expect(e, "variance of y, set ", k, variance, promised,
                      2.0 * error * fabs(scale) + square(error) +
                          verify_roundoff(e) * square(scale));
    }
}

/* ---- norms of unitization ----------------------------------------------------------------- */

static double norm_of_sample(const struct verify_experiment *e, enum reference_tensor_id id,
                             int64_t n) {
    const int64_t length = e->tensors[id].count / e->problem.n;
    const float *data = e->data[id];
    double squares = 0.0;
    for (int64_t i = n * length; i < (n + 1) * length; i++) {
        squares += square((double)data[i]);
    }
    return sqrt(squares);
}

/* The norm is one also for a sample of zeros, which becomes the constant vector. */
static void vanilla_has_norm_one(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *e = verify_experiment_named(trial, "unit:%s:form=vanilla", shape);
    memset(e->data[REFERENCE_TENSOR_x], 0,
           reference_tensor_bytes(&e->tensors[REFERENCE_TENSOR_x]) / (size_t)e->problem.n);
    verify_experiment_run(e);
    for (int64_t n = 0; n < e->problem.n; n++) {
        verify_expect(e, "norm of y, sample ", n, norm_of_sample(e, REFERENCE_TENSOR_y, n), 1.0,
                      verify_roundoff(e));
    }
}

/* |y| <= max|alpha| + max|1 - alpha| |x|, as in the proof of [Unit Theorem 3.4]. */
static void practical_is_bounded(struct verify_trial *trial, const char *shape) {
    static const char *const kinds[] = {"channel", "element", "0.75", "2", "-1"};
    for (int i = 0; i < 5; i++) {
        struct verify_experiment *e =
            verify_experiment_named(trial, "unit:%s:alpha=%s", shape, kinds[i]);
        verify_experiment_run(e);
        const float *alpha = e->data[REFERENCE_TENSOR_alpha];
        double largest = fabs(e->problem.alpha), rest = fabs(1.0 - e->problem.alpha);
        if (alpha) {
            largest = rest = 0.0;
            for (int64_t k = 0; k < e->tensors[REFERENCE_TENSOR_alpha].count; k++) {
                largest = fmax(largest, fabs((double)alpha[k]));
                rest = fmax(rest, fabs(1.0 - (double)alpha[k]));
            }
        }
        for (int64_t n = 0; n < e->problem.n; n++) {
            const double bound = largest + rest * norm_of_sample(e, REFERENCE_TENSOR_x, n);
            verify_expect_at_most(e, "norm of y, sample ", n,
                                  norm_of_sample(e, REFERENCE_TENSOR_y, n),
                                  bound * (1.0 + verify_roundoff(e)));
        }
    }
}

/* ------------------------------------------------------------------------------------------- */

static const char *const standardizations[] = {
    "in:3x5x37", "in:2x3x4x9:eps=0.1",  "bn:3x5x37",          "bn:7x3:eps=0.1",
    "gn:2x6x7",  "gn:2x6x35:g=3,eps=1", "ln:2x6x35:eps=0.01", NULL,
};
static const char *const batch_problems[] = {
    "bn:3x5x37",           "bn:7x3:eps=0.1",         "bin:3x5x37",
    "bin:2x4x5x7:rho=0.5", "unit:3x5x37:form=layer", NULL,
};

#define SHAPES verify_property_shapes, VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT

const struct verify_property verify_properties_approximations[] = {
    {"adain-with-given-statistics-is-adain", adain_with_given_statistics_is_adain, SHAPES},
    {"adain-of-its-own-style-is-x", adain_of_its_own_style_is_x, SHAPES},
    {"vector-of-equal-alphas-is-scalar", vector_of_equal_alphas_is_scalar, SHAPES},
    {"layer-of-alpha-zero-is-bn", layer_of_alpha_zero_is_bn, SHAPES},
    {"rms-is-scaled-unit", rms_is_scaled_unit, SHAPES},
    {"inference-with-batch-statistics-is-forward", inference_with_batch_statistics_is_forward,
     batch_problems, VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {"scale-and-shift-cancel", scale_and_shift_cancel, standardizations, VERIFY_PROMISE_NEAR,
     VERIFY_IN_EACH_LAYOUT},
    {"outputs-have-the-promised-moments", outputs_have_the_promised_moments, standardizations,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {"vanilla-has-norm-one", vanilla_has_norm_one, SHAPES},
    {"practical-is-bounded", practical_is_bounded, SHAPES},
    {0},
};

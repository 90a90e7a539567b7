/* What holds of forward results up to rounding.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "properties_trial.h"

#define U32 0x1p-24 /* unit roundoff of float */

/* Runs both; y within twice the sum of their bounds: once for their own roundings, once for those
 * of the inputs that one has from the other's outputs. */
static void expect_near(struct norma_experiment *got, struct norma_experiment *expected) {
    norma_experiment_run(expected);
    norma_experiment_run(got);
    norma_expect_near_outputs(got, expected, 2.0);
}

static double square(double x) {
    return x * x;
}

/* ---- one operator as another -------------------------------------------------------------- */

/* The statistics are rounded to float on the way: 2 u of themselves, so 2 u of y's terms. */
static void adain_with_given_statistics_is_adain(struct norma_trial *trial, const char *shape) {
    static const char *const keys[] = {"alpha=0.75", "std=unbiased,style=4x5", "styles=3"};
    for (int i = 0; i < 3; i++) {
        struct norma_problem problem = norma_trial_problem(trial, "adain:%s:%s", shape, keys[i]);
        struct norma_experiment *tensor = norma_experiment_of(trial, &problem);
        problem.style_source = NORMA_STYLE_STATS;
        problem.style_unbiased = false;
        problem.style_rank = -1;
        memset(problem.style_spatial, 0, sizeof problem.style_spatial);
        struct norma_experiment *given = norma_experiment_of(trial, &problem);
        norma_experiment_run(tensor);
        static const enum norma_tensor_id ids[] = {NORMA_TENSOR_style_mean, NORMA_TENSOR_style_std};
        for (int k = 0; k < 2; k++) {
            memcpy(given->data[ids[k]], tensor->data[ids[k]],
                   norma_tensor_bytes(&given->tensors[ids[k]]));
        }
        norma_experiment_run(given);
        norma_expect_near_outputs(given, tensor, 2.0);
    }
}

static void vector_of_equal_alphas_is_scalar(struct norma_trial *trial, const char *shape) {
    static const char *const kinds[] = {"channel", "element"};
    for (int i = 0; i < 2; i++) {
        struct norma_experiment *vector =
            norma_experiment(trial, "unit:%s:form=vector,alpha=%s", shape, kinds[i]);
        norma_experiment_set(vector, NORMA_TENSOR_alpha, 0.75f);
        expect_near(vector, norma_experiment(trial, "unit:%s:form=scalar,alpha=0.75", shape));
    }
}

static void layer_of_alpha_zero_is_bn(struct norma_trial *trial, const char *shape) {
    expect_near(norma_experiment(trial, "unit:%s:form=layer,alpha=0", shape),
                norma_experiment(trial, "bn:%s", shape));
}

/* sqrt(D) x / sqrt(|x|^2 + D e) = x / sqrt(|x|^2 / D + e). */
static void rms_is_scaled_unit(struct norma_trial *trial, const char *shape) {
    struct norma_problem problem = norma_trial_problem(trial, "rms:%s:eps=0.01", shape);
    struct norma_experiment *rms = norma_experiment_of(trial, &problem);
    const double d = (double)(problem.c * norma_problem_spatial(&problem));
    struct norma_experiment *unit =
        norma_experiment(trial, "unit:%s:alpha=1,eps=%.17g", shape, d * problem.epsilon);
    norma_experiment_without_affine(rms);
    norma_experiment_run(rms);
    norma_experiment_run(unit);
    const float *y = rms->data[NORMA_TENSOR_y], *z = unit->data[NORMA_TENSOR_y];
    for (int64_t i = 0; i < rms->tensors[NORMA_TENSOR_y].count; i++) {
        norma_expect(rms, "y (as unit's times sqrt(D))", i, (double)y[i], sqrt(d) * (double)z[i],
                     2.0 * norma_roundoff(rms) * fabs((double)y[i]));
    }
    const float *r = rms->data[NORMA_TENSOR_inverse_std], *q = unit->data[NORMA_TENSOR_inverse_std];
    for (int64_t n = 0; n < problem.n; n++) {
        norma_expect(rms, "inverse_std (as unit's times sqrt(D))", n, (double)r[n],
                     sqrt(d) * (double)q[n], norma_roundoff(rms) * (double)r[n]);
    }
}

/* The statistics that fwd returns, given to inf: the variance comes back from inverse_std with an
 * error of 5 u (var + epsilon), so y's scale has one of 2.5 u; layer's, twice that. */
static void inference_with_batch_statistics_is_forward(struct norma_trial *trial,
                                                       const char *text) {
    struct norma_problem problem = norma_trial_problem(trial, "%s", text);
    struct norma_experiment *forward = norma_experiment_of(trial, &problem);
    problem.pass = NORMA_INFERENCE;
    struct norma_experiment *inference = norma_experiment_of(trial, &problem);
    norma_experiment_run(forward);
    const float *mean = forward->data[NORMA_TENSOR_mean];
    const float *inverse_std = forward->data[NORMA_TENSOR_inverse_std];
    float *running_mean = inference->data[NORMA_TENSOR_running_mean];
    float *running_variance = inference->data[NORMA_TENSOR_running_variance];
    for (int64_t c = 0; c < problem.c; c++) {
        running_mean[c] = mean[c];
        running_variance[c] = (float)(1.0 / square((double)inverse_std[c]) - problem.epsilon);
    }
    norma_experiment_run(inference);
    norma_expect_near_outputs(inference, forward, 2.0);
}

/* ---- what normalization does -------------------------------------------------------------- */

/* sigma(x) (x - mu(x)) / sigma(x) + mu(x) */
static void adain_of_its_own_style_is_x(struct norma_trial *trial, const char *shape) {
    struct norma_experiment *adain = norma_experiment(trial, "adain:%s", shape);
    memcpy(adain->data[NORMA_TENSOR_style], adain->data[NORMA_TENSOR_x],
           norma_tensor_bytes(&adain->tensors[NORMA_TENSOR_x]));
    norma_experiment_run(adain);
    norma_expect_near(adain, NORMA_TENSOR_y, adain->data[NORMA_TENSOR_x],
                      norma_experiment_bound(adain, NORMA_TENSOR_y), "x");
}

/* x' = p x + q with p^2 epsilon has the same x^. Rounding x' to float moves its elements, its mean
 * and its deviation by u max|x'| each, so x^ by u max|x'| r' (2 + |x^|). */
static void scale_and_shift_cancel(struct norma_trial *trial, const char *text) {
    struct norma_problem problem = norma_trial_problem(trial, "%s", text);
    const double p = 3.0, q = -2.0;
    struct norma_experiment *plain = norma_experiment_of(trial, &problem);
    problem.epsilon *= p * p;
    struct norma_experiment *moved = norma_experiment_of(trial, &problem);
    norma_experiment_without_affine(plain);
    norma_experiment_without_affine(moved);
    const float *x = plain->data[NORMA_TENSOR_x];
    float *scaled = moved->data[NORMA_TENSOR_x];
    const int64_t count = plain->tensors[NORMA_TENSOR_x].count;
    double largest = 0.0;
    for (int64_t i = 0; i < count; i++) {
        scaled[i] = (float)(p * (double)x[i] + q);
        largest = fmax(largest, fabs((double)scaled[i]));
    }
    norma_experiment_run(plain);
    norma_experiment_run(moved);
    const float *expected = plain->data[NORMA_TENSOR_y];
    const float *inverse_std = moved->data[NORMA_TENSOR_inverse_std];
    double *bound = norma_experiment_bound(moved, NORMA_TENSOR_y);
    const double *other = norma_experiment_bound(plain, NORMA_TENSOR_y);
    for (int64_t i = 0; i < count; i++) {
        const double r = (double)inverse_std[norma_set_of(&problem, i)];
        bound[i] += other[i] + U32 * largest * r * (2.0 + fabs((double)expected[i]));
    }
    norma_expect_near(moved, NORMA_TENSOR_y, expected, bound, plain->text);
}

/* Sums over the sets that statistics are taken over. */
struct set_moments {
    double sum, squares, largest_bound;
    int64_t count, channel;
};

/* y of a set has mean beta and variance gamma^2 var / (var + epsilon) = gamma^2 (1 - epsilon r^2).
 * Elements off by b at most move the mean by b, and the variance by 2 b times the deviation and
 * b^2. */
static void outputs_have_the_promised_moments(struct norma_trial *trial, const char *text) {
    struct norma_experiment *e = norma_experiment(trial, "%s", text);
    const struct norma_problem *problem = &e->problem;
    if (problem->op != NORMA_IN && problem->op != NORMA_BN) {
        norma_experiment_without_affine(e); /* a set has several channels */
    }
    norma_experiment_run(e);
    const int64_t sets = norma_problem_statistics(problem);
    const int64_t count = e->tensors[NORMA_TENSOR_y].count;
    struct set_moments *moments = norma_trial_memory(trial, (size_t)sets * sizeof *moments);
    const float *y = e->data[NORMA_TENSOR_y], *gamma = e->data[NORMA_TENSOR_gamma],
                *beta = e->data[NORMA_TENSOR_beta], *r = e->data[NORMA_TENSOR_inverse_std];
    const double *bound = norma_experiment_bound(e, NORMA_TENSOR_y);
    for (int64_t i = 0; i < count; i++) {
        struct set_moments *set = &moments[norma_set_of(problem, i)];
        set->channel = norma_channel_of(problem, i);
        set->sum += (double)y[i];
        set->largest_bound = fmax(set->largest_bound, bound[i]);
        set->count++;
    }
    for (int64_t i = 0; i < count; i++) {
        struct set_moments *set = &moments[norma_set_of(problem, i)];
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
        norma_expect(e, "mean of y, set ", k, mean, shift, error);
        norma_expect(e, "variance of y, set ", k, variance, promised,
                     2.0 * error * fabs(scale) + square(error) + norma_roundoff(e) * square(scale));
    }
}

/* ---- norms of unitization ----------------------------------------------------------------- */

static double norm_of_sample(const struct norma_experiment *e, enum norma_tensor_id id, int64_t n) {
    const int64_t length = e->tensors[id].count / e->problem.n;
    const float *data = e->data[id];
    double squares = 0.0;
    for (int64_t i = n * length; i < (n + 1) * length; i++) {
        squares += square((double)data[i]);
    }
    return sqrt(squares);
}

/* Of a sample of zeros, too: it becomes the constant vector. */
static void vanilla_has_norm_one(struct norma_trial *trial, const char *shape) {
    struct norma_experiment *e = norma_experiment(trial, "unit:%s:form=vanilla", shape);
    memset(e->data[NORMA_TENSOR_x], 0,
           norma_tensor_bytes(&e->tensors[NORMA_TENSOR_x]) / (size_t)e->problem.n);
    norma_experiment_run(e);
    for (int64_t n = 0; n < e->problem.n; n++) {
        norma_expect(e, "norm of y, sample ", n, norm_of_sample(e, NORMA_TENSOR_y, n), 1.0,
                     norma_roundoff(e));
    }
}

/* |y| <= max|alpha| + max|1 - alpha| |x|, as in the proof of [Unit Theorem 3.4]. */
static void practical_is_bounded(struct norma_trial *trial, const char *shape) {
    static const char *const kinds[] = {"channel", "element", "0.75", "2", "-1"};
    for (int i = 0; i < 5; i++) {
        struct norma_experiment *e = norma_experiment(trial, "unit:%s:alpha=%s", shape, kinds[i]);
        norma_experiment_run(e);
        const float *alpha = e->data[NORMA_TENSOR_alpha];
        double largest = fabs(e->problem.alpha), rest = fabs(1.0 - e->problem.alpha);
        if (alpha) {
            largest = rest = 0.0;
            for (int64_t k = 0; k < e->tensors[NORMA_TENSOR_alpha].count; k++) {
                largest = fmax(largest, fabs((double)alpha[k]));
                rest = fmax(rest, fabs(1.0 - (double)alpha[k]));
            }
        }
        for (int64_t n = 0; n < e->problem.n; n++) {
            const double bound = largest + rest * norm_of_sample(e, NORMA_TENSOR_x, n);
            norma_expect_at_most(e, "norm of y, sample ", n, norm_of_sample(e, NORMA_TENSOR_y, n),
                                 bound * (1.0 + norma_roundoff(e)));
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

#define SHAPES norma_property_shapes, NORMA_PROMISE_NEAR, NORMA_IN_EACH_LAYOUT

const struct norma_property norma_properties_approximations[] = {
    {"adain-with-given-statistics-is-adain", adain_with_given_statistics_is_adain, SHAPES},
    {"adain-of-its-own-style-is-x", adain_of_its_own_style_is_x, SHAPES},
    {"vector-of-equal-alphas-is-scalar", vector_of_equal_alphas_is_scalar, SHAPES},
    {"layer-of-alpha-zero-is-bn", layer_of_alpha_zero_is_bn, SHAPES},
    {"rms-is-scaled-unit", rms_is_scaled_unit, SHAPES},
    {"inference-with-batch-statistics-is-forward", inference_with_batch_statistics_is_forward,
     batch_problems, NORMA_PROMISE_NEAR, NORMA_IN_EACH_LAYOUT},
    {"scale-and-shift-cancel", scale_and_shift_cancel, standardizations, NORMA_PROMISE_NEAR,
     NORMA_IN_EACH_LAYOUT},
    {"outputs-have-the-promised-moments", outputs_have_the_promised_moments, standardizations,
     NORMA_PROMISE_NEAR, NORMA_IN_EACH_LAYOUT},
    {"vanilla-has-norm-one", vanilla_has_norm_one, SHAPES},
    {"practical-is-bounded", practical_is_bounded, SHAPES},
    {0},
};

/* The theorems of [Unit] on the Earth Mover distance W between the outputs of a layer at two steps
 * of the training. BN bounds it by moments from above (Theorem 1) and from below (Theorem 2), and
 * unitization bounds it by its parameters (Theorems 3.1 to 3.4).
 *
 * All of them are about arbitrary distributions with finite moments, so they hold for the empirical
 * distributions of two batches, whose moments are plain means, and whose distance is computed
 * exactly. Theorems 1 and 2 hold for any outputs; they check a kernel where the moments in them are
 * those that it promises. The batches are chosen so that the distance comes close to the bound, and
 * a result that is too large by some percent exceeds it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>

#include "verify/properties/property_trial.h"
#include "verify/properties/transport.h"

static double square(double x) {
    return x * x;
}

/* ---- two steps ---------------------------------------------------------------------------- */

/* Fills x with a cloud of points around `distance` on the first axis, of deviation `spread`. */
static void fill_cloud(struct verify_experiment *e, uint64_t step, double distance, double spread) {
    const uint64_t stream = verify_stream(e->trial->seed, 1000 + step);
    const int64_t count = e->tensors[REFERENCE_TENSOR_x].count, sample = count / e->problem.n;
    float *x = e->data[REFERENCE_TENSOR_x];
    for (int64_t i = 0; i < count; i++) {
        const double along = i % sample == 0 ? distance : 0.0;
        x[i] = (float)(along + spread * verify_normal(stream, (uint64_t)i));
    }
}

/* Returns the distance between the outputs, as points of `dimensions` coordinates each. */
static double distance_between(const struct verify_experiment *a, const struct verify_experiment *b,
                               int64_t dimensions) {
    const int64_t points = a->tensors[REFERENCE_TENSOR_y].count / dimensions;
    return verify_earth_mover(a->data[REFERENCE_TENSOR_y], b->data[REFERENCE_TENSOR_y], (int)points,
                              (int)dimensions);
}

static double mean_norm(const struct verify_experiment *e) {
    const int64_t count = e->tensors[REFERENCE_TENSOR_x].count, sample = count / e->problem.n;
    const float *x = e->data[REFERENCE_TENSOR_x];
    double sum = 0.0, squares = 0.0;
    for (int64_t i = 0; i < count; i++) {
        squares += square((double)x[i]);
        if ((i + 1) % sample == 0) {
            sum += sqrt(squares);
            squares = 0.0;
        }
    }
    return sum / (double)e->problem.n;
}

/* ---- unitization -------------------------------------------------------------------------- */

/* The extremes of alpha that the bounds depend on. */
struct alphas {
    double least, largest, largest_rest; /* of alpha, |alpha|, |1 - alpha| */
};

static struct alphas alphas_of(const struct verify_experiment *e) {
    const float *alpha = e->data[REFERENCE_TENSOR_alpha];
    struct alphas alphas = {e->problem.alpha, fabs(e->problem.alpha), fabs(1.0 - e->problem.alpha)};
    if (alpha) {
        alphas = (struct alphas){INFINITY, 0.0, 0.0};
        for (int64_t i = 0; i < e->tensors[REFERENCE_TENSOR_alpha].count; i++) {
            alphas.least = fmin(alphas.least, (double)alpha[i]);
            alphas.largest = fmax(alphas.largest, fabs((double)alpha[i]));
            alphas.largest_rest = fmax(alphas.largest_rest, fabs(1.0 - (double)alpha[i]));
        }
    }
    return alphas;
}

/* Gives the least alpha to the first axis, along which the batches lie. */
static void set_least_alpha(struct verify_experiment *e, float least) {
    float *alpha = e->data[REFERENCE_TENSOR_alpha];
    for (int64_t i = 0; alpha && i < e->tensors[REFERENCE_TENSOR_alpha].count; i++) {
        alpha[i] = i == 0 ? least : fmaxf(least, alpha[i]);
    }
}

/* Returns a bound on W, given alpha and the sum of the mean norms of x at both steps. */
typedef double theorem_bound(struct alphas alphas, double norms);

/* Compares two batches far from the origin, on opposite sides of it. */
static void check_unitization(struct verify_trial *trial, const char *problem, float least_alpha,
                              const char *theorem, theorem_bound *bound_of) {
    struct verify_experiment *now = verify_experiment_named(trial, "%s", problem);
    struct verify_experiment *later = verify_experiment_named(trial, "%s", problem);
    fill_cloud(now, 0, 40.0, 0.5);
    fill_cloud(later, 1, -60.0, 0.5);
    set_least_alpha(now, least_alpha);
    set_least_alpha(later, least_alpha);
    verify_experiment_run(now);
    verify_experiment_run(later);
    const double bound = bound_of(alphas_of(now), mean_norm(now) + mean_norm(later));
    verify_expect_at_most(
        now, theorem, 0,
        distance_between(now, later, now->problem.c * norma_problem_spatial(&now->problem)),
        bound * (1.0 + verify_roundoff(now)));
}

static double bound_of_theorem_3_1(struct alphas alphas, double norms) {
    (void)alphas;
    (void)norms;
    return 2.0;
}

static double bound_of_theorem_3_2(struct alphas alphas, double norms) {
    return alphas.largest > 0.0 ? 2.0 / alphas.largest : norms;
}

static double bound_of_theorem_3_3(struct alphas alphas, double norms) {
    return alphas.least > 0.0 ? 2.0 / alphas.least : norms + 2.0;
}

static double bound_of_theorem_3_4(struct alphas alphas, double norms) {
    return 2.0 * alphas.largest + alphas.largest_rest * norms;
}

/* [Unit Theorem 3.1] vanilla: W <= 2. */
static void vanilla_moves_by_two_at_most(struct verify_trial *trial, const char *shape) {
    char text[NORMA_PROBLEM_TEXT];
    snprintf(text, sizeof text, "unit:%s:form=vanilla", shape);
    check_unitization(trial, text, 1.0f, "distance, Theorem 3.1", bound_of_theorem_3_1);
}

/* [Unit Theorem 3.2] scalar: W <= 2 / alpha, or E|x| + E|x'| for alpha = 0. */
static void scalar_moves_by_two_over_alpha_at_most(struct verify_trial *trial, const char *shape) {
    static const char *const alphas[] = {"1", "0.75", "0.25", "0"};
    for (int i = 0; i < 4; i++) {
        char text[NORMA_PROBLEM_TEXT];
        snprintf(text, sizeof text, "unit:%s:form=scalar,alpha=%s", shape, alphas[i]);
        check_unitization(trial, text, 1.0f, "distance, Theorem 3.2", bound_of_theorem_3_2);
    }
}

static const char *const kinds[] = {"channel", "element"};

/* [Unit Theorem 3.3] vector: W <= 2 / min(alpha), or E|x| + E|x'| + 2 where that is 0. */
static void vector_moves_by_two_over_the_least_alpha_at_most(struct verify_trial *trial,
                                                             const char *shape) {
    for (int i = 0; i < 4; i++) {
        char text[NORMA_PROBLEM_TEXT];
        snprintf(text, sizeof text, "unit:%s:form=vector,alpha=%s", shape, kinds[i % 2]);
        check_unitization(trial, text, i < 2 ? 0.125f : 0.0f, "distance, Theorem 3.3",
                          bound_of_theorem_3_3);
    }
}

/* [Unit Theorem 3.4] practical: W <= 2 max|alpha| + max|1 - alpha| (E|x| + E|x'|). */
static void practical_moves_by_its_bound_at_most(struct verify_trial *trial, const char *shape) {
    static const char *const alphas[] = {"channel", "element", "1", "0.5", "0", "-0.5"};
    for (int i = 0; i < 6; i++) {
        char text[NORMA_PROBLEM_TEXT];
        snprintf(text, sizeof text, "unit:%s:alpha=%s", shape, alphas[i]);
        check_unitization(trial, text, 0.5f, "distance, Theorem 3.4", bound_of_theorem_3_4);
    }
}

/* ---- batch normalization ------------------------------------------------------------------ */

/* The moments that bn promises for a channel: mean beta, variance gamma^2 var / (var + epsilon). */
struct promise {
    double mean, variance;
};

static struct promise promise_of(const struct verify_experiment *bn, int64_t c) {
    const int64_t n = bn->problem.n, channels = bn->problem.c;
    const float *x = bn->data[REFERENCE_TENSOR_x], *gamma = bn->data[REFERENCE_TENSOR_gamma],
                *beta = bn->data[REFERENCE_TENSOR_beta];
    double sum = 0.0, squares = 0.0;
    for (int64_t i = 0; i < n; i++) {
        sum += (double)x[i * channels + c];
    }
    for (int64_t i = 0; i < n; i++) {
        squares += square((double)x[i * channels + c] - sum / (double)n);
    }
    const double variance = squares / (double)n;
    return (struct promise){(double)beta[c],
                            square((double)gamma[c]) * variance / (variance + bn->problem.epsilon)};
}

struct steps {
    struct verify_experiment *now, *later;
    double distance;
};

/* Runs two steps of a layer without spatial positions, so that a sample is a point. Between the
 * steps x, gamma and beta move and grow. */
static struct steps two_steps(struct verify_trial *trial, const char *shape, float growth) {
    struct verify_experiment *now = verify_experiment_named(trial, "bn:%s:eps=0.1", shape);
    struct verify_experiment *later = verify_experiment_named(trial, "bn:%s:eps=0.1", shape);
    fill_cloud(now, 0, 0.0, 1.0);
    fill_cloud(later, 1, 100.0, 10.0);
    float *gamma = later->data[REFERENCE_TENSOR_gamma], *beta = later->data[REFERENCE_TENSOR_beta];
    for (int64_t c = 0; c < later->problem.c; c++) {
        gamma[c] *= growth;
        beta[c] += growth;
    }
    verify_experiment_run(now);
    verify_experiment_run(later);
    return (struct steps){now, later, distance_between(now, later, now->problem.c)};
}

/* [Unit Theorem 1] W <= sum var + sum var' + |mean - mean'| + 2. */
static void bn_moves_by_its_moments_at_most(struct verify_trial *trial, const char *shape) {
    const struct steps steps = two_steps(trial, shape, 0.0625f);
    double variances = 0.0, squares = 0.0;
    for (int64_t c = 0; c < steps.now->problem.c; c++) {
        const struct promise now = promise_of(steps.now, c), later = promise_of(steps.later, c);
        variances += now.variance + later.variance;
        squares += square(now.mean - later.mean);
    }
    verify_expect_at_most(steps.now, "distance, Theorem 1", 0, steps.distance,
                          (variances + sqrt(squares) + 2.0) * (1.0 + verify_roundoff(steps.now)));
}

/* Returns the power of x clamped to [-limit, limit]. */
static double clamped_power(double x, double limit, int power) {
    return pow(fmax(-limit, fmin(limit, x)), power);
}

static double largest_output(const struct steps *steps) {
    const float *a = steps->now->data[REFERENCE_TENSOR_y],
                *b = steps->later->data[REFERENCE_TENSOR_y];
    double largest = 0.0;
    for (int64_t i = 0; i < steps->now->tensors[REFERENCE_TENSOR_y].count; i++) {
        largest = fmax(largest, fmax(fabs((double)a[i]), fabs((double)b[i])));
    }
    return largest;
}

/* Returns the sum over the coordinates of E y^power, y being clamped. */
static double moment_of_outputs(const struct verify_experiment *e, double limit, int power) {
    const float *y = e->data[REFERENCE_TENSOR_y];
    double sum = 0.0;
    for (int64_t i = 0; i < e->tensors[REFERENCE_TENSOR_y].count; i++) {
        sum += clamped_power((double)y[i], limit, power);
    }
    return sum / (double)e->problem.n;
}

/* Returns the promised sum for power 2 without a limit. */
static double promised_moment(const struct verify_experiment *e) {
    double sum = 0.0;
    for (int64_t c = 0; c < e->problem.c; c++) {
        const struct promise promise = promise_of(e, c);
        sum += promise.variance + square(promise.mean);
    }
    return sum;
}

/* [Unit Theorem 2] W >= |E f(x) - E f(x')| with
 * f(x) = sum of clamp(x_i)^p / (p limit^(p-1) sqrt(d)). */
static void expect_distance_of_moments(const struct steps *steps, double limit, int power,
                                       double difference) {
    const double d = (double)steps->now->problem.c;
    const double least = fabs(difference) / (power * pow(limit, power - 1) * sqrt(d));
    const double roundoff = verify_roundoff(steps->now);
    verify_expect_at_most(steps->now, "lower bound of the distance, Theorem 2", power, least,
                          steps->distance * (1.0 + roundoff) + roundoff * limit);
}

static void bn_moves_by_its_moments_at_least(struct verify_trial *trial, const char *shape) {
    const struct steps steps = two_steps(trial, shape, 4.0f);
    const double largest = largest_output(&steps);
    for (int power = 2; power <= 5; power++) {
        for (double limit = largest; limit > 0.1 * largest; limit *= 0.5) {
            const double difference = moment_of_outputs(steps.now, limit, power) -
                                      moment_of_outputs(steps.later, limit, power);
            expect_distance_of_moments(&steps, limit, power, difference);
        }
    }
    expect_distance_of_moments(&steps, largest, 2,
                               promised_moment(steps.now) - promised_moment(steps.later));
}

/* ------------------------------------------------------------------------------------------- */

/* These have 8 to 16 points of few dimensions. */
static const char *const unit_shapes[] = {"12x3", "8x2x2", "16x1x4", "9x5", NULL};
static const char *const bn_shapes[] = {"12x3", "8x1", "16x5", NULL};

const struct verify_property verify_properties_theorems[] = {
    {"bn-moves-by-its-moments-at-most", bn_moves_by_its_moments_at_most, bn_shapes,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {"bn-moves-by-its-moments-at-least", bn_moves_by_its_moments_at_least, bn_shapes,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {"vanilla-moves-by-two-at-most", vanilla_moves_by_two_at_most, unit_shapes, VERIFY_PROMISE_NEAR,
     VERIFY_IN_EACH_LAYOUT},
    {"scalar-moves-by-two-over-alpha-at-most", scalar_moves_by_two_over_alpha_at_most, unit_shapes,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {"vector-moves-by-two-over-the-least-alpha-at-most",
     vector_moves_by_two_over_the_least_alpha_at_most, unit_shapes, VERIFY_PROMISE_NEAR,
     VERIFY_IN_EACH_LAYOUT},
    {"practical-moves-by-its-bound-at-most", practical_moves_by_its_bound_at_most, unit_shapes,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {0},
};

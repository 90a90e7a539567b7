/* The reference against values worked out by hand from the definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "reference.h"

#include <criterion/criterion.h>
#include <math.h>

/* Two samples, two channels, two positions. */
static const float x[8] = {1, 3, /**/ 10, 14, /**/ 5, 7, /**/ 20, 28};
static double y[8];
static double mean[4], inverse_std[4], running_mean[2], running_variance[2];

static void run(const char *text, struct norma_args args) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_OK, "%s", text);
    args.x = x;
    norma_reference_run(&problem, &args,
                        &(struct norma_reference){.y = y,
                                                  .mean = mean,
                                                  .inverse_std = inverse_std,
                                                  .running_mean = running_mean,
                                                  .running_variance = running_variance});
}

static void expect(const double *values, const double *expected, int count) {
    for (int i = 0; i < count; i++) {
        cr_assert(fabs(values[i] - expected[i]) <= 1e-14 * (1.0 + fabs(expected[i])),
                  "[%d] is %.17g, should be %.17g", i, values[i], expected[i]);
    }
}

#define EXPECT(values, ...)                                                                        \
    expect(values, (const double[]){__VA_ARGS__}, (int)(sizeof((double[]){__VA_ARGS__}) / 8))

Test(reference, instance_norm) {
    run("in:2x2x2:eps=0", (struct norma_args){0});
    EXPECT(y, -1, 1, -1, 1, -1, 1, -1, 1);
    EXPECT(mean, 2, 12, 6, 24);
    EXPECT(inverse_std, 1, 0.5, 1, 0.25);
    run("in:2x2x2:eps=3", (struct norma_args){.gamma = (float[]){4, 1}, .beta = (float[]){1, 0}});
    EXPECT(inverse_std, 0.5, 1 / sqrt(7), 0.5, 1 / sqrt(19));
    EXPECT(y, -1, 3, -2 / sqrt(7), 2 / sqrt(7), -1, 3, -4 / sqrt(19), 4 / sqrt(19));
}

Test(reference, batch_norm) {
    float old_mean[2] = {1, 1}, old_variance[2] = {2, 2};
    run("bn:2x2x2:eps=0,momentum=0.25",
        (struct norma_args){.running_mean = old_mean, .running_variance = old_variance});
    /* channel 0: 1 3 5 7, mean 4, variance 5; channel 1: 10 14 20 28, mean 18, variance 46 */
    EXPECT(mean, 4, 18);
    EXPECT(inverse_std, 1 / sqrt(5), 1 / sqrt(46));
    EXPECT(y, -3 / sqrt(5), -1 / sqrt(5), -8 / sqrt(46), -4 / sqrt(46), 1 / sqrt(5), 3 / sqrt(5),
           2 / sqrt(46), 10 / sqrt(46));
    EXPECT(running_mean, 0.75 + 1, 0.75 + 4.5);
    EXPECT(running_variance, 1.5 + 0.25 * 20 / 3, 1.5 + 0.25 * 184 / 3);
}

Test(reference, batch_norm_inference) {
    float given_mean[2] = {1, 10}, given_variance[2] = {3, 15};
    run("bn:2x2x2:pass=inf,eps=1", (struct norma_args){.running_mean = given_mean,
                                                       .running_variance = given_variance,
                                                       .gamma = (float[]){2, 4},
                                                       .beta = (float[]){0, 1}});
    EXPECT(y, 0, 2, 1, 5, 4, 6, 11, 19);
}

Test(reference, batch_norm_of_one_element_keeps_the_biased_variance) {
    float old[2] = {1, 1};
    run("bn:1x1x1:eps=1,momentum=0.5",
        (struct norma_args){.running_mean = old, .running_variance = old + 1});
    EXPECT(y, 0);
    EXPECT(running_mean, 1);
    EXPECT(running_variance, 0.5);
}

Test(reference, batch_instance_norm) {
    run("bin:2x2x2:eps=0", (struct norma_args){.rho = (float[]){0.25f, 1},
                                               .gamma = (float[]){2, 1},
                                               .beta = (float[]){1, 0}});
    const double b = 1 / sqrt(5);
    EXPECT(y, 1 + 2 * (0.25 * -3 * b - 0.75), 1 + 2 * (0.25 * -b + 0.75), -8 / sqrt(46),
           -4 / sqrt(46), 1 + 2 * (0.25 * b - 0.75), 1 + 2 * (0.25 * 3 * b + 0.75), 2 / sqrt(46),
           10 / sqrt(46));
}

Test(reference, adaptive_instance_norm) {
    /* styles: means 0 5 1 2, deviations 1 0 2 3 */
    static const float style[] = {-1, 1, 5, 5, -1, 3, -1, 5};
    run("adain:2x2x2:eps=0", (struct norma_args){.style = style});
    EXPECT(y, -1, 1, 5, 5, -1, 3, -1, 5);
    run("adain:2x2x2:eps=0,alpha=0.5", (struct norma_args){.style = style});
    EXPECT(y, 0, 2, 7.5, 9.5, 2, 5, 9.5, 16.5);
    run("adain:2x2x2:eps=0,style=stats", (struct norma_args){.style_mean = (float[]){0, 5, 1, 2},
                                                             .style_std = (float[]){1, 0, 2, 3}});
    EXPECT(y, -1, 1, 5, 5, -1, 3, -1, 5);
}

Test(reference, group_norm) {
    run("gn:2x2x2:g=1,eps=0", (struct norma_args){0});
    /* sample 0: 1 3 10 14, mean 7, variance 27.5; sample 1: 5 7 20 28, mean 15, variance 89.5 */
    EXPECT(mean, 7, 15);
    const double a = 1 / sqrt(27.5), b = 1 / sqrt(89.5);
    EXPECT(y, -6 * a, -4 * a, 3 * a, 7 * a, -10 * b, -8 * b, 5 * b, 13 * b);
}

Test(reference, unitization) {
    /* |x|^2 of the samples: 1 + 9 + 100 + 196 = 306, 25 + 49 + 400 + 784 = 1258 */
    run("unit:2x2x2:alpha=1,eps=0", (struct norma_args){0});
    const double a = 1 / sqrt(306), b = 1 / sqrt(1258);
    EXPECT(y, 1 * a, 3 * a, 10 * a, 14 * a, 5 * b, 7 * b, 20 * b, 28 * b);
    EXPECT(inverse_std, a, b);
    run("unit:2x2x2:eps=19", (struct norma_args){.alpha = (float[]){0.5f, 0}});
    const double c = 0.5 / sqrt(325) + 0.5, d = 0.5 / sqrt(1277) + 0.5;
    EXPECT(y, 1 * c, 3 * c, 10, 14, 5 * d, 7 * d, 20, 28);
    run("unit:2x2x2:alpha=element,eps=0", (struct norma_args){.alpha = (float[]){1, 0, 0, 2}});
    EXPECT(y, a, 3, 10, 14 * (2 * a - 1), 5 * b, 7, 20, 28 * (2 * b - 1));
}

Test(reference, unitization_of_a_tiny_vector) {
    static const float tiny[4] = {1e-25f, 0, 0, 0};
    struct norma_problem problem;
    cr_assert(norma_problem_parse("unit:1x4x1:alpha=1,eps=0", &problem, NULL) == NORMA_OK);
    norma_reference_run(&problem, &(struct norma_args){.x = tiny},
                        &(struct norma_reference){.y = y});
    EXPECT(y, 1, 0, 0, 0);
}

/* Gradients are as exact as results, wherever the mean and the deviation lie in the range of float.
 * The backward pass gets the statistics that the forward pass returned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/tests/bundle.h"

TestSuite(gradients, .timeout = 250);

/* ---- both passes -------------------------------------------------------------------------- */

static const struct norma_profile *small_tiles(void) {
    static struct norma_profile *profile;
    if (!profile) {
        char text[512];
        snprintf(text, sizeof text,
                 "norma-profile 1\nversion %s\ncpu %s\nset %s\n"
                 "l2 tile_bytes=4096 stream_elements=1 ahead_bytes=65536 thread_bytes=1\nend\n",
                 norma_version(), norma_profile_cpu(), norma_set_name(0));
        cr_assert(norma_profile_parse(text, &profile, NULL, 0) == NORMA_STATUS_OK);
    }
    return profile;
}

/* Copies the tensors that are inputs of `to`, and that `from` has in the same size. */
static void copy_inputs(const struct bundle *from, struct bundle *to) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const bool both = bundle_uses(from, id) && bundle_uses(to, id) &&
                          from->tensors[id].count == to->tensors[id].count;
        if (both && !reference_is_output(&to->tensors[id])) {
            memcpy(to->data[id], from->data[id], reference_tensor_bytes(&to->tensors[id]));
        }
    }
}

static void execute(const struct bundle *bundle, int threads, const struct norma_profile *profile) {
    const struct norma_options options = {.threads = threads, .profile = profile};
    cr_assert(bundle_execute(bundle, &options) == NORMA_STATUS_OK);
}

/* Executes the forward pass of the same inputs, and then the backward pass. */
static void execute_both(struct bundle *backward, int threads,
                         const struct norma_profile *profile) {
    struct norma_problem problem = backward->problem;
    char text[NORMA_PROBLEM_TEXT];
    problem.pass = NORMA_PASS_FORWARD;
    norma_problem_print(&problem, text, sizeof text);
    struct bundle *forward = bundle_make(text, 0);
    copy_inputs(backward, forward);
    execute(forward, threads, profile);
    copy_inputs(forward, backward);
    execute(backward, threads, profile);
    bundle_free(forward);
}

/* ---- comparing ---------------------------------------------------------------------------- */

/* Checks that the outputs of b, dx times `factor`, are those of a, to within `tolerance` of the
 * largest entry. The gradient of unitization's alpha depends on the norm of x, and has no such
 * factor. */
static void expect_gradients(const char *text, const struct bundle *a, const struct bundle *b,
                             double factor, double tolerance) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        const bool left_out = id == REFERENCE_TENSOR_dalpha && factor != 1.0;
        if (!bundle_uses(a, id) || !reference_is_output(&a->tensors[id]) || left_out) {
            continue;
        }
        const float *one = a->data[id], *other = b->data[id];
        const double scale = id == REFERENCE_TENSOR_dx ? factor : 1.0;
        double largest = 0.0, error = 0.0;
        for (int64_t i = 0; i < a->tensors[id].count; i++) {
            largest = fmax(largest, fabs((double)one[i]));
            error = fmax(error, fabs((double)other[i] * scale - (double)one[i]));
            cr_assert(isfinite(other[i]), "%s, %s[%lld]", text, a->tensors[id].name, (long long)i);
        }
        cr_assert(error <= tolerance * largest, "%s: %s is off by %g of its largest entry", text,
                  a->tensors[id].name, error / largest);
    }
}

/* Every strategy, by threads and tiles. */
static void for_each_way(void (*check)(const char *text, int threads,
                                       const struct norma_profile *profile),
                         const char *const *texts) {
    for (; *texts; texts++) {
        for (int threads = 1; threads <= 3; threads++) {
            check(*texts, threads, NULL);
            check(*texts, threads, small_tiles());
        }
    }
}

/* ---- large means -------------------------------------------------------------------------- */

static const char *const with_means[] = {
    "bn:4x6x37:pass=bwd",
    "bn:4x6x37:pass=bwd,layout=nsc",
    "bn:40x6:pass=bwd",
    "bn:1x3x9000:pass=bwd",
    "bn:1x3x9000:pass=bwd,layout=nsc",
    "bn:3x600x9:pass=bwd,layout=nsc",
    "in:2x6x37:pass=bwd",
    "in:2x6x37:pass=bwd,layout=nsc",
    "in:1x2x9000:pass=bwd",
    "in:1x1x9000:pass=bwd,layout=nsc",
    "cin:3x6x37:pass=bwd,styles=3",
    "bin:4x6x37:pass=bwd",
    "bin:4x6x37:pass=bwd,layout=nsc",
    "bin:2x3x5000:pass=bwd,rho=0.25",
    "adain:2x6x37:pass=bwd",
    "adain:2x6x37:pass=bwd,alpha=0.3,layout=nsc,style=50",
    "adain:2x6x37:pass=bwd,styles=2,style=41",
    "adain:3x6x37:pass=bwd,style=swap",
    "adain:3x6x37:pass=bwd,style=swap,std=unbiased,layout=nsc",
    "adain:2x6x97:pass=bwd,regions=3",
    "adain:2x6x97:pass=bwd,regions=2,layout=nsc",
    "gn:2x6x37:pass=bwd,g=3",
    "gn:2x6x37:pass=bwd,g=3,layout=nsc",
    "gn:5x60:pass=bwd,g=3",
    "gn:1x6x3000:pass=bwd,g=1",
    "ln:3x6x37:pass=bwd",
    "ln:3x6x37:pass=bwd,layout=nsc",
    "ln:50x40:pass=bwd",
    "ln:2x9000:pass=bwd",
    "unit:3x6x37:form=layer,pass=bwd",
    "unit:3x6x37:form=layer,pass=bwd,layout=nsc",
    NULL,
};

/* Fills x and the style with numbers to which `mean` can be added without rounding. */
static void fill_about(struct bundle *bundle, float mean) {
    static const int tensors[] = {REFERENCE_TENSOR_x, REFERENCE_TENSOR_style};
    for (int t = 0; t < 2; t++) {
        float *values = bundle->data[tensors[t]];
        const int64_t count =
            bundle_uses(bundle, tensors[t]) ? bundle->tensors[tensors[t]].count : 0;
        for (int64_t i = 0; i < count; i++) {
            values[i] = mean + (float)((i * 7919 + i / 5) % 61 - 23) / 16.0f;
        }
    }
}

/* The gradients must not depend on a shift of x. The shift has a part that is lost where a mean is
 * rounded to float. */
static void shift_changes_nothing(const char *text, int threads,
                                  const struct norma_profile *profile) {
    static const float means[] = {100.0f, 1e4f, 1e5f, 524288.0f};
    struct bundle *small = bundle_make(text, 0);
    fill_about(small, 0.0f);
    execute_both(small, threads, profile);
    for (int m = 0; m < 4; m++) {
        struct bundle *large = bundle_copy(small, 0);
        fill_about(large, means[m]);
        execute_both(large, threads, profile);
        expect_gradients(text, small, large, 1.0, 1e-6);
        bundle_free(large);
    }
    bundle_free(small);
}

Test(gradients, do_not_depend_on_the_mean) {
    for_each_way(shift_changes_nothing, with_means);
}

/* Fills x and the style with numbers up to `spread` away from `mean`, in all bits of a float. */
static void fill_at_random(struct bundle *bundle, double mean, double spread) {
    static const int tensors[] = {REFERENCE_TENSOR_x, REFERENCE_TENSOR_style};
    for (int t = 0; t < 2; t++) {
        float *values = bundle->data[tensors[t]];
        const int64_t count =
            bundle_uses(bundle, tensors[t]) ? bundle->tensors[tensors[t]].count : 0;
        uint32_t bits = 12345;
        for (int64_t i = 0; i < count; i++) {
            bits = bits * 1664525u + 1013904223u;
            values[i] = (float)(mean + spread * ((double)bits * 0x1p-31 - 1.0));
        }
    }
}

/* Recovered means must not depend on how channels are shared, to the bit. */
static void same_bits_with_threads(const char *text) {
    struct bundle *one = bundle_make(text, 0);
    fill_at_random(one, 1000.0, 1e-3);
    execute_both(one, 1, small_tiles());
    for (int threads = 2; threads <= 5; threads++) {
        struct bundle *several = bundle_copy(one, 0);
        execute_both(several, threads, small_tiles());
        const char *other = bundle_difference(one, several, REFERENCE_TENSOR_COUNT);
        cr_assert(!other, "%s: %s has other bits with %d threads", text, other, threads);
        bundle_free(several);
    }
    bundle_free(one);
}

Test(gradients, with_large_means_have_the_same_bits_with_all_threads) {
    /* A mean that is summed in another order differs in few elements of few such problems. */
    for (int channels = 3; channels < 64; channels += 2) {
        char text[NORMA_PROBLEM_TEXT];
        snprintf(text, sizeof text, "adain:2x%dx30:style=21x40,pass=bwd,layout=nsc", channels);
        same_bits_with_threads(text);
    }
    for (const char *const *text = with_means; *text; text++) {
        same_bits_with_threads(*text);
    }
}

/* ---- large and small deviations ------------------------------------------------------------ */

static const char *const covariant[] = {
    "bn:4x6x37:pass=bwd,eps=0",
    "bn:4x6x37:pass=bwd,layout=nsc,eps=0",
    "bn:40x6:pass=bwd,eps=0,epilogue=relu",
    "in:2x6x37:pass=bwd,eps=0",
    "in:2x6x37:pass=bwd,layout=nsc,eps=0,epilogue=add_relu",
    "cin:3x6x37:pass=bwd,styles=3,eps=0",
    "bin:4x6x37:pass=bwd,eps=0",
    "bin:4x6x37:pass=bwd,layout=nsc,eps=0",
    "adain:2x6x37:pass=bwd,alpha=1,eps=0,style=stats",
    "adain:2x6x97:pass=bwd,regions=3,style=stats,eps=0,epilogue=add_relu",
    "adain:2x6x97:pass=bwd,regions=2,style=stats,layout=nsc,eps=0",
    "adain:2x6x37:pass=bwd,alpha=1,eps=0,style=50",
    "adain:2x6x37:pass=bwd,alpha=1,eps=0,styles=2,style=50,layout=nsc,epilogue=relu",
    "gn:2x6x37:pass=bwd,g=3,eps=0",
    "gn:5x60:pass=bwd,g=3,eps=0",
    "ln:3x6x37:pass=bwd,eps=0",
    "ln:50x40:pass=bwd,eps=0",
    "ln:50x40:pass=bwd,eps=0,epilogue=add_relu",
    "rms:50x40:pass=bwd,eps=0",
    "rms:3x6x37:pass=bwd,eps=0",
    "unit:3x6x37:form=vanilla,pass=bwd",
    "unit:3x6x37:alpha=1,eps=0,pass=bwd",
    "unit:9x37:alpha=1,eps=0,pass=bwd",
    "unit:3x6x37:form=layer,pass=bwd,eps=0",
    NULL,
};

static void scale_x(struct bundle *bundle, int exponent) {
    float *x = bundle->data[REFERENCE_TENSOR_x];
    for (int64_t i = 0; i < bundle->tensors[REFERENCE_TENSOR_x].count; i++) {
        x[i] = ldexpf(x[i], exponent);
    }
}

/* The gradient of x must be divided by what x is multiplied by, and all others stay. */
static void scale_scales(const char *text, int threads, const struct norma_profile *profile) {
    static const int exponents[] = {-100, -66, -40, 40, 66, 100};
    struct bundle *one = bundle_make(text, 0);
    fill_about(one, 0.5f);
    execute_both(one, threads, profile);
    for (int e = 0; e < 6; e++) {
        struct bundle *scaled = bundle_copy(one, 0);
        fill_about(scaled, 0.5f);
        scale_x(scaled, exponents[e]);
        execute_both(scaled, threads, profile);
        expect_gradients(text, one, scaled, ldexp(1.0, exponents[e]), 1e-6);
        bundle_free(scaled);
    }
    bundle_free(one);
}

Test(gradients, scale_with_the_deviation) {
    for_each_way(scale_scales, covariant);
}

/* The same dy everywhere has no gradient, although its terms are beyond the range of float. */
Test(gradients, are_finite_where_infinite_terms_cancel) {
    static const char *const texts[] = {"ln:4x64:pass=bwd,eps=0", "ln:4x64x3:pass=bwd,eps=0",
                                        "in:2x3x64:pass=bwd,eps=0", "bn:64x3:pass=bwd,eps=0"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        struct bundle *bundle = bundle_make(texts[t], 0);
        fill_about(bundle, 0.5f);
        scale_x(bundle, -20);
        for (int id = 0; id < 2; id++) {
            float *values = bundle->data[id == 0 ? REFERENCE_TENSOR_dy : REFERENCE_TENSOR_gamma];
            const int64_t count =
                bundle->tensors[id == 0 ? REFERENCE_TENSOR_dy : REFERENCE_TENSOR_gamma].count;
            for (int64_t i = 0; i < count; i++) {
                values[i] = id == 0 ? 1e34f : 1.0f;
            }
        }
        execute_both(bundle, 1, NULL);
        const float *dx = bundle->data[REFERENCE_TENSOR_dx];
        for (int64_t i = 0; i < bundle->tensors[REFERENCE_TENSOR_dx].count; i++) {
            cr_assert(fabsf(dx[i]) < 1e35f, "%s: dx[%d] is %g", texts[t], (int)i, (double)dx[i]);
        }
        bundle_free(bundle);
    }
}

/* ---- right values ------------------------------------------------------------------------- */

struct example {
    const char *text;
    float x[5], dy[5];
    double dx[5], dgamma;
};

static void expect_example(const struct example *example) {
    struct bundle *bundle = bundle_make(example->text, 0);
    const size_t bytes = reference_tensor_bytes(&bundle->tensors[REFERENCE_TENSOR_x]);
    const int64_t count = bundle->tensors[REFERENCE_TENSOR_x].count;
    memcpy(bundle->data[REFERENCE_TENSOR_x], example->x, bytes);
    memcpy(bundle->data[REFERENCE_TENSOR_dy], example->dy, bytes);
    ((float *)bundle->data[REFERENCE_TENSOR_gamma])[0] = 1.0f;
    execute_both(bundle, 1, NULL);
    const float *dx = bundle->data[REFERENCE_TENSOR_dx];
    const float *dgamma = bundle->data[REFERENCE_TENSOR_dgamma];
    double largest = 0.0;
    for (int64_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs(example->dx[i]));
    }
    for (int64_t i = 0; i < count; i++) {
        cr_assert_float_eq((double)dx[i], example->dx[i], 3e-7 * largest,
                           "%s: dx[%d] = %.9g, expected %.9g", example->text, (int)i, (double)dx[i],
                           example->dx[i]);
    }
    cr_assert_float_eq((double)dgamma[0], example->dgamma, 3e-7 * example->dgamma, "%s: %.9g",
                       example->text, (double)dgamma[0]);
    bundle_free(bundle);
}

Test(gradients, are_those_of_examples) {
    static const struct example examples[] = {
        {"in:1x1x4:pass=bwd",
         {10000.1f, 10000.5f, 10001.0f, 10003.3f},
         {1.0f, -2.0f, 0.5f, 3.0f},
         {1.25285976, -1.50521087, 0.089080055, 0.163271053},
         5.19221849},
        {"in:1x1x5:pass=bwd",
         {1e6f, 1e6f + 0.25f, 1e6f + 0.5f, 1e6f + 1.5f, 1e6f + 0.125f},
         {1.0f, -2.0f, 0.5f, 3.0f, -1.0f},
         {3.37560336, -3.28766516, 0.262133831, 0.534419549, -0.884491582},
         6.33674416},
        {"in:1x1x4:pass=bwd",
         {1e22f, -2e22f, 3e22f, 0.5e22f},
         {1.0f, -2.0f, 0.5f, 3.0f},
         {1.03723511e-23, -7.26064574e-23, -7.46809277e-23, 1.36915034e-22},
         3.614591},
    };
    expect_example(&examples[0]);
    expect_example(&examples[1]);
    expect_example(&examples[2]);
}

/* The deviation is near the end of the range, and x - mean beyond it. */
Test(gradients, results_are_right_at_the_end_of_the_range) {
    static const float x[] = {3.4e38f, -3.4e38f, -3.4e38f, -3.4e38f};
    static const float expected[] = {1.7320508f, -0.57735026f, -0.57735026f, -0.57735026f};
    static const char *const texts[] = {"in:1x1x4", "in:1x1x4:layout=nsc", "bn:4x1",
                                        "bn:1x1x4", "gn:1x4:g=1",          "ln:1x4",
                                        "ln:1x2x2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct norma_problem problem = bundle_problem(texts[i]);
        struct norma_plan *plan;
        float y[4];
        cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_OK);
        void *workspace = malloc(norma_plan_workspace(plan) + 1);
        norma_execute(plan, &(struct norma_args){.x = x, .y = y, .workspace = workspace});
        for (int k = 0; k < 4; k++) {
            cr_assert_float_eq(y[k], expected[k], 2e-7f, "%s: y[%d] = %.9g", texts[i], k,
                               (double)y[k]);
        }
        free(workspace);
        norma_plan_destroy(plan);
    }
}

/* The scale is within float's range, and so is y; beta and the centre's rounding error times the
 * scale are not. */
Test(gradients, a_shift_beyond_the_range_leaves_y_finite) {
    static const float x[] = {16777216.0f, 16777218.0f, 16777218.0f};
    static const float gamma[] = {3e38f}, beta[] = {3.4e38f};
    const double mean = 16777216.0 + 4.0 / 3.0, r = 1.0 / sqrt(8.0 / 9.0 + 1e-5);
    static const char *const texts[] = {"in:1x1x3", "in:1x1x3:layout=nsc", "bn:3x1", "gn:1x1x3"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct norma_problem problem = bundle_problem(texts[i]);
        struct norma_plan *plan;
        float y[3];
        cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_STATUS_OK);
        void *workspace = malloc(norma_plan_workspace(plan) + 1);
        norma_execute(plan,
                      &(struct norma_args){
                          .x = x, .y = y, .gamma = gamma, .beta = beta, .workspace = workspace});
        const double expected = (double)gamma[0] * ((double)x[0] - mean) * r + (double)beta[0];
        cr_assert_float_eq((double)y[0], expected, 1e32, "%s: %.9g, expected %.9g", texts[i],
                           (double)y[0], expected);
        free(workspace);
        norma_plan_destroy(plan);
    }
}

/* dy is a multiple of x - mean, so that dx is next to 0. No coefficient leaves the range of float,
 * but their products with dy and x do. */
Test(gradients, are_finite_where_products_of_coefficients_overflow) {
    static const char *const texts[] = {"in:1x1x4:pass=bwd", "in:1x1x4:layout=nsc,pass=bwd",
                                        "bn:4x1:pass=bwd", "ln:1x4:pass=bwd", "ln:1x2x2:pass=bwd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bundle *bundle = bundle_make(texts[i], 0);
        float *x = bundle->data[REFERENCE_TENSOR_x], *dy = bundle->data[REFERENCE_TENSOR_dy];
        float *gamma = bundle->data[REFERENCE_TENSOR_gamma];
        const bool row = bundle->problem.spatial_rank == 0 && bundle->problem.n == 1;
        const float scale = row ? 1e25f : 3e38f; /* parameters of rows have a limit */
        for (int64_t c = 0; c < bundle->tensors[REFERENCE_TENSOR_gamma].count; c++) {
            gamma[c] = scale;
        }
        for (int k = 0; k < 4; k++) {
            const float sign = k % 2 == 0 ? 1.0f : -1.0f;
            x[k] = sign * (row ? 3e20f : 3e37f);
            dy[k] = sign * (row ? 3e36f : 1e38f);
        }
        execute_both(bundle, 1, NULL);
        const float *dx = bundle->data[REFERENCE_TENSOR_dx];
        for (int k = 0; k < 4; k++) {
            cr_assert(isfinite(dx[k]), "%s: dx[%d] = %g", texts[i], k, (double)dx[k]);
        }
        bundle_free(bundle);
    }
}

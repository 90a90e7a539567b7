/* Staged execution. With nothing in between it is execution to the bit, and statistics merged over
 * two halves of a batch are those of the whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/tests/bundle.h"

static const char *const layouts[] = {"ncs", "nsc"};

/* Returns the problem in a layout. */
static struct bundle *bundle_in(const char *text, const char *layout) {
    char whole[NORMA_PROBLEM_TEXT];
    const bool has_keys = strchr(strchr(text, ':') + 1, ':') != NULL;
    snprintf(whole, sizeof whole, "%s%clayout=%s", text, has_keys ? ',' : ':', layout);
    return bundle_make(whole, 0);
}

static struct norma_plan *plan_of(const struct norma_problem *problem, int threads) {
    struct norma_plan *plan = NULL;
    cr_assert(norma_plan_create(&plan, problem, &(struct norma_options){.threads = threads}) ==
              NORMA_STATUS_OK);
    return plan;
}

static struct norma_args arguments(const struct bundle *bundle, const struct norma_plan *plan) {
    struct norma_args args = reference_tensors_bind((void *const *)bundle->data);
    args.workspace = malloc(norma_stage_workspace(plan) + 1);
    return args;
}

static void execute_forward(const struct norma_plan *plan, const struct norma_args *args) {
    const size_t entries = (size_t)norma_stage_affine_entries(plan);
    struct norma_partial_moments *moments =
        calloc((size_t)norma_stage_sets(plan) + 1, sizeof *moments);
    float *centre = calloc(3 * entries, sizeof *centre);
    const struct norma_stage_affine affine = {centre, centre + entries, centre + 2 * entries};
    cr_assert(norma_stage_moments(plan, args, moments) == NORMA_STATUS_OK);
    cr_assert(norma_stage_coefficients(plan, args, moments, &affine) == NORMA_STATUS_OK);
    cr_assert(norma_stage_apply(plan, args, &affine) == NORMA_STATUS_OK);
    free(moments);
    free(centre);
}

static void execute_backward(const struct norma_plan *plan, const struct norma_args *args) {
    struct norma_partial_sums *sums = calloc((size_t)norma_stage_sets(plan) + 1, sizeof *sums);
    cr_assert(norma_stage_sums(plan, args, sums) == NORMA_STATUS_OK);
    cr_assert(norma_stage_gradient(plan, args, sums) == NORMA_STATUS_OK);
    free(sums);
}

static void execute_in_stages(const struct bundle *bundle, int threads) {
    struct norma_plan *plan = plan_of(&bundle->problem, threads);
    struct norma_args args = arguments(bundle, plan);
    if (reference_is_backward(&bundle->problem)) {
        execute_backward(plan, &args);
    } else {
        execute_forward(plan, &args);
    }
    free(args.workspace);
    norma_plan_destroy(plan);
}

static const char *const problems[] = {
    "bn:4x5x37",
    "bn:4x5x37:pass=inf",
    "bn:4x5x37:pass=bwd",
    "bn:4x5x37:pass=inf_bwd",
    "bn:4x5x37:epilogue=add_relu",
    "bn:4x5x37:epilogue=add_relu,pass=bwd",
    "bn:1x2x9000",
    "bn:1x2x9000:pass=bwd",
    "in:4x5x37",
    "in:4x5x37:pass=bwd",
    "in:1x2x9000:pass=bwd",
    "cin:4x5x37:styles=2",
    "cin:4x5x37:styles=2,pass=bwd",
    "bin:4x5x37",
    "bin:4x5x37:pass=inf",
    "bin:4x5x37:pass=bwd",
    "bin:4x5x37:pass=inf_bwd",
    "adain:4x5x37:style=stats",
    "adain:4x5x37:style=stats,alpha=0.3,pass=bwd",
    "gn:4x6x37:g=3",
    "gn:4x6x37:g=3,pass=bwd",
    "ln:4x300x7",
    "ln:4x300x7:pass=bwd",
    "rms:4x300x7",
    "rms:4x300x7:pass=bwd",
    "unit:4x5x37",
    "unit:4x5x37:pass=bwd",
    "unit:4x5x37:form=vector,pass=bwd",
    "unit:4x5x37:form=layer",
    "unit:4x5x37:form=layer,pass=inf",
    "unit:4x5x37:form=layer,pass=bwd",
    "unit:4x5x37:form=layer,pass=inf_bwd",
    "bn:2x6x4500",
    "bn:2x6x4500:pass=bwd",
    "in:2x6x4500",
    "in:2x6x4500:pass=bwd",
    "gn:2x300x70:g=3",
    "gn:2x300x70:g=3,pass=bwd",
    "bn:3x600x5", /* several blocks of channels, which all samples share */
    "bn:3x600x5:pass=bwd",
    "bn:3x600x5:pass=inf_bwd",
    "in:3x600x5",
    "in:3x600x5:pass=bwd",
    "bn:300x70",
    "bn:300x70:pass=bwd",
    "gn:200x70:g=14",
    "ln:300x70:pass=bwd",
    "unit:300x70",
    "unit:300x70:epilogue=relu",
};

/* Checks all outputs but the style loss, which no step computes. */
static void same_in_stages(const char *text, const char *layout) {
    struct bundle *before = bundle_in(text, layout), *whole = bundle_copy(before, 0);
    cr_assert(bundle_execute(whole, &(struct norma_options){.threads = 1}) == NORMA_STATUS_OK);
    for (int threads = 1; threads <= 3; threads++) {
        struct bundle *parts = bundle_copy(before, 0);
        execute_in_stages(parts, threads);
        const char *different = bundle_difference(parts, whole, REFERENCE_TENSOR_style_loss);
        cr_assert(!different, "%s, %s, %d threads: %s", text, layout, threads, different);
        bundle_free(parts);
    }
    bundle_free(before);
    bundle_free(whole);
}

Test(staged, is_execution_to_the_bit) {
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        for (int k = 0; k < 2; k++) {
            same_in_stages(problems[i], layouts[k]);
        }
    }
}

static void same_with_large_rows(const char *text, float size) {
    struct bundle *whole = bundle_make(text, 0);
    float *x = whole->data[REFERENCE_TENSOR_x], *r = whole->data[REFERENCE_TENSOR_inverse_std];
    for (int64_t k = 0; k < whole->tensors[REFERENCE_TENSOR_x].count; k++) {
        x[k] *= size;
    }
    for (int64_t n = 0; n < whole->problem.n; n++) {
        r[n] /= size;
    }
    struct bundle *parts = bundle_copy(whole, 0);
    cr_assert(bundle_execute(whole, NULL) == NORMA_STATUS_OK);
    execute_in_stages(parts, 1);
    const char *different = bundle_difference(parts, whole, REFERENCE_TENSOR_style_loss);
    cr_assert(!different, "%s, %g: %s", text, (double)size, different);
    bundle_free(parts);
    bundle_free(whole);
}

/* Deviations of 1e13 and 1e27 are far from 1, but no coefficient leaves the range of float, nor do
 * the three floats of unit's inverse norm lose a digit. */
Test(staged, rows_of_large_values_are_execution_to_the_bit) {
    static const char *const texts[] = {"ln:4x37", "rms:4x37", "unit:40x37", "ln:4x37:pass=bwd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        same_with_large_rows(texts[i], 1e13f);
        same_with_large_rows(texts[i], 1e27f);
    }
}

/* ---- running statistics ------------------------------------------------------------------- */

static void execute_at_once(const struct bundle *bundle, int threads) {
    cr_assert(bundle_execute(bundle, &(struct norma_options){.threads = threads}) ==
              NORMA_STATUS_OK);
}

static void (*const ways[])(const struct bundle *bundle, int threads) = {execute_at_once,
                                                                         execute_in_stages};

static const char *const updating[] = {"bn:4x1:momentum=%d", "bn:4x3x5:momentum=%d",
                                       "bin:4x3x5:momentum=%d", "unit:4x3x5:form=layer,momentum=%d",
                                       "bn:4x70x40:momentum=%d"};
enum { UPDATING = sizeof updating / sizeof *updating };

/* Gets a bundle whose momentum is 0 or 1, and a way to execute it. */
typedef void momentum_check(struct bundle *bundle,
                            void way(const struct bundle *bundle, int threads));

static void for_each_update(int momentum, momentum_check *check) {
    for (int i = 0; i < 2 * 2 * UPDATING; i++) {
        char text[64];
        snprintf(text, sizeof text, updating[i / 4], momentum);
        struct bundle *bundle = bundle_in(text, layouts[i / 2 % 2]);
        check(bundle, ways[i % 2]);
        bundle_free(bundle);
    }
}

static void fill_running(struct bundle *bundle, float value) {
    for (int64_t c = 0; c < bundle->problem.c; c++) {
        ((float *)bundle->data[REFERENCE_TENSOR_running_mean])[c] = value;
        ((float *)bundle->data[REFERENCE_TENSOR_running_variance])[c] = value;
    }
}

static void takes_the_batch_alone(struct bundle *bundle,
                                  void way(const struct bundle *bundle, int threads)) {
    struct bundle *other = bundle_copy(bundle, 0);
    fill_running(bundle, NAN);
    fill_running(other, -0.0f);
    way(bundle, 2);
    way(other, 1);
    const char *different = bundle_difference(bundle, other, REFERENCE_TENSOR_COUNT);
    cr_assert(!different, "%s depends on the old running statistics", different);
    cr_assert(memcmp(bundle->data[REFERENCE_TENSOR_running_mean],
                     bundle->data[REFERENCE_TENSOR_mean],
                     reference_tensor_bytes(&bundle->tensors[REFERENCE_TENSOR_mean])) == 0);
    bundle_free(other);
}

Test(running, statistics_do_not_depend_on_old_ones_with_momentum_1) {
    for_each_update(1, takes_the_batch_alone);
}

Test(running, statistics_of_a_first_step_by_hand) {
    for (int i = 0; i < 2; i++) {
        struct bundle *bundle = bundle_make("bn:4x1:momentum=1", 0);
        fill_running(bundle, NAN);
        memcpy(bundle->data[REFERENCE_TENSOR_x], (const float[]){1, 2, 3, 4}, 4 * sizeof(float));
        ways[i](bundle, 1);
        cr_assert(*(float *)bundle->data[REFERENCE_TENSOR_running_mean] == 2.5f);
        cr_assert(*(float *)bundle->data[REFERENCE_TENSOR_running_variance] == (float)(5.0 / 3.0));
        bundle_free(bundle);
    }
}

/* The batch's statistics are NaN. */
static void keeps_its_bits(struct bundle *bundle,
                           void way(const struct bundle *bundle, int threads)) {
    const float kept[] = {-0.0f, NAN, 3.0f};
    for (int i = 0; i < 3; i++) {
        fill_running(bundle, kept[i]);
        struct bundle *before = bundle_copy(bundle, 0);
        for (int64_t k = 0; k < bundle->tensors[REFERENCE_TENSOR_x].count; k++) {
            ((float *)bundle->data[REFERENCE_TENSOR_x])[k] = INFINITY;
        }
        way(bundle, 2);
        for (int id = REFERENCE_TENSOR_running_mean; id <= REFERENCE_TENSOR_running_variance;
             id++) {
            cr_assert(memcmp(bundle->data[id], before->data[id],
                             reference_tensor_bytes(&bundle->tensors[id])) == 0,
                      "%s was %g", bundle->tensors[id].name, (double)kept[i]);
        }
        bundle_free(before);
    }
}

Test(running, statistics_keep_their_bits_with_momentum_0) {
    for_each_update(0, keeps_its_bits);
}

/* ---- two processes ------------------------------------------------------------------------ */

/* A batch of four samples, whole and as two halves for two processes. */
struct halves {
    struct bundle *whole, *parts;
    struct norma_plan *plan; /* for a half */
    struct norma_args args[2];
};

static struct halves halve(const char *text, const char *layout) {
    struct halves halves = {.whole = bundle_in(text, layout), .parts = bundle_in(text, layout)};
    struct norma_problem problem = halves.whole->problem;
    const int64_t half = reference_elements(&problem) / 2;
    problem.n /= 2;
    halves.plan = plan_of(&problem, 1);
    cr_assert(bundle_execute(halves.whole, NULL) == NORMA_STATUS_OK);
    cr_assert(norma_stage_sets(halves.plan) == problem.c);
    for (int i = 0; i < 2; i++) {
        struct norma_args args = arguments(halves.parts, halves.plan);
        args.x = (const float *)args.x + i * half;
        args.dy = (const float *)args.dy + i * half;
        args.y = (float *)args.y + i * half;
        args.dx = (float *)args.dx + i * half;
        halves.args[i] = args;
    }
    return halves;
}

static void free_halves(const struct halves *halves) {
    free(halves->args[0].workspace);
    free(halves->args[1].workspace);
    norma_plan_destroy(halves->plan);
    bundle_free(halves->whole);
    bundle_free(halves->parts);
}

static void expect_near(const struct halves *halves, int id) {
    const float *got = halves->parts->data[id], *expected = halves->whole->data[id];
    for (int64_t i = 0; i < halves->whole->tensors[id].count; i++) {
        cr_assert(fabsf(got[i] - expected[i]) <= 1e-6f * (1.0f + fabsf(expected[i])),
                  "%s[%lld]: %g, should be %g", halves->whole->tensors[id].name, (long long)i,
                  (double)got[i], (double)expected[i]);
    }
}

static void forward_over_halves(const char *layout) {
    struct norma_partial_moments moments[2][5];
    float coefficients[2][3][5];
    struct halves halves = halve("bn:4x5x37", layout);
    for (int i = 0; i < 2; i++) {
        cr_assert(norma_stage_moments(halves.plan, &halves.args[i], moments[i]) == NORMA_STATUS_OK);
    }
    cr_assert(norma_stage_merge(moments[0], moments[1], 5) == NORMA_STATUS_OK);
    halves.args[1].running_mean = halves.args[1].running_variance = NULL; /* updated once */
    for (int i = 0; i < 2; i++) {
        const struct norma_stage_affine affine = {coefficients[i][0], coefficients[i][1],
                                                  coefficients[i][2]};
        cr_assert(norma_stage_coefficients(halves.plan, &halves.args[i], moments[0], &affine) ==
                  NORMA_STATUS_OK);
        cr_assert(norma_stage_apply(halves.plan, &halves.args[i], &affine) == NORMA_STATUS_OK);
    }
    expect_near(&halves, REFERENCE_TENSOR_y);
    expect_near(&halves, REFERENCE_TENSOR_mean);
    expect_near(&halves, REFERENCE_TENSOR_running_mean);
    expect_near(&halves, REFERENCE_TENSOR_running_variance);
    free_halves(&halves);
}

Test(staged, batch_norm_synchronized_over_two_halves_is_that_of_the_whole) {
    forward_over_halves("ncs");
    forward_over_halves("nsc");
}

static void backward_over_halves(const char *layout) {
    struct norma_partial_sums sums[2][5];
    struct halves halves = halve("bn:4x5x37:pass=bwd", layout);
    float dgamma[5], dbeta[5]; /* the second half's */
    halves.args[1].dgamma = dgamma;
    halves.args[1].dbeta = dbeta;
    for (int i = 0; i < 2; i++) {
        cr_assert(norma_stage_sums(halves.plan, &halves.args[i], sums[i]) == NORMA_STATUS_OK);
    }
    for (int c = 0; c < 5; c++) {
        sums[0][c].count += sums[1][c].count;
        sums[0][c].dy += sums[1][c].dy;
        sums[0][c].product += sums[1][c].product;
    }
    for (int i = 0; i < 2; i++) {
        cr_assert(norma_stage_gradient(halves.plan, &halves.args[i], sums[0]) == NORMA_STATUS_OK);
    }
    for (int c = 0; c < 5; c++) {
        halves.args[0].dgamma[c] += dgamma[c];
        halves.args[0].dbeta[c] += dbeta[c];
    }
    expect_near(&halves, REFERENCE_TENSOR_dx);
    expect_near(&halves, REFERENCE_TENSOR_dgamma);
    expect_near(&halves, REFERENCE_TENSOR_dbeta);
    free_halves(&halves);
}

Test(staged, gradient_of_synchronized_batch_norm_is_that_of_the_whole) {
    backward_over_halves("ncs");
    backward_over_halves("nsc");
}

/* ---- edges -------------------------------------------------------------------------------- */

Test(staged, moments_with_nothing_merge_to_themselves) {
    struct norma_partial_moments one = {4.0, 1.0, 2.0}, nothing = {0.0, 0.0, 0.0};
    cr_assert(norma_stage_merge(&one, &nothing, 1) == NORMA_STATUS_OK);
    cr_assert(one.count == 4.0 && one.mean == 1.0 && one.m2 == 2.0);
    cr_assert(norma_stage_merge(&nothing, &one, 1) == NORMA_STATUS_OK);
    cr_assert(nothing.count == 4.0 && nothing.mean == 1.0 && nothing.m2 == 2.0);
    cr_assert(norma_stage_merge(NULL, &one, 1) == NORMA_STATUS_NULL);
}

static void expect_unsupported(const char *text) {
    struct norma_partial_moments moments[20];
    struct bundle *bundle = bundle_in(text, "nsc");
    struct norma_plan *plan = plan_of(&bundle->problem, 1);
    struct norma_args args = arguments(bundle, plan);
    cr_assert(norma_stage_moments(plan, &args, moments) == NORMA_STATUS_UNSUPPORTED, "%s", text);
    free(args.workspace);
    norma_plan_destroy(plan);
    bundle_free(bundle);
}

Test(staged, says_what_it_cannot_do) {
    expect_unsupported("adain:2x5x37");
    expect_unsupported("adain:2x5x37:style=swap");
    expect_unsupported("adain:2x5x37:style=stats,regions=2");
    expect_unsupported("unit:2x5x37:alpha=element");
}

Test(staged, refuses_what_execution_refuses) {
    struct norma_partial_moments moments[5];
    struct norma_partial_sums sums[5];
    struct bundle *bundle = bundle_make("bn:4x5x37", 0);
    struct norma_plan *plan = plan_of(&bundle->problem, 1);
    const struct norma_args args = reference_tensors_bind((void *const *)bundle->data);
    cr_assert(norma_stage_moments(plan, &args, moments) == NORMA_STATUS_NULL, "no workspace");
    cr_assert(norma_stage_moments(plan, &args, NULL) == NORMA_STATUS_NULL);
    cr_assert(norma_stage_sums(plan, &args, sums) == NORMA_STATUS_UNSUPPORTED, "it is forward");
    norma_plan_destroy(plan);
    bundle_free(bundle);
}

/* ---- sizes -------------------------------------------------------------------------------- */

static void expect_entries(const char *text, int64_t entries) {
    struct norma_problem problem;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK, "%s", text);
    struct norma_plan *plan = plan_of(&problem, 1);
    cr_expect(norma_stage_affine_entries(plan) == entries, "%s has %lld entries", text,
              (long long)norma_stage_affine_entries(plan));
    norma_plan_destroy(plan);
}

/* Those that every sample shares, those of each plane, and those of each row. */
Test(staged, coefficients_are_as_many_as_differ) {
    expect_entries("bn:4x5x37", 5);
    expect_entries("bn:4x5x37:layout=nsc", 5);
    expect_entries("bn:4x5:pass=inf", 5);
    expect_entries("in:4x5x37", 20);
    expect_entries("bin:4x5x37:layout=nsc", 20);
    expect_entries("ln:4x5x37", 20);
    expect_entries("ln:4x5", 4);
    expect_entries("rms:4x5:layout=nsc", 4);
    expect_entries("gn:4x6:g=1", 4);
    expect_entries("gn:4x6:g=2", 24);
    expect_entries("unit:4x5", 4);
    expect_entries("unit:4x5:form=vector", 20);
    cr_expect(norma_stage_affine_entries(NULL) == 0);
}

/* Staged execution: without anything in between it is execution to the bit, and statistics merged
 * over two halves of a batch are those of the whole.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <norma.h>

enum { MOST = 1 << 16, SETS = 4096 };

static float x[MOST], dy[MOST], style_mean[SETS], style_std[SETS];
static float gamma_[SETS], beta[SETS], rho[SETS], alpha[SETS];
static const int32_t style_index[] = {1, 0, 1, 0, 1, 0, 1, 0};

/* Everything that an execution writes, so that two of them can be compared as memory. */
struct results {
    float y[MOST], dx[MOST], dresidual[MOST];
    float mean[SETS], inverse_std[SETS], instance_mean[SETS], instance_inverse_std[SETS];
    float running_mean[SETS], running_variance[SETS];
    float dgamma[SETS], dbeta[SETS], drho[SETS], dalpha[SETS];
    float dstyle_mean[SETS], dstyle_std[SETS];
};

static struct results whole, parts;

static void fill(float *values, size_t count, uint32_t seed, float low, float high) {
    uint32_t state = seed;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = low + (high - low) * ((float)(state >> 8) * 0x1p-24f);
    }
}

static void setup(void) {
    fill(x, MOST, 1, -1.0f, 3.0f);
    fill(dy, MOST, 2, -1.0f, 1.0f);
    fill(style_mean, SETS, 3, -1.0f, 1.0f);
    fill(style_std, SETS, 4, 0.5f, 2.0f);
    fill(gamma_, SETS, 5, 0.0f, 2.0f);
    fill(beta, SETS, 6, -1.0f, 1.0f);
    fill(rho, SETS, 7, 0.0f, 1.0f);
    fill(alpha, SETS, 8, 0.0f, 1.0f);
}

/* Backward, the statistics are inputs: plausible ones. */
static struct norma_args arguments(struct results *results) {
    memset(results, 0, sizeof *results);
    fill(results->mean, SETS, 9, 0.5f, 1.5f);
    fill(results->inverse_std, SETS, 10, 0.5f, 2.0f);
    fill(results->instance_mean, SETS, 11, 0.5f, 1.5f);
    fill(results->instance_inverse_std, SETS, 12, 0.5f, 2.0f);
    fill(results->running_mean, SETS, 13, 0.5f, 1.5f);
    fill(results->running_variance, SETS, 14, 0.5f, 2.0f);
    fill(results->y, MOST, 15, -1.0f, 1.0f);
    return (struct norma_args){
        .x = x,
        .y = results->y,
        .residual = dy,
        .gamma = gamma_,
        .beta = beta,
        .rho = rho,
        .alpha = alpha,
        .style_index = style_index,
        .style_mean = style_mean,
        .style_std = style_std,
        .running_mean = results->running_mean,
        .running_variance = results->running_variance,
        .mean = results->mean,
        .inverse_std = results->inverse_std,
        .instance_mean = results->instance_mean,
        .instance_inverse_std = results->instance_inverse_std,
        .dy = dy,
        .dx = results->dx,
        .dresidual = results->dresidual,
        .dgamma = results->dgamma,
        .dbeta = results->dbeta,
        .drho = results->drho,
        .dalpha = results->dalpha,
        .dstyle_mean = results->dstyle_mean,
        .dstyle_std = results->dstyle_std,
    };
}

static struct norma_plan *plan_of(const char *text, norma_layout layout, int threads) {
    struct norma_problem problem;
    struct norma_plan *plan = NULL;
    cr_assert(norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK, "%s", text);
    problem.layout = layout;
    cr_assert(norma_plan_create(&plan, &problem, &(struct norma_options){.threads = threads}) ==
              NORMA_STATUS_OK);
    return plan;
}

static void execute(const char *text, norma_layout layout, struct norma_args args) {
    struct norma_plan *plan = plan_of(text, layout, 1);
    args.workspace = malloc(norma_plan_workspace(plan) + 1);
    cr_assert(norma_execute(plan, &args) == NORMA_STATUS_OK, "%s", text);
    free(args.workspace);
    norma_plan_destroy(plan);
}

static void execute_in_stages(const char *text, norma_layout layout, int threads,
                              struct norma_args args) {
    static struct norma_partial_moments moments[2 * SETS];
    static struct norma_partial_sums sums[2 * SETS];
    static float centre[MOST], scale[MOST], shift[MOST];
    const struct norma_stage_affine affine = {centre, scale, shift};
    struct norma_plan *plan = plan_of(text, layout, threads);
    args.workspace = malloc(norma_stage_workspace(plan) + 1);
    cr_assert(norma_stage_sets(plan) <= 2 * SETS);
    if (strstr(text, "bwd")) {
        cr_assert(norma_stage_sums(plan, &args, sums) == NORMA_STATUS_OK, "%s", text);
        cr_assert(norma_stage_gradient(plan, &args, sums) == NORMA_STATUS_OK, "%s", text);
    } else {
        cr_assert(norma_stage_moments(plan, &args, moments) == NORMA_STATUS_OK, "%s", text);
        cr_assert(norma_stage_coefficients(plan, &args, moments, &affine) == NORMA_STATUS_OK, "%s",
                  text);
        cr_assert(norma_stage_apply(plan, &args, &affine) == NORMA_STATUS_OK, "%s", text);
    }
    free(args.workspace);
    norma_plan_destroy(plan);
}

TestSuite(staged, .init = setup);

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
    "bn:300x70",
    "bn:300x70:pass=bwd",
    "gn:200x70:g=14",
    "ln:300x70:pass=bwd",
};

static void same_in_stages(const char *text, norma_layout layout) {
    execute(text, layout, arguments(&whole));
    for (int threads = 1; threads <= 3; threads++) {
        execute_in_stages(text, layout, threads, arguments(&parts));
        cr_assert(memcmp(&whole, &parts, sizeof whole) == 0, "%s, layout %d, %d threads", text,
                  (int)layout, threads);
    }
}

Test(staged, is_execution_to_the_bit) {
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        same_in_stages(problems[i], NORMA_LAYOUT_NCS);
        same_in_stages(problems[i], NORMA_LAYOUT_NSC);
    }
}

static void expect_near(const float *got, const float *expected, size_t count, const char *what) {
    for (size_t i = 0; i < count; i++) {
        cr_assert(fabsf(got[i] - expected[i]) <= 1e-6f * (1.0f + fabsf(expected[i])),
                  "%s[%zu]: %g, should be %g", what, i, (double)got[i], (double)expected[i]);
    }
}

/* Samples [first, first + 2) of four, as a process of its own. */
static struct norma_args half_of(const struct norma_args *args, size_t first) {
    const size_t offset = first * 5 * 37;
    struct norma_args half = *args;
    half.x = x + offset;
    half.y = (float *)args->y + offset;
    half.dy = dy + offset;
    half.dx = (float *)args->dx + offset;
    half.residual = dy + offset;
    return half;
}

static void forward_over_halves(norma_layout layout) {
    struct norma_partial_moments moments[2][5];
    float centre[2][10], scale[2][10], shift[2][10];
    execute("bn:4x5x37", layout, arguments(&whole));
    const struct norma_args args = arguments(&parts);
    struct norma_plan *plan = plan_of("bn:2x5x37", layout, 1);
    cr_assert(norma_stage_sets(plan) == 5);
    struct norma_args halves[2] = {half_of(&args, 0), half_of(&args, 2)};
    for (int i = 0; i < 2; i++) {
        halves[i].workspace = malloc(norma_stage_workspace(plan));
        cr_assert(norma_stage_moments(plan, &halves[i], moments[i]) == NORMA_STATUS_OK);
    }
    cr_assert(norma_stage_merge(moments[0], moments[1], 5) == NORMA_STATUS_OK);
    halves[1].running_mean = halves[1].running_variance = NULL; /* once is enough */
    for (int i = 0; i < 2; i++) {
        const struct norma_stage_affine affine = {centre[i], scale[i], shift[i]};
        cr_assert(norma_stage_coefficients(plan, &halves[i], moments[0], &affine) ==
                  NORMA_STATUS_OK);
        cr_assert(norma_stage_apply(plan, &halves[i], &affine) == NORMA_STATUS_OK);
        free(halves[i].workspace);
    }
    norma_plan_destroy(plan);
    expect_near(parts.y, whole.y, 4 * 5 * 37, "y");
    expect_near(parts.mean, whole.mean, 5, "mean");
    expect_near(parts.running_mean, whole.running_mean, 5, "running_mean");
    expect_near(parts.running_variance, whole.running_variance, 5, "running_variance");
}

Test(staged, batch_norm_synchronized_over_two_halves_is_that_of_the_whole) {
    forward_over_halves(NORMA_LAYOUT_NCS);
    forward_over_halves(NORMA_LAYOUT_NSC);
}

static void backward_over_halves(norma_layout layout) {
    struct norma_partial_sums sums[2][5];
    execute("bn:4x5x37:pass=bwd", layout, arguments(&whole));
    const struct norma_args args = arguments(&parts);
    struct norma_plan *plan = plan_of("bn:2x5x37:pass=bwd", layout, 1);
    struct norma_args halves[2] = {half_of(&args, 0), half_of(&args, 2)};
    float dgamma[2][5], dbeta[2][5];
    for (int i = 0; i < 2; i++) {
        halves[i].workspace = malloc(norma_stage_workspace(plan));
        halves[i].dgamma = dgamma[i];
        halves[i].dbeta = dbeta[i];
        cr_assert(norma_stage_sums(plan, &halves[i], sums[i]) == NORMA_STATUS_OK);
    }
    for (int c = 0; c < 5; c++) {
        sums[0][c].count += sums[1][c].count;
        sums[0][c].dy += sums[1][c].dy;
        sums[0][c].product += sums[1][c].product;
    }
    for (int i = 0; i < 2; i++) {
        cr_assert(norma_stage_gradient(plan, &halves[i], sums[0]) == NORMA_STATUS_OK);
        free(halves[i].workspace);
    }
    norma_plan_destroy(plan);
    expect_near(parts.dx, whole.dx, 4 * 5 * 37, "dx");
    for (int c = 0; c < 5; c++) {
        dgamma[0][c] += dgamma[1][c];
        dbeta[0][c] += dbeta[1][c];
    }
    expect_near(dgamma[0], whole.dgamma, 5, "dgamma");
    expect_near(dbeta[0], whole.dbeta, 5, "dbeta");
}

Test(staged, gradient_of_synchronized_batch_norm_is_that_of_the_whole) {
    backward_over_halves(NORMA_LAYOUT_NCS);
    backward_over_halves(NORMA_LAYOUT_NSC);
}

Test(staged, moments_with_nothing_merge_to_themselves) {
    struct norma_partial_moments one = {4.0, 1.0, 2.0}, nothing = {0.0, 0.0, 0.0};
    cr_assert(norma_stage_merge(&one, &nothing, 1) == NORMA_STATUS_OK);
    cr_assert(one.count == 4.0 && one.mean == 1.0 && one.m2 == 2.0);
    cr_assert(norma_stage_merge(&nothing, &one, 1) == NORMA_STATUS_OK);
    cr_assert(nothing.count == 4.0 && nothing.mean == 1.0 && nothing.m2 == 2.0);
    cr_assert(norma_stage_merge(NULL, &one, 1) == NORMA_STATUS_NULL);
}

Test(staged, says_what_it_cannot_do) {
    static const char *const unsupported[] = {"adain:2x5x37", "adain:2x5x37:style=swap",
                                              "adain:2x5x37:style=stats,regions=2",
                                              "unit:2x5x37:alpha=element"};
    static struct norma_partial_moments moments[SETS];
    for (size_t i = 0; i < sizeof unsupported / sizeof *unsupported; i++) {
        struct norma_plan *plan = plan_of(unsupported[i], NORMA_LAYOUT_NSC, 1);
        struct norma_args args = arguments(&parts);
        cr_assert(norma_stage_moments(plan, &args, moments) == NORMA_STATUS_UNSUPPORTED, "%s",
                  unsupported[i]);
        norma_plan_destroy(plan);
    }
    struct norma_plan *plan = plan_of("bn:4x5x37", NORMA_LAYOUT_NCS, 1);
    struct norma_args args = arguments(&parts);
    cr_assert(norma_stage_moments(plan, &args, moments) == NORMA_STATUS_NULL, "no workspace");
    cr_assert(norma_stage_moments(plan, &args, NULL) == NORMA_STATUS_NULL);
    cr_assert(norma_stage_sums(plan, &args, (struct norma_partial_sums[5]){{0}}) ==
              NORMA_STATUS_UNSUPPORTED);
    norma_plan_destroy(plan);
}

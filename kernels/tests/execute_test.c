/* Plans and execution: errors, empty tensors, threads, and the identities between operators.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "norma.h"

enum { MOST = 1 << 20 };

static float x[MOST], y[MOST], z[MOST], style[MOST], parameters[8][4096];

static void fill(float *values, size_t count) {
    uint32_t state = 99;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = (float)(state >> 8) * 0x1p-23f - 0.7f;
    }
}

static void setup(void) {
    fill(x, MOST);
    fill(style, MOST);
    for (int i = 0; i < 8; i++) {
        fill(parameters[i], 4096 - (size_t)i);
    }
}

static struct norma_problem parse(const char *text) {
    struct norma_problem problem;
    struct norma_parse_error error;
    cr_assert(norma_problem_parse(text, &problem, &error) == NORMA_OK, "%s: %s", text,
              error.message);
    return problem;
}

static norma_status execute(const char *text, int threads, struct norma_args args) {
    const struct norma_problem problem = parse(text);
    struct norma_plan *plan;
    const norma_status status =
        norma_plan_create(&plan, &problem, &(struct norma_options){.threads = threads});
    cr_assert(status == NORMA_OK, "%s: %s", text, norma_strerror(status));
    args.workspace = malloc(norma_plan_workspace(plan) + 1);
    const norma_status result = norma_execute(plan, &args);
    free(args.workspace);
    norma_plan_destroy(plan);
    return result;
}

static struct norma_args arguments(float *out) {
    return (struct norma_args){
        .x = x,
        .y = out,
        .gamma = parameters[0],
        .beta = parameters[1],
        .rho = parameters[2],
        .alpha = parameters[3],
        .style = style,
        .style_mean = parameters[4],
        .style_std = parameters[5],
        .running_mean = parameters[6],
        .running_variance = parameters[7],
    };
}

static size_t elements(const char *text) {
    const struct norma_problem problem = parse(text);
    return (size_t)(problem.n * problem.c * norma_problem_spatial(&problem));
}

/* Both problems give the same bits. */
static void identical(const char *a, const char *b) {
    cr_assert(execute(a, 1, arguments(y)) == NORMA_OK);
    cr_assert(execute(b, 1, arguments(z)) == NORMA_OK);
    cr_assert(memcmp(y, z, elements(a) * sizeof(float)) == 0, "%s is not %s", a, b);
}

TestSuite(identities, .init = setup);

Test(identities, group_norm_with_a_group_per_channel_is_instance_norm) {
    identical("gn:3x10x7x9:g=10", "in:3x10x7x9");
    identical("gn:1x2x5000:g=2", "in:1x2x5000");
}

Test(identities, batch_norm_of_one_sample_is_instance_norm) {
    identical("bn:1x10x7x9", "in:1x10x7x9");
}

Test(identities, bin_with_closed_gate_is_instance_norm_and_open_batch_norm) {
    identical("bin:4x5x6x7:rho=0", "in:4x5x6x7");
    identical("bin:4x5x6x7:rho=1", "bn:4x5x6x7");
}

Test(identities, alpha_zero_leaves_every_bit_of_x) {
    const char *const problems[] = {"adain:3x5x77:alpha=0", "adain:3x5x77:alpha=0,style=stats",
                                    "unit:3x5x77:alpha=0"};
    x[3] = -0.0f;
    x[4] = 1e-42f;
    for (int i = 0; i < 3; i++) {
        cr_assert(execute(problems[i], 1, arguments(y)) == NORMA_OK);
        cr_assert(memcmp(x, y, elements(problems[i]) * sizeof(float)) == 0, "%s", problems[i]);
    }
}

Test(identities, samples_do_not_see_each_other) {
    const char *const pairs[][2] = {{"in:4x6x50", "in:1x6x50"},
                                    {"gn:4x6x50:g=3", "gn:1x6x50:g=3"},
                                    {"unit:4x6x50", "unit:1x6x50"},
                                    {"adain:4x6x50", "adain:1x6x50"}};
    for (size_t i = 0; i < 4; i++) {
        cr_assert(execute(pairs[i][0], 2, arguments(y)) == NORMA_OK);
        cr_assert(execute(pairs[i][1], 1, arguments(z)) == NORMA_OK);
        cr_assert(memcmp(y, z, 300 * sizeof(float)) == 0, "%s", pairs[i][0]);
    }
}

Test(identities, one_sample_may_have_zero_variance) {
    cr_assert(execute("in:2x3x1", 1, arguments(y)) == NORMA_OK);
    for (int i = 0; i < 6; i++) {
        cr_assert(y[i] == parameters[1][i % 3], "S = 1: y is beta");
    }
}

/* Tiled and phased, many tiles and few, chunks within a run. */
static const char *const threaded[] = {
    "bn:4x33x40x40",           "bn:1x1x300x301",    "bn:8x512x7x7",
    "bn:2x3x200x100:pass=inf", "in:4x33x40x40",     "in:1x1x300x301",
    "bin:4x33x40x40",          "bin:4x1x100x100",   "gn:2x32x40x40:g=1",
    "gn:1x32x56x56:g=8",       "unit:1x64x56x56",   "unit:1x64x56x56:alpha=element",
    "adain:2x33x40x40",        "adain:1x1x300x301", "adain:1x1x90000:style=4097",
};

Test(threads, do_not_change_a_bit, .init = setup) {
    static float alpha[1 << 20];
    fill(alpha, 1 << 20);
    for (size_t i = 0; i < sizeof threaded / sizeof *threaded; i++) {
        float mean[2][8192], inverse_std[2][8192], running[2][4096];
        for (int threads = 1; threads <= 5; threads++) {
            const int k = threads > 1;
            struct norma_args args = arguments(k ? z : y);
            args.alpha = alpha;
            args.mean = mean[k];
            args.inverse_std = inverse_std[k];
            memcpy(running[k], parameters[6], sizeof running[k]);
            args.running_mean = running[k];
            memset(mean[k], 0, sizeof mean[k]);
            memset(inverse_std[k], 0, sizeof inverse_std[k]);
            cr_assert(execute(threaded[i], threads, args) == NORMA_OK);
            cr_assert(memcmp(y, k ? z : y, elements(threaded[i]) * sizeof(float)) == 0,
                      "%s, %d threads", threaded[i], threads);
            cr_assert(memcmp(mean[0], mean[k], sizeof mean[0]) == 0);
            cr_assert(memcmp(inverse_std[0], inverse_std[k], sizeof inverse_std[0]) == 0);
            cr_assert(memcmp(running[0], running[k], sizeof running[0]) == 0);
        }
    }
}

struct shared {
    const struct norma_plan *plan;
    const float *expected;
    bool same;
};

static void *execute_shared(void *opaque) {
    struct shared *shared = opaque;
    const size_t bytes = (size_t)4 * 33 * 40 * 40 * sizeof(float);
    float *out = malloc(bytes);
    struct norma_args args = arguments(out);
    args.running_mean = args.running_variance = NULL;
    args.workspace = malloc(norma_plan_workspace(shared->plan));
    shared->same = true;
    for (int i = 0; i < 20; i++) {
        shared->same = shared->same && norma_execute(shared->plan, &args) == NORMA_OK &&
                       memcmp(out, shared->expected, bytes) == 0;
    }
    free(args.workspace);
    free(out);
    return NULL;
}

Test(threads, may_share_a_plan, .init = setup) {
    const struct norma_problem problem = parse("bn:4x33x40x40");
    struct norma_plan *plan;
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_OK);
    struct norma_args args = arguments(y);
    args.running_mean = args.running_variance = NULL;
    cr_assert(execute("bn:4x33x40x40", 1, args) == NORMA_OK);
    pthread_t threads[4];
    struct shared shared[4];
    for (int i = 0; i < 4; i++) {
        shared[i] = (struct shared){plan, y, false};
        cr_assert(pthread_create(&threads[i], NULL, execute_shared, &shared[i]) == 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        cr_assert(shared[i].same);
    }
    norma_plan_destroy(plan);
}

TestSuite(errors, .init = setup);

Test(errors, null_pointers) {
    const struct norma_problem problem = parse("in:2x3x4");
    struct norma_plan *plan;
    cr_assert(norma_plan_create(NULL, &problem, NULL) == NORMA_NULL);
    cr_assert(norma_plan_create(&plan, NULL, NULL) == NORMA_NULL);
    cr_assert(norma_execute(NULL, &(struct norma_args){0}) == NORMA_NULL);
    norma_plan_destroy(NULL);
#define REQUIRED(text, field)                                                                      \
    do {                                                                                           \
        struct norma_args args = arguments(y);                                                     \
        args.field = NULL;                                                                         \
        cr_assert(execute(text, 1, args) == NORMA_NULL, "%s without " #field, text);               \
    } while (0)
    REQUIRED("in:2x3x4", x);
    REQUIRED("in:2x3x4", y);
    REQUIRED("bin:2x3x4", rho);
    REQUIRED("unit:2x3x4", alpha);
    REQUIRED("adain:2x3x4", style);
    REQUIRED("adain:2x3x4:style=stats", style_mean);
    REQUIRED("adain:2x3x4:style=stats", style_std);
    REQUIRED("bn:2x3x4:pass=inf", running_mean);
    REQUIRED("bin:2x3x4:pass=inf", running_variance);
}

Test(errors, a_missing_workspace) {
    const struct norma_problem problem = parse("in:2x3x4");
    struct norma_plan *plan;
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_OK);
    cr_assert(norma_plan_workspace(plan) > 0);
    const struct norma_args args = arguments(y);
    cr_assert(norma_execute(plan, &args) == NORMA_NULL);
    norma_plan_destroy(plan);
}

Test(errors, what_is_not_used_may_be_null) {
    const struct norma_args args = {.x = x, .y = y};
    cr_assert(execute("bn:2x3x4", 1, args) == NORMA_OK);
    cr_assert(execute("bin:2x3x4:rho=0.5", 1, args) == NORMA_OK);
    cr_assert(execute("unit:2x3x4:alpha=1", 1, args) == NORMA_OK);
}

Test(errors, overlap) {
    struct norma_args args = arguments(x + 1);
    cr_assert(execute("in:2x3x4", 1, args) == NORMA_OVERLAP, "y is x, shifted");
    args = arguments(x);
    cr_assert(execute("in:2x3x4", 1, args) == NORMA_OK, "in place");
    args = arguments(y);
    args.gamma = y + 23;
    cr_assert(execute("in:2x3x4", 1, args) == NORMA_OVERLAP, "gamma in y's last element");
    args.gamma = y + 24;
    cr_assert(execute("in:2x3x4", 1, args) == NORMA_OK, "gamma right behind y");
    args = arguments(style);
    cr_assert(execute("adain:2x3x4", 1, args) == NORMA_OVERLAP, "y is the style");
    args = arguments(y);
    args.mean = args.inverse_std = z;
    cr_assert(execute("in:2x3x4", 1, args) == NORMA_OVERLAP, "two outputs at one place");
}

Test(errors, empty_tensors) {
    const struct norma_args none = {0};
    cr_assert(execute("bn:0x3x4", 1, none) == NORMA_OK);
    cr_assert(execute("gn:2x0x4", 1, none) == NORMA_OK);
    cr_assert(execute("unit:2x3x0", 1, none) == NORMA_OK);
    struct norma_args args = {.mean = z};
    cr_assert(execute("bn:0x3x4", 1, args) == NORMA_EMPTY, "a mean of nothing");
    cr_assert(execute("in:0x3x4", 1, args) == NORMA_OK, "no means at all");
    args = (struct norma_args){.running_mean = z};
    cr_assert(execute("bn:2x3x0", 1, args) == NORMA_EMPTY);
}

Test(errors, invalid_problems_and_sets) {
    struct norma_problem problem = parse("gn:2x6x4:g=3");
    struct norma_plan *plan;
    problem.groups = 4;
    cr_assert(norma_plan_create(&plan, &problem, NULL) == NORMA_INVALID);
    problem.groups = 3;
    cr_assert(norma_plan_create(&plan, &problem, &(struct norma_options){.sets = "sse9"}) ==
              NORMA_UNKNOWN_SET);
}

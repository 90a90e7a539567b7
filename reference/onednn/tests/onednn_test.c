/* Every oneDNN implementation against the definitions, written here once more, in double precision
 * and without a thought for speed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "implementation.h"

/* Relative to the largest expected value, for sums in single precision, in any order: oneDNN's
 * plain batch normalization adds one by one. A wrong count, a dropped tail or a forgotten epsilon
 * is far beyond it. */
static double tolerance(int64_t summands) {
    return 1e-4 * (1 + (double)summands / 1e5);
}

/* ---- tensors ------------------------------------------------------------------------------ */

enum {
    X,
    Y,
    GAMMA,
    BETA,
    RHO,
    ALPHA,
    STYLE,
    STYLE_MEAN,
    STYLE_STD,
    RUNNING_MEAN,
    RUNNING_VARIANCE,
    MEAN,
    INVERSE_STD,
    INSTANCE_MEAN,
    INSTANCE_INVERSE_STD,
    TENSORS
};

static const char *const names[TENSORS] = {"x",
                                           "y",
                                           "gamma",
                                           "beta",
                                           "rho",
                                           "alpha",
                                           "style",
                                           "style_mean",
                                           "style_std",
                                           "running_mean",
                                           "running_variance",
                                           "mean",
                                           "inverse_std",
                                           "instance_mean",
                                           "instance_inverse_std"};

struct tensor {
    int64_t count;
    float *data;
    double *expected;
};

struct fixture {
    struct norma_problem problem;
    const char *text;
    int64_t n, c, s, style_s;
    struct tensor tensors[TENSORS];
};

static double noise(uint64_t *state) {
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* Every run has a mean and a spread of its own. */
static void fill_runs(struct tensor *tensor, int64_t s, uint64_t *seed) {
    double mean = 0, spread = 1;
    for (int64_t i = 0; i < tensor->count; i++) {
        if (i % s == 0) {
            mean = 6 * noise(seed) - 3;
            spread = 0.5 + 2 * noise(seed);
        }
        tensor->data[i] = (float)(mean + spread * (noise(seed) + noise(seed) - 1));
    }
}

static void fill(struct tensor *tensor, double low, double high, uint64_t *seed) {
    for (int64_t i = 0; i < tensor->count; i++) {
        tensor->data[i] = (float)(low + (high - low) * noise(seed));
    }
}

static void fill_tensors(struct fixture *f, uint64_t seed) {
    struct tensor *t = f->tensors;
    fill_runs(&t[X], f->s, &seed);
    fill_runs(&t[STYLE], f->style_s ? f->style_s : 1, &seed);
    fill(&t[GAMMA], -2, 2, &seed);
    fill(&t[BETA], -2, 2, &seed);
    fill(&t[RHO], 0, 1, &seed);
    fill(&t[ALPHA], 0, 1, &seed);
    fill(&t[STYLE_MEAN], -2, 2, &seed);
    fill(&t[STYLE_STD], 0.5, 2, &seed);
    fill(&t[RUNNING_MEAN], -2, 2, &seed);
    fill(&t[RUNNING_VARIANCE], 0.5, 2, &seed);
}

static struct fixture setup(const char *text) {
    struct fixture f = {.text = text};
    struct norma_parse_error error;
    cr_assert_eq(norma_problem_parse(text, &f.problem, &error), NORMA_OK, "%s: %s", text,
                 error.message);
    f.n = f.problem.n;
    f.c = f.problem.c;
    f.s = norma_problem_spatial(&f.problem);
    f.style_s = norma_problem_style_spatial(&f.problem);
    const int64_t tensor = f.n * f.c * f.s, runs = f.n * f.c;
    const int64_t statistics = norma_problem_statistics(&f.problem);
    const bool element = f.problem.alpha_kind == NORMA_ALPHA_ELEMENT;
    const int64_t counts[TENSORS] = {
        tensor,           tensor, f.c,  f.c, f.c, f.c * (element ? f.s : 1),
        runs * f.style_s, runs,   runs, f.c, f.c, statistics,
        statistics,       runs,   runs};
    for (int i = 0; i < TENSORS; i++) {
        const size_t count = (size_t)counts[i] + 1;
        f.tensors[i] =
            (struct tensor){counts[i], calloc(count, sizeof(float)), calloc(count, sizeof(double))};
        cr_assert(f.tensors[i].data && f.tensors[i].expected);
    }
    fill_tensors(&f, 7);
    return f;
}

static void teardown(struct fixture *f) {
    for (int i = 0; i < TENSORS; i++) {
        free(f->tensors[i].data);
        free(f->tensors[i].expected);
    }
}

static struct norma_args args_of(const struct fixture *f) {
    const struct tensor *t = f->tensors;
    return (struct norma_args){
        .x = t[X].data,
        .y = t[Y].data,
        .gamma = t[GAMMA].data,
        .beta = t[BETA].data,
        .rho = t[RHO].data,
        .alpha = t[ALPHA].data,
        .style = t[STYLE].data,
        .style_mean = t[STYLE_MEAN].data,
        .style_std = t[STYLE_STD].data,
        .running_mean = t[RUNNING_MEAN].data,
        .running_variance = t[RUNNING_VARIANCE].data,
        .mean = t[MEAN].data,
        .inverse_std = t[INVERSE_STD].data,
        .instance_mean = t[INSTANCE_MEAN].data,
        .instance_inverse_std = t[INSTANCE_INVERSE_STD].data,
    };
}

/* ---- the definitions ---------------------------------------------------------------------- */

struct moments {
    double mean, variance;
};

/* Of x[first + r stride + i] for r < runs, i < length. */
static struct moments moments(const float *x, int64_t first, int64_t runs, int64_t stride,
                              int64_t length) {
    struct moments result = {0, 0};
    for (int64_t i = 0; i < runs * length; i++) {
        result.mean += (double)x[first + i / length * stride + i % length];
    }
    result.mean /= (double)(runs * length);
    for (int64_t i = 0; i < runs * length; i++) {
        const double away = (double)x[first + i / length * stride + i % length] - result.mean;
        result.variance += away * away;
    }
    result.variance /= (double)(runs * length);
    return result;
}

static struct moments instance(const struct fixture *f, int64_t run) {
    return moments(f->tensors[X].data, run * f->s, 1, 0, f->s);
}

static struct moments batch(const struct fixture *f, const struct norma_args *args, int64_t c) {
    return f->problem.pass == NORMA_INFERENCE
               ? (struct moments){(double)args->running_mean[c], (double)args->running_variance[c]}
               : moments(args->x, c * f->s, f->n, f->c * f->s, f->s);
}

static struct moments group(const struct fixture *f, int64_t index) {
    const int64_t length = f->c / f->problem.groups * f->s;
    return moments(f->tensors[X].data, index * length, 1, 0, length);
}

static double inverse_std(const struct fixture *f, struct moments m) {
    return 1 / sqrt(m.variance + f->problem.epsilon);
}

static double standardized(const struct fixture *f, double x, struct moments m) {
    return (x - m.mean) * inverse_std(f, m);
}

static double or_default(const float *values, int64_t i, double otherwise) {
    return values ? (double)values[i] : otherwise;
}

static void expect_batch(struct fixture *f, int64_t c, struct moments m) {
    const double count = (double)(f->n * f->s), keep = 1 - f->problem.momentum;
    const double unbiased = count > 1 ? m.variance * count / (count - 1) : m.variance;
    struct tensor *t = f->tensors;
    t[MEAN].expected[c] = m.mean;
    t[INVERSE_STD].expected[c] = inverse_std(f, m);
    t[RUNNING_MEAN].expected[c] =
        keep * (double)t[RUNNING_MEAN].data[c] + f->problem.momentum * m.mean;
    t[RUNNING_VARIANCE].expected[c] =
        keep * (double)t[RUNNING_VARIANCE].data[c] + f->problem.momentum * unbiased;
}

static void define_bn(struct fixture *f, const struct norma_args *args, int64_t n, int64_t c) {
    const struct moments m = batch(f, args, c);
    for (int64_t i = (n * f->c + c) * f->s; i < (n * f->c + c + 1) * f->s; i++) {
        f->tensors[Y].expected[i] =
            standardized(f, (double)f->tensors[X].data[i], m) * or_default(args->gamma, c, 1) +
            or_default(args->beta, c, 0);
    }
    expect_batch(f, c, m);
}

static void define_in(struct fixture *f, const struct norma_args *args, int64_t n, int64_t c) {
    const int64_t run = n * f->c + c;
    const struct moments m = instance(f, run);
    for (int64_t i = run * f->s; i < (run + 1) * f->s; i++) {
        f->tensors[Y].expected[i] =
            standardized(f, (double)f->tensors[X].data[i], m) * or_default(args->gamma, c, 1) +
            or_default(args->beta, c, 0);
    }
    f->tensors[MEAN].expected[run] = m.mean;
    f->tensors[INVERSE_STD].expected[run] = inverse_std(f, m);
}

static void define_bin(struct fixture *f, const struct norma_args *args, int64_t n, int64_t c) {
    const int64_t run = n * f->c + c;
    const struct moments b = batch(f, args, c), m = instance(f, run);
    const double rho = f->problem.rho_fixed ? f->problem.rho : (double)args->rho[c];
    for (int64_t i = run * f->s; i < (run + 1) * f->s; i++) {
        const double x = (double)f->tensors[X].data[i];
        f->tensors[Y].expected[i] =
            (rho * standardized(f, x, b) + (1 - rho) * standardized(f, x, m)) *
                or_default(args->gamma, c, 1) +
            or_default(args->beta, c, 0);
    }
    expect_batch(f, c, b);
    f->tensors[INSTANCE_MEAN].expected[run] = m.mean;
    f->tensors[INSTANCE_INVERSE_STD].expected[run] = inverse_std(f, m);
}

static void define_adain(struct fixture *f, const struct norma_args *args, int64_t n, int64_t c) {
    const int64_t run = n * f->c + c;
    const struct moments m = instance(f, run);
    double mean = (double)args->style_mean[run], std = (double)args->style_std[run];
    if (f->problem.style_source == NORMA_STYLE_TENSOR) {
        const struct moments style = moments(args->style, run * f->style_s, 1, 0, f->style_s);
        mean = style.mean;
        std = sqrt(style.variance + f->problem.epsilon);
    }
    for (int64_t i = run * f->s; i < (run + 1) * f->s; i++) {
        const double x = (double)f->tensors[X].data[i], alpha = f->problem.alpha;
        f->tensors[Y].expected[i] = (1 - alpha) * x + alpha * (standardized(f, x, m) * std + mean);
    }
    f->tensors[MEAN].expected[run] = m.mean;
    f->tensors[INVERSE_STD].expected[run] = inverse_std(f, m);
}

static void define_gn(struct fixture *f, const struct norma_args *args, int64_t n, int64_t c) {
    const int64_t run = n * f->c + c;
    const int64_t index = run / (f->c / f->problem.groups);
    const struct moments m = group(f, index);
    for (int64_t i = run * f->s; i < (run + 1) * f->s; i++) {
        f->tensors[Y].expected[i] =
            standardized(f, (double)f->tensors[X].data[i], m) * or_default(args->gamma, c, 1) +
            or_default(args->beta, c, 0);
    }
    f->tensors[MEAN].expected[index] = m.mean;
    f->tensors[INVERSE_STD].expected[index] = inverse_std(f, m);
}

static double alpha_of(const struct fixture *f, const float *alpha, int64_t c, int64_t s) {
    switch (f->problem.alpha_kind) {
    case NORMA_ALPHA_CHANNEL:
        return (double)alpha[c];
    case NORMA_ALPHA_ELEMENT:
        return (double)alpha[c * f->s + s];
    default:
        return f->problem.alpha;
    }
}

static void define_unit(struct fixture *f, const struct norma_args *args, int64_t n, int64_t c) {
    double squares = 0;
    for (int64_t i = n * f->c * f->s; i < (n + 1) * f->c * f->s; i++) {
        squares += (double)f->tensors[X].data[i] * (double)f->tensors[X].data[i];
    }
    const double r = 1 / sqrt(squares + f->problem.epsilon);
    for (int64_t s = 0; s < f->s; s++) {
        const int64_t i = (n * f->c + c) * f->s + s;
        const double alpha = alpha_of(f, args->alpha, c, s);
        f->tensors[Y].expected[i] = (alpha * r + (1 - alpha)) * (double)f->tensors[X].data[i];
    }
    f->tensors[INVERSE_STD].expected[n] = r;
}

static void define(struct fixture *f, const struct norma_args *args) {
    static void (*const definitions[NORMA_OPERATOR_COUNT])(
        struct fixture *, const struct norma_args *, int64_t, int64_t) = {
        [NORMA_BN] = define_bn,       [NORMA_IN] = define_in, [NORMA_BIN] = define_bin,
        [NORMA_ADAIN] = define_adain, [NORMA_GN] = define_gn, [NORMA_UNIT] = define_unit};
    for (int64_t run = 0; run < f->n * f->c; run++) {
        definitions[f->problem.op](f, args, run / f->c, run % f->c);
    }
}

/* ---- comparing ---------------------------------------------------------------------------- */

static void expect_tensor(const struct fixture *f, const char *implementation, int id,
                          const float *got) {
    const struct tensor *tensor = &f->tensors[id];
    double magnitude = 0;
    for (int64_t i = 0; i < tensor->count; i++) {
        magnitude = fmax(magnitude, fabs(tensor->expected[i]));
    }
    const double allowed = magnitude * tolerance(f->n * f->c * f->s);
    for (int64_t i = 0; got && i < tensor->count; i++) {
        const double away = fabs((double)got[i] - tensor->expected[i]);
        cr_assert(away <= allowed, "%s %s: %s[%lld] is %.9g, should be %.9g", implementation,
                  f->text, names[id], (long long)i, (double)got[i], tensor->expected[i]);
    }
}

static void expect_outputs(const struct fixture *f, const char *implementation,
                           const struct norma_args *args) {
    const norma_operator op = f->problem.op;
    expect_tensor(f, implementation, Y, args->y);
    if (f->problem.pass == NORMA_INFERENCE) {
        return;
    }
    if (op != NORMA_UNIT) {
        expect_tensor(f, implementation, MEAN, args->mean);
    }
    expect_tensor(f, implementation, INVERSE_STD, args->inverse_std);
    if (op == NORMA_BN || op == NORMA_BIN) {
        expect_tensor(f, implementation, RUNNING_MEAN, args->running_mean);
        expect_tensor(f, implementation, RUNNING_VARIANCE, args->running_variance);
    }
    if (op == NORMA_BIN) {
        expect_tensor(f, implementation, INSTANCE_MEAN, args->instance_mean);
        expect_tensor(f, implementation, INSTANCE_INVERSE_STD, args->instance_inverse_std);
    }
}

/* ---- running ------------------------------------------------------------------------------ */

static void run(const struct norma_implementation *implementation, void *state,
                const struct fixture *f, const struct norma_args *args) {
    norma_status status = implementation->import ? implementation->import(state, args) : NORMA_OK;
    cr_assert_eq(status, NORMA_OK, "%s %s: import: %d", implementation->name, f->text, status);
    status = implementation->execute(state, args);
    cr_assert_eq(status, NORMA_OK, "%s %s: execute: %d", implementation->name, f->text, status);
    status = implementation->export ? implementation->export(state, args) : NORMA_OK;
    cr_assert_eq(status, NORMA_OK, "%s %s: export: %d", implementation->name, f->text, status);
}

/* NULL if it is unsupported. */
static void *create(const struct norma_implementation *implementation, const struct fixture *f,
                    int threads) {
    void *const untouched = &(int){0};
    void *state = untouched;
    const norma_status status =
        implementation->create(implementation, &state, &f->problem, threads);
    if (status == NORMA_OK) {
        return state;
    }
    cr_assert_eq(status, NORMA_UNSUPPORTED, "%s %s: create: %d", implementation->name, f->text,
                 status);
    cr_assert_eq(state, untouched, "%s %s: create failed and wrote the state", implementation->name,
                 f->text);
    cr_log_info("%s %s: unsupported", implementation->name, f->text);
    return NULL;
}

/* Changes the arguments, and what is expected of them, before they are used. */
typedef void variation(struct norma_args *args, struct fixture *f);

/* Twice on one state, with other inputs the second time, in case anything is left over. */
static bool check(const struct norma_implementation *implementation, const char *text, int threads,
                  variation *vary) {
    struct fixture f = setup(text);
    void *state = create(implementation, &f, threads);
    for (uint64_t seed = 1; state && seed <= 2; seed++) {
        fill_tensors(&f, seed);
        struct norma_args args = args_of(&f);
        define(&f, &args);
        vary(&args, &f);
        run(implementation, state, &f, &args);
        expect_outputs(&f, implementation->name, &args);
    }
    if (state) {
        implementation->destroy(state);
    }
    teardown(&f);
    return state != NULL;
}

static void as_it_is(struct norma_args *args, struct fixture *f) {
    (void)args;
    (void)f;
}

static void check_all(const char *const *texts, variation *vary) {
    for (size_t i = 0; norma_onednn_implementations[i]; i++) {
        for (size_t j = 0; texts[j]; j++) {
            for (int threads = 1; threads <= 2; threads++) {
                check(norma_onednn_implementations[i], texts[j], threads, vary);
            }
        }
    }
}

static const struct norma_implementation *find(const char *name) {
    for (size_t i = 0; norma_onednn_implementations[i]; i++) {
        if (!strcmp(norma_onednn_implementations[i]->name, name)) {
            return norma_onednn_implementations[i];
        }
    }
    cr_assert_fail("%s: no such implementation", name);
    return NULL;
}

/* ---- each operator ------------------------------------------------------------------------ */

Test(onednn, batch_normalization) {
    check_all((const char *const[]){"bn:8x16x6x7", "bn:1x1", "bn:1x5", "bn:64x40", "bn:7x1x3",
                                    "bn:5x33x27:momentum=0.3", "bn:2x19x4x6x6", "bn:1x64x7x7",
                                    "bn:3x23x14x14:eps=0.01", "bn:2x8x128x130",
                                    "bn:8x16x6x7:pass=inf", "bn:3x23x14x14:pass=inf",
                                    "bn:1x1:pass=inf", "bn:64x40:pass=inf",
                                    "bn:2x19x4x6x6:pass=inf", NULL},
              as_it_is);
}

Test(onednn, instance_normalization) {
    check_all((const char *const[]){"in:8x16x6x7", "in:1x1", "in:3x20", "in:4x1x9", "in:5x33x27",
                                    "in:2x19x4x6x6", "in:3x23x14x14:eps=0.01", "in:1x32x64x65",
                                    "in:8x16x6x7:pass=inf", "in:1x1x1100x1000", NULL},
              as_it_is);
}

Test(onednn, adaptive_instance_normalization) {
    check_all((const char *const[]){"adain:8x16x6x7", "adain:8x16x6x7:alpha=0.3", "adain:1x1",
                                    "adain:2x9x6x6:style=5x3", "adain:2x9x6x6:style=stats",
                                    "adain:2x9x6x6:alpha=0.6,style=stats",
                                    "adain:3x23x14x14:alpha=0,style=7", "adain:2x16x3x4x5:style=1",
                                    "adain:8x16x6x7:pass=inf", NULL},
              as_it_is);
}

Test(onednn, group_normalization) {
    check_all((const char *const[]){"gn:8x16x6x7:g=4", "gn:1x1", "gn:2x24", "gn:2x24:g=3",
                                    "gn:3x23x14x14:g=23", "gn:3x46x14x14:g=2", "gn:2x32x12x12:g=8",
                                    "gn:1x20x9x11:g=1", "gn:2x19x4x6x6:g=1", "gn:5x33x27:g=11",
                                    "gn:8x16x6x7:g=4,pass=inf", NULL},
              as_it_is);
}

Test(onednn, batch_instance_normalization) {
    check_all((const char *const[]){"bin:8x16x6x7", "bin:1x1", "bin:6x20", "bin:5x33x27:rho=0.5",
                                    "bin:3x23x14x14:rho=0", "bin:3x23x14x14:rho=1",
                                    "bin:2x19x4x6x6:momentum=0.3", "bin:8x16x6x7:pass=inf",
                                    "bin:3x23x14x14:pass=inf,rho=0.2", NULL},
              as_it_is);
}

/* Short samples, one and several pieces, a last piece that is shorter. */
Test(onednn, unitization) {
    check_all((const char *const[]){"unit:8x16x6x7:alpha=0.7", "unit:1x1:alpha=1",
                                    "unit:3x23x14x14:alpha=0.2", "unit:2x16x64x65:alpha=0.9",
                                    "unit:1x3x200x201:alpha=0.5", "unit:8x16x6x7:alpha=channel",
                                    "unit:3x23x14x14:alpha=channel", "unit:40x24:alpha=channel",
                                    "unit:8x16x6x7:alpha=element", "unit:3x23x14x14:alpha=element",
                                    "unit:2x7x4x6x6:alpha=element",
                                    "unit:8x16x6x7:alpha=0.5,pass=inf", NULL},
              as_it_is);
}

/* ---- what all have in common -------------------------------------------------------------- */

static const char *const small[] = {"bn:8x16x6x7",
                                    "bn:8x16x6x7:pass=inf",
                                    "in:8x16x6x7",
                                    "bin:8x16x6x7",
                                    "adain:8x16x6x7",
                                    "adain:8x16x6x7:alpha=0.3",
                                    "gn:8x16x6x7",
                                    "unit:8x16x6x7:alpha=channel",
                                    "unit:8x16x6x7:alpha=element",
                                    "bn:3x23x5x5",
                                    "in:3x23x5x5",
                                    "bin:3x23x5x5:pass=inf",
                                    NULL};

Test(onednn, plain_layout_supports_every_operator) {
    const struct norma_implementation *onednn = find("onednn");
    for (size_t i = 0; small[i]; i++) {
        cr_assert(check(onednn, small[i], 1, as_it_is), "%s is unsupported", small[i]);
    }
}

static void in_place(struct norma_args *args, struct fixture *f) {
    memcpy(f->tensors[Y].data, f->tensors[X].data, (size_t)f->tensors[X].count * sizeof(float));
    args->x = args->y;
}

Test(onednn, in_place) {
    check_all(small, in_place);
}

static void nothing_optional(struct norma_args *args, struct fixture *f) {
    args->gamma = args->beta = NULL;
    define(f, args);
    args->mean = args->inverse_std = args->instance_mean = args->instance_inverse_std = NULL;
    if (f->problem.pass == NORMA_FORWARD) {
        args->running_mean = args->running_variance = NULL;
    }
}

Test(onednn, without_optional_tensors) {
    check_all(small, nothing_optional);
}

/* gamma one time and not the other must not leave the first one's behind. */
static void gamma_in_turn(struct norma_args *args, struct fixture *f) {
    static int turn;
    if (turn++ % 2) {
        args->gamma = NULL;
        define(f, args);
    }
}

Test(onednn, parameters_do_not_stick) {
    check_all(small, gamma_in_turn);
}

Test(onednn, inputs_are_not_written) {
    for (size_t i = 0; norma_onednn_implementations[i]; i++) {
        for (size_t j = 0; small[j]; j++) {
            struct fixture f = setup(small[j]), same = setup(small[j]);
            const struct norma_args args = args_of(&f);
            void *state = create(norma_onednn_implementations[i], &f, 1);
            if (state) {
                run(norma_onednn_implementations[i], state, &f, &args);
                norma_onednn_implementations[i]->destroy(state);
            }
            const int last = f.problem.pass == NORMA_INFERENCE ? RUNNING_VARIANCE : STYLE_STD;
            for (int id = 0; id <= last; id++) {
                cr_assert(id == Y || !memcmp(f.tensors[id].data, same.tensors[id].data,
                                             (size_t)f.tensors[id].count * sizeof(float)),
                          "%s %s wrote %s", norma_onednn_implementations[i]->name, small[j],
                          names[id]);
            }
            teardown(&f);
            teardown(&same);
        }
    }
}

Test(onednn, threads_are_given_back) {
    omp_set_num_threads(3);
    for (size_t i = 0; norma_onednn_implementations[i]; i++) {
        check(norma_onednn_implementations[i], "bn:2x3x4", 1, as_it_is);
        cr_assert_eq(omp_get_max_threads(), 3, "%s", norma_onednn_implementations[i]->name);
    }
}

static norma_status execute_once(const char *implementation_name, const char *text,
                                 const struct norma_args *args) {
    const struct norma_implementation *implementation = find(implementation_name);
    struct norma_problem problem;
    void *state;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_OK);
    cr_assert_eq(implementation->create(implementation, &state, &problem, 1), NORMA_OK);
    norma_status status = implementation->import ? implementation->import(state, args) : NORMA_OK;
    if (status == NORMA_OK) {
        status = implementation->execute(state, args);
    }
    if (status == NORMA_OK && implementation->export) {
        status = implementation->export(state, args);
    }
    implementation->destroy(state);
    return status;
}

Test(onednn, empty_tensors_succeed_and_have_no_statistics) {
    static const char *const all[] = {"onednn", "onednn-nhwc", "onednn-blocked"};
    float value[8] = {0};
    const struct norma_args nothing = {0}, mean = {.mean = value},
                            instance_mean = {.instance_mean = value},
                            running = {.running_variance = value};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        cr_expect_eq(execute_once(all[i], "bn:0x3x4", &nothing), NORMA_OK);
        cr_expect_eq(execute_once(all[i], "bn:0x3x4", &mean), NORMA_EMPTY);
        cr_expect_eq(execute_once(all[i], "bn:0x3x4", &running), NORMA_EMPTY);
        cr_expect_eq(execute_once(all[i], "bn:0x3x4:pass=inf", &mean), NORMA_OK);
        cr_expect_eq(execute_once(all[i], "in:0x3x4", &mean), NORMA_OK);
        cr_expect_eq(execute_once(all[i], "in:2x3x0", &mean), NORMA_EMPTY);
        cr_expect_eq(execute_once(all[i], "bin:0x3x4", &instance_mean), NORMA_OK);
        cr_expect_eq(execute_once(all[i], "bin:2x3x0", &instance_mean), NORMA_EMPTY);
        cr_expect_eq(execute_once(all[i], "unit:2x0x4", &mean), NORMA_OK);
        cr_expect_eq(execute_once(all[i], "adain:0x3x4", &nothing), NORMA_OK);
        cr_expect_eq(execute_once(all[i], "gn:2x0x4", &nothing), NORMA_OK);
    }
}

Test(onednn, missing_tensors_are_refused) {
    static const char *const all[] = {"onednn", "onednn-nhwc", "onednn-blocked"};
    static const char *const texts[] = {"adain:1x2x3",
                                        "adain:1x2x3:style=stats",
                                        "bin:1x2x3",
                                        "unit:1x2x3:alpha=channel",
                                        "unit:1x2x3:alpha=element",
                                        "bn:1x2x3:pass=inf"};
    float x[6] = {0}, y[6];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        cr_expect_eq(execute_once(all[i], "in:1x2x3", &(struct norma_args){.x = x}), NORMA_NULL);
        cr_expect_eq(execute_once(all[i], "in:1x2x3", &(struct norma_args){.y = y}), NORMA_NULL);
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
            cr_expect_eq(execute_once(all[i], texts[j], &(struct norma_args){.x = x, .y = y}),
                         NORMA_NULL, "%s %s", all[i], texts[j]);
        }
    }
}

Test(onednn, sizes_beyond_onednn_are_unsupported) {
    static const char *const texts[] = {"in:1x1x3000000000",
                                        "in:3000000000x1x1",
                                        "in:1x3000000000x1",
                                        "bn:70000x70000x1",
                                        "adain:1x1x2:style=3000000000",
                                        "unit:1000000x1000000x1000000"};
    for (size_t i = 0; norma_onednn_implementations[i]; i++) {
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
            struct norma_problem problem;
            void *state;
            cr_assert_eq(norma_problem_parse(texts[j], &problem, NULL), NORMA_OK);
            cr_expect_eq(norma_onednn_implementations[i]->create(norma_onednn_implementations[i],
                                                                 &state, &problem, 1),
                         NORMA_UNSUPPORTED, "%s %s", norma_onednn_implementations[i]->name,
                         texts[j]);
        }
    }
}

/* oneDNN must have compiled code for the layouts that were chosen for its sake. */
Test(onednn, kernels_are_named) {
    static const struct {
        const char *implementation, *text, *part;
    } cases[] = {{"onednn", "bn:2x16x4x4", "bnorm"},
                 {"onednn", "in:2x16x4x4", "layer_normalization"},
                 {"onednn", "unit:2x16x4x4", "+binary:"},
                 {"onednn-composed", "bn:2x16x4x4", "layer_normalization"},
                 {"onednn-nhwc", "bn:2x16x4x4", "bnorm"},
                 {"onednn-blocked", "bn:2x16x4x4", "jit"},
                 {"onednn-blocked", "bn:2x23x4x4", "jit"},
                 {"onednn-blocked", "bin:2x16x4x4", "+bnorm"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f = setup(cases[i].text);
        const struct norma_implementation *implementation = find(cases[i].implementation);
        void *state = create(implementation, &f, 1);
        cr_assert(state);
        cr_expect(strstr(implementation->kernel(state), cases[i].part), "%s %s: %s",
                  cases[i].implementation, cases[i].text, implementation->kernel(state));
        implementation->destroy(state);
        teardown(&f);
    }
}

Test(onednn, version) {
    int major = 0;
    cr_assert(norma_onednn_version());
    cr_assert_eq(sscanf(norma_onednn_version(), "%d.", &major), 1);
    cr_assert_geq(major, 2);
}

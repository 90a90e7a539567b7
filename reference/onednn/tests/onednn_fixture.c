/* SPDX-License-Identifier: Apache-2.0 */
#include "reference/onednn/tests/onednn_fixture.h"
#include "reference/onednn/onednn.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Returns the tolerance relative to the largest expected value, or to 1, for sums in single
 * precision, in any order; oneDNN's plain batch normalization adds one by one. A wrong count, a
 * dropped tail or a forgotten epsilon is far beyond it. */
static double tolerance(int64_t summands) {
    return 1e-4 * (1 + (double)summands / 1e5);
}

/* ---- data --------------------------------------------------------------------------------- */

static double noise(uint64_t *state) {
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 11) / 9007199254740992.0;
}

void turn(const char *text, char turned[NORMA_PROBLEM_TEXT]) {
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_STATUS_OK, "%s", text);
    problem.layout = NORMA_LAYOUT_NSC;
    norma_problem_print(&problem, turned, NORMA_PROBLEM_TEXT);
}

/* Fills a tensor so that every plane has a mean and a spread of its own. */
static void fill_planes(const struct fixture *f, enum reference_tensor_id id, int64_t s,
                        uint64_t *seed) {
    float *data = f->data[id];
    double mean = 0, spread = 1;
    for (int64_t i = 0; data && i < f->tensors[id].count; i++) {
        if (i % s == 0) {
            mean = 6 * noise(seed) - 3;
            spread = 0.5 + 2 * noise(seed);
        }
        data[reference_turned(&f->problem, id, i)] =
            (float)(mean + spread * (noise(seed) + noise(seed) - 1));
    }
}

static void fill_range(const struct fixture *f, enum reference_tensor_id id, double low,
                       double high, uint64_t *seed) {
    float *data = f->data[id];
    for (int64_t i = 0; data && i < f->tensors[id].count; i++) {
        data[i] = (float)(low + (high - low) * noise(seed));
    }
}

/* Fills the weights with rows that sum to one. */
static void fill_weights(const struct fixture *f, uint64_t *seed) {
    float *weights = f->data[REFERENCE_TENSOR_style_weights];
    const int64_t styles = f->problem.styles;
    for (int64_t n = 0; weights && n < f->problem.n; n++) {
        double rest = 1;
        for (int64_t k = 0; k < styles; k++) {
            const double weight = k == styles - 1 ? rest : rest * noise(seed);
            weights[n * styles + k] = (float)weight;
            rest -= weight;
        }
    }
}

/* Fills the indices with some rows twice and some not at all, and the permutation with one that is
 * not its own inverse. */
static void fill_indices(const struct fixture *f) {
    int32_t *index = f->data[REFERENCE_TENSOR_style_index];
    int32_t *permutation = f->data[REFERENCE_TENSOR_permutation];
    for (int64_t n = 0; n < f->problem.n; n++) {
        if (index) {
            index[n] = (int32_t)(n / 2 % f->problem.styles);
        }
        if (permutation) {
            permutation[n] = (int32_t)((n + 1) % f->problem.n);
        }
    }
}

/* Fills the outputs so that none is right by chance. */
static void spoil_outputs(const struct fixture *f) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (f->tensors[id].role == REFERENCE_ROLE_OUTPUT) {
            memset(f->data[id], 0x7f, reference_tensor_bytes(&f->tensors[id]));
        }
    }
}

static void fill_inputs(const struct fixture *f, uint64_t seed) {
    const int64_t style_s = norma_problem_style_spatial(&f->problem);
    fill_planes(f, REFERENCE_TENSOR_x, norma_problem_spatial(&f->problem), &seed);
    fill_planes(f, REFERENCE_TENSOR_style, style_s ? style_s : 1, &seed);
    fill_range(f, REFERENCE_TENSOR_residual, -2, 2, &seed);
    fill_range(f, REFERENCE_TENSOR_dy, -1, 1, &seed);
    fill_range(f, REFERENCE_TENSOR_gamma, -2, 2, &seed);
    fill_range(f, REFERENCE_TENSOR_beta, -2, 2, &seed);
    fill_range(f, REFERENCE_TENSOR_rho, 0, 1, &seed);
    fill_range(f, REFERENCE_TENSOR_alpha, 0, 1, &seed);
    fill_range(f, REFERENCE_TENSOR_style_mean, -2, 2, &seed);
    fill_range(f, REFERENCE_TENSOR_style_std, 0.5, 2, &seed);
    fill_range(f, REFERENCE_TENSOR_running_mean, -2, 2, &seed);
    fill_range(f, REFERENCE_TENSOR_running_variance, 0.5, 2, &seed);
    fill_weights(f, &seed);
    fill_indices(f);
}

/* ---- fixture ------------------------------------------------------------------------------ */

struct fixture setup(const char *text) {
    struct fixture f = {.text = text};
    struct norma_parse_error error;
    cr_assert_eq(norma_problem_parse(text, &f.problem, &error), NORMA_STATUS_OK, "%s: %s", text,
                 error.message);
    reference_tensors_of(&f.problem, f.tensors);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (f.tensors[id].role == REFERENCE_ROLE_UNUSED) {
            continue;
        }
        f.data[id] = calloc((size_t)f.tensors[id].count + 1, f.tensors[id].size);
        cr_assert(f.data[id]);
        if (f.tensors[id].role != REFERENCE_ROLE_INPUT) {
            f.expected[id] = calloc((size_t)f.tensors[id].count + 1, sizeof(double));
            cr_assert(f.expected[id]);
        }
    }
    fill(&f, 7);
    return f;
}

void teardown(struct fixture *f) {
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        free(f->data[id]);
        free(f->expected[id]);
    }
}

void fill(struct fixture *f, uint64_t seed) {
    fill_inputs(f, seed);
    if (reference_is_backward(&f->problem)) {
        fill_from_forward(f);
    }
    spoil_outputs(f);
}

struct norma_args args_of(const struct fixture *f) {
    return reference_tensors_bind(f->data);
}

/* ---- running ------------------------------------------------------------------------------ */

void *create(const struct reference_implementation *implementation, const struct fixture *f,
             int threads) {
    void *const untouched = &(int){0};
    void *state = untouched;
    const norma_status status =
        implementation->create(implementation, &state, &f->problem, threads);
    if (status == NORMA_STATUS_OK) {
        return state;
    }
    cr_assert_eq(status, NORMA_STATUS_UNSUPPORTED, "%s %s: create: %d", implementation->name,
                 f->text, status);
    cr_assert_eq(state, untouched, "%s %s: create failed and wrote the state", implementation->name,
                 f->text);
    return NULL;
}

void run(const struct reference_implementation *implementation, void *state,
         const struct fixture *f, const struct norma_args *args) {
    norma_status status =
        implementation->import ? implementation->import(state, args) : NORMA_STATUS_OK;
    cr_assert_eq(status, NORMA_STATUS_OK, "%s %s: import: %d", implementation->name, f->text,
                 status);
    status = implementation->execute(state, args);
    cr_assert_eq(status, NORMA_STATUS_OK, "%s %s: execute: %d", implementation->name, f->text,
                 status);
    status = implementation->export ? implementation->export(state, args) : NORMA_STATUS_OK;
    cr_assert_eq(status, NORMA_STATUS_OK, "%s %s: export: %d", implementation->name, f->text,
                 status);
}

static void compare_tensor(const struct fixture *f, const char *implementation,
                           enum reference_tensor_id id, const float *values) {
    const struct reference_tensor *tensor = &f->tensors[id];
    const double *expected = f->expected[id];
    double magnitude = 1;
    for (int64_t i = 0; i < tensor->count; i++) {
        magnitude = fmax(magnitude, fabs(expected[i]));
    }
    const double allowed = magnitude * tolerance(f->tensors[REFERENCE_TENSOR_x].count);
    for (int64_t i = 0; i < tensor->count; i++) {
        cr_assert(fabs((double)values[i] - expected[i]) <= allowed,
                  "%s %s: %s[%lld] is %.9g, should be %.9g", implementation, f->text, tensor->name,
                  (long long)i, (double)values[i], expected[i]);
    }
}

void compare(const struct fixture *f, const char *implementation, const struct norma_args *args) {
    void *got[REFERENCE_TENSOR_COUNT];
    reference_tensors_unbind(args, got);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        if (f->expected[id] && got[id]) {
            compare_tensor(f, implementation, (enum reference_tensor_id)id, got[id]);
        }
    }
}

/* An implementation with its state for a problem; NULL: it is unsupported. */
struct runner {
    const struct reference_implementation *implementation;
    void *state;
};

/* Returns the arguments of a round, with inputs that are the same each time. */
static struct norma_args prepare(struct fixture *f, int round, variation *vary) {
    fill(f, (uint64_t)round);
    struct norma_args args = args_of(f);
    if (vary) {
        vary(&args, f, round);
    }
    return args;
}

/* Runs a round of all runners, on expected results that are computed once. */
static void check_round(struct fixture *f, int round, const struct runner *runners, size_t count,
                        variation *vary) {
    struct norma_args args = prepare(f, round, vary);
    expect(f, &args);
    for (size_t i = 0; i < count; i++) {
        if (runners[i].state) {
            args = prepare(f, round, vary);
            run(runners[i].implementation, runners[i].state, f, &args);
            compare(f, runners[i].implementation->name, &args);
        }
    }
}

static void check_runners(struct fixture *f, const struct runner *runners, size_t count,
                          variation *vary) {
    check_round(f, 1, runners, count, vary);
    check_round(f, 2, runners, count, vary);
    for (size_t i = 0; i < count; i++) {
        if (runners[i].state) {
            runners[i].implementation->destroy(runners[i].state);
        }
    }
}

void check(const struct reference_implementation *implementation, const char *text, int threads) {
    struct fixture f = setup(text);
    const struct runner runner = {implementation, create(implementation, &f, threads)};
    check_runners(&f, &runner, 1, NULL);
    teardown(&f);
}

static bool is_in(const char *name, const char *const *names) {
    for (size_t i = 0; names[i]; i++) {
        if (!strcmp(name, names[i])) {
            return true;
        }
    }
    return false;
}

static bool has_channels_last(const char *text) {
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_STATUS_OK, "%s", text);
    return problem.layout == NORMA_LAYOUT_NSC ||
           (norma_problem_spatial(&problem) == 1 && norma_problem_style_spatial(&problem) <= 1);
}

static void expect_support(const struct runner *runner, const char *text,
                           const char *const *required) {
    const char *const name = runner->implementation->name;
    if (!strcmp(name, "onednn-nhwc") && has_channels_last(text)) {
        cr_assert(!runner->state, "onednn-nhwc: %s is onednn's", text);
    } else {
        cr_assert(runner->state || !is_in(name, required), "%s: %s is unsupported", name, text);
    }
}

static void check_text(const char *text, int threads, const char *const *required,
                       variation *vary) {
    enum { MAX_RUNNERS = 8 };
    struct runner runners[MAX_RUNNERS];
    size_t count = 0;
    struct fixture f = setup(text);
    for (; onednn_implementations[count]; count++) {
        const struct reference_implementation *implementation = onednn_implementations[count];
        cr_assert_lt(count, MAX_RUNNERS);
        runners[count] = (struct runner){implementation, create(implementation, &f, threads)};
        expect_support(&runners[count], text, required);
    }
    check_runners(&f, runners, count, vary);
    teardown(&f);
}

void check_all(const char *const *texts, int threads, const char *const *required,
               variation *vary) {
    for (size_t i = 0; texts[i]; i++) {
        char turned[NORMA_PROBLEM_TEXT];
        turn(texts[i], turned);
        check_text(texts[i], threads, required, vary);
        check_text(turned, threads, required, vary);
    }
}

const struct reference_implementation *find(const char *name) {
    for (size_t i = 0; onednn_implementations[i]; i++) {
        if (!strcmp(onednn_implementations[i]->name, name)) {
            return onednn_implementations[i];
        }
    }
    cr_assert_fail("%s: no such implementation", name);
    return NULL;
}

/* Each property can fail: mutants of the reference show it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/mutants/mutation.h"
#include "verify/properties/property_trial.h"

/* ---- mistakes ----------------------------------------------------------------------------- */

/* Makes the smallest mistake that there is, for identities of bits. */
static void step_last(float *data, int64_t count) {
    data[count - 1] = nextafterf(data[count - 1], INFINITY);
}

static void nudge_last(float *data, int64_t count) {
    data[count - 1] += 1e-4f;
}

static void shift(float *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        data[i] += 1e-4f;
    }
}

/* Writes to an output of an execution that is refused. */
static void write_first(float *data, int64_t count) {
    (void)count;
    data[0] = 1.0f;
}

static void scale(float *data, int64_t count, float factor) {
    for (int64_t i = 0; i < count; i++) {
        data[i] *= factor;
    }
}

static void grow(float *data, int64_t count) {
    scale(data, count, 1.05f);
}

static void explode(float *data, int64_t count) {
    scale(data, count, 10.0f);
}

static void vanish(float *data, int64_t count) {
    scale(data, count, 0.0f);
}

static void double_epsilon(struct norma_problem *problem) {
    problem->epsilon *= 2.0;
}

static void forget_layout(struct norma_problem *problem) {
    problem->layout = NORMA_LAYOUT_NCS;
}

static bool channels_last(const struct verify_execution *execution) {
    return execution->problem.layout == NORMA_LAYOUT_NSC;
}

static void fix_epsilon(struct norma_problem *problem) {
    problem->epsilon = 0.1;
}

static bool with_two_threads(const struct verify_execution *execution) {
    return execution->threads == 2;
}

static bool with_three_threads(const struct verify_execution *execution) {
    return execution->threads == 3;
}

static bool in_place(const struct verify_execution *execution) {
    const struct norma_problem *problem = &execution->problem;
    return execution->data[reference_tensor_result(problem)] ==
           execution->data[reference_tensor_source(problem)];
}

static bool of_one_sample(const struct verify_execution *execution) {
    return execution->problem.n == 1;
}

static bool in_inference(const struct verify_execution *execution) {
    return execution->problem.pass == NORMA_PASS_INFERENCE;
}

static bool with_epilogue(const struct verify_execution *execution) {
    return execution->problem.epilogue != NORMA_EPILOGUE_NONE;
}

static bool with_styles(const struct verify_execution *execution) {
    return execution->problem.styles > 1;
}

static bool with_regions(const struct verify_execution *execution) {
    return execution->problem.regions > 1;
}

static bool with_swap(const struct verify_execution *execution) {
    return execution->problem.style_source == NORMA_STYLE_SWAP;
}

static bool with_given_style(const struct verify_execution *execution) {
    return execution->problem.style_source == NORMA_STYLE_STATS;
}

static bool of_vanilla(const struct verify_execution *execution) {
    return execution->problem.form == NORMA_FORM_VANILLA;
}

static bool of_scalar(const struct verify_execution *execution) {
    return execution->problem.form == NORMA_FORM_SCALAR;
}

static bool of_vector(const struct verify_execution *execution) {
    return execution->problem.form == NORMA_FORM_VECTOR;
}

static bool of_practical(const struct verify_execution *execution) {
    return execution->problem.form == NORMA_FORM_PRACTICAL;
}

static bool of_layer(const struct verify_execution *execution) {
    return execution->problem.form == NORMA_FORM_LAYER;
}

static bool of_scalar_alpha(const struct verify_execution *execution) {
    return execution->problem.alpha_kind == NORMA_ALPHA_SCALAR;
}

static bool with_large_mean(const struct verify_execution *execution) {
    const float *x = execution->data[REFERENCE_TENSOR_x];
    return fabsf(x[0]) > 1000.0f;
}

static void accept(struct verify_execution *execution) {
    execution->status = NORMA_STATUS_OK;
}

#define IS_OPERATOR(upper, lower, text)                                                            \
    static inline bool is_##upper(const struct norma_problem *problem) {                           \
        return problem->op == NORMA_OPERATOR_##upper;                                              \
    }
NORMA_OPERATORS(IS_OPERATOR)

/* The mistakes in results of one operator: a corrupted output, the results of another problem, and
 * a success where arguments have to be refused. A mutant has the name of the property that must
 * notice it. */
#define CORRUPTED(operator, condition, tensor, by)                                                 \
    .concerns = is_##operator, .when = condition, .output = REFERENCE_TENSOR_##tensor,             \
    .corrupt = by, .refused = true
#define ALTERED(operator, by) .concerns = is_##operator, .alter = by
#define ACCEPTED(operator)    .concerns = is_##operator, .after = accept, .refused = true

static const struct verify_mutant mutants[] = {
    {"gn-of-single-channels-is-in", CORRUPTED(GN, NULL, y, step_last)},
    {"gn-of-single-channels-is-in", CORRUPTED(IN, NULL, inverse_std, step_last)},
    {"gn-of-one-group-is-ln", CORRUPTED(LN, NULL, y, step_last)},
    {"gn-of-one-group-is-ln", CORRUPTED(LN, NULL, mean, step_last)},
    {"bn-of-one-sample-is-in", CORRUPTED(BN, NULL, y, step_last)},
    {"bin-of-gate-one-is-bn", CORRUPTED(BIN, NULL, y, step_last)},
    {"bin-of-gate-one-is-bn", CORRUPTED(BIN, in_inference, y, step_last)},
    {"bin-of-gate-zero-is-in", CORRUPTED(BIN, NULL, y, step_last)},
    {"bin-returns-the-statistics-of-both", CORRUPTED(BIN, NULL, mean, step_last)},
    {"bin-returns-the-statistics-of-both", CORRUPTED(BIN, NULL, running_variance, step_last)},
    {"bin-returns-the-statistics-of-both", CORRUPTED(BIN, NULL, instance_inverse_std, step_last)},
    {"cin-of-one-style-is-in", CORRUPTED(CIN, NULL, y, step_last)},
    {"cin-of-equal-rows-is-in", CORRUPTED(CIN, with_styles, y, step_last)},
    {"cin-is-in-with-the-rows", CORRUPTED(CIN, NULL, y, step_last)},
    {"adain-of-alpha-zero-is-x", CORRUPTED(ADAIN, with_swap, y, step_last)},
    {"adain-of-one-weight-is-its-style", CORRUPTED(ADAIN, with_styles, y, step_last)},
    {"adain-of-one-region-is-adain", CORRUPTED(ADAIN, with_regions, y, step_last)},
    {"swap-with-itself-is-adain", CORRUPTED(ADAIN, with_swap, y, step_last)},
    {"swap-with-itself-is-adain", CORRUPTED(ADAIN, with_swap, style_loss, step_last)},
    {"swap-is-adain-with-the-permuted-batch", CORRUPTED(ADAIN, with_swap, y, step_last)},
    {"unit-of-alpha-zero-is-x", CORRUPTED(UNIT, of_vector, y, step_last)},
    {"vanilla-is-scalar-of-alpha-one", CORRUPTED(UNIT, of_vanilla, y, step_last)},
    {"relu-is-none-then-relu", CORRUPTED(RMS, with_epilogue, y, step_last)},
    {"add-relu-is-none-then-add-then-relu", CORRUPTED(ADAIN, with_epilogue, y, nudge_last)},
    {"adain-with-given-statistics-is-adain", CORRUPTED(ADAIN, with_given_style, y, nudge_last)},
    {"adain-of-its-own-style-is-x", CORRUPTED(ADAIN, NULL, y, nudge_last)},
    {"vector-of-equal-alphas-is-scalar", CORRUPTED(UNIT, of_scalar, y, nudge_last)},
    {"layer-of-alpha-zero-is-bn", CORRUPTED(UNIT, of_layer, y, nudge_last)},
    {"rms-is-scaled-unit", CORRUPTED(RMS, NULL, y, nudge_last)},
    {"rms-is-scaled-unit", CORRUPTED(RMS, NULL, inverse_std, nudge_last)},
    {"rms-is-scaled-unit", ALTERED(RMS, double_epsilon)},
    {"inference-with-batch-statistics-is-forward", CORRUPTED(BIN, in_inference, y, nudge_last)},
    {"inference-with-batch-statistics-is-forward", CORRUPTED(UNIT, in_inference, y, nudge_last)},
    {"scale-and-shift-cancel", ALTERED(IN, fix_epsilon)},
    {"scale-and-shift-cancel", ALTERED(BN, fix_epsilon)},
    {"outputs-have-the-promised-moments", ALTERED(BN, double_epsilon)},
    {"outputs-have-the-promised-moments", ALTERED(GN, double_epsilon)},
    {"outputs-have-the-promised-moments", CORRUPTED(IN, NULL, y, grow)},
    {"vanilla-has-norm-one", CORRUPTED(UNIT, NULL, y, grow)},
    {"practical-is-bounded", CORRUPTED(UNIT, NULL, y, grow)},
    {"results-do-not-depend-on-threads", CORRUPTED(BN, with_two_threads, y, step_last)},
    {"results-do-not-depend-on-threads", CORRUPTED(UNIT, with_three_threads, dalpha, step_last)},
    {"results-do-not-depend-on-place", CORRUPTED(GN, in_place, y, step_last)},
    {"results-do-not-depend-on-place", CORRUPTED(LN, in_place, dx, step_last)},
    {"permuting-samples-permutes-outputs", CORRUPTED(IN, NULL, y, step_last)},
    {"permuting-samples-permutes-outputs", CORRUPTED(ADAIN, NULL, dstyle, step_last)},
    {"permuting-a-batch-permutes-outputs", CORRUPTED(BN, NULL, y, nudge_last)},
    {"permuting-a-batch-permutes-outputs", CORRUPTED(BIN, NULL, dx, nudge_last)},
    {"concatenating-batches-changes-nothing", CORRUPTED(LN, of_one_sample, y, step_last)},
    {"concatenating-batches-changes-nothing", CORRUPTED(UNIT, of_one_sample, dx, step_last)},
    {"gn-of-single-channels-has-the-gradients-of-in", CORRUPTED(GN, NULL, dx, nudge_last)},
    {"gn-of-single-channels-has-the-gradients-of-in", CORRUPTED(IN, NULL, dgamma, nudge_last)},
    {"gn-of-one-group-has-the-gradients-of-ln", CORRUPTED(LN, NULL, dx, nudge_last)},
    {"bn-of-one-sample-has-the-gradients-of-in", CORRUPTED(BN, NULL, dbeta, nudge_last)},
    {"cin-of-one-style-has-the-gradients-of-in", CORRUPTED(CIN, NULL, dgamma, nudge_last)},
    {"bin-of-gate-one-has-the-gradients-of-bn", CORRUPTED(BIN, NULL, dx, nudge_last)},
    {"bin-of-gate-zero-has-the-gradients-of-in", CORRUPTED(BIN, NULL, dgamma, nudge_last)},
    {"bin-has-the-gradients-of-its-halves", CORRUPTED(BIN, NULL, dx, nudge_last)},
    {"bin-has-the-gradients-of-its-halves", CORRUPTED(BIN, NULL, dgamma, nudge_last)},
    {"bin-has-the-gradients-of-its-halves", CORRUPTED(BIN, NULL, drho, nudge_last)},
    {"layer-of-alpha-zero-has-the-gradients-of-bn", CORRUPTED(UNIT, of_layer, dx, nudge_last)},
    {"vanilla-has-the-gradients-of-scalar", CORRUPTED(UNIT, of_vanilla, dx, nudge_last)},
    {"equal-alphas-have-the-gradients-of-one", CORRUPTED(UNIT, of_vector, dx, nudge_last)},
    {"equal-alphas-have-the-gradients-of-one", CORRUPTED(UNIT, of_scalar_alpha, dalpha, grow)},
    {"swap-adds-the-gradient-of-the-style", CORRUPTED(ADAIN, with_swap, dx, nudge_last)},
    {"inference-of-bn-scales-dy", CORRUPTED(BN, NULL, dx, nudge_last)},
    {"inference-of-bn-scales-dy", ALTERED(BN, fix_epsilon)},
    {"adain-of-alpha-zero-passes-dy", CORRUPTED(ADAIN, with_regions, dx, step_last)},
    {"unit-of-alpha-zero-passes-dy", CORRUPTED(UNIT, of_practical, dx, step_last)},
    {"gradients-are-linear-in-dy", CORRUPTED(BN, NULL, dgamma, nudge_last)},
    {"gradients-are-linear-in-dy", CORRUPTED(ADAIN, NULL, dstyle_std, nudge_last)},
    {"relu-masks-dy", CORRUPTED(GN, with_epilogue, dx, step_last)},
    {"relu-masks-dy", CORRUPTED(UNIT, NULL, dresidual, step_last)},
    {"gradients-are-derivatives", CORRUPTED(BN, NULL, dx, grow)},
    {"gradients-are-derivatives", CORRUPTED(IN, NULL, dgamma, grow)},
    {"gradients-are-derivatives", CORRUPTED(LN, NULL, dbeta, grow)},
    {"gradients-are-derivatives", CORRUPTED(BIN, NULL, drho, grow)},
    {"gradients-are-derivatives", CORRUPTED(UNIT, of_vector, dalpha, grow)},
    {"gradients-are-derivatives", CORRUPTED(UNIT, of_scalar, dalpha, grow)},
    {"gradients-are-derivatives", CORRUPTED(ADAIN, NULL, dstyle, grow)},
    {"gradients-are-derivatives", CORRUPTED(ADAIN, NULL, dstyle_mean, grow)},
    {"gradients-are-derivatives", CORRUPTED(ADAIN, with_styles, dstyle_std, grow)},
    {"dx-is-orthogonal-to-the-statistics", CORRUPTED(IN, NULL, dx, shift)},
    {"dx-is-orthogonal-to-the-statistics", CORRUPTED(GN, NULL, dx, shift)},
    {"gradients-do-not-depend-on-the-mean", CORRUPTED(IN, with_large_mean, dx, nudge_last)},
    {"gradients-do-not-depend-on-the-mean", CORRUPTED(BIN, with_large_mean, drho, nudge_last)},
    {"gradients-do-not-depend-on-the-mean", CORRUPTED(ADAIN, with_large_mean, dstyle, nudge_last)},
    {"dx-of-vanilla-is-orthogonal-to-x", CORRUPTED(UNIT, NULL, dx, nudge_last)},
    {"bn-moves-by-its-moments-at-most", CORRUPTED(BN, NULL, y, explode)},
    {"bn-moves-by-its-moments-at-least", CORRUPTED(BN, NULL, y, vanish)},
    {"vanilla-moves-by-two-at-most", CORRUPTED(UNIT, NULL, y, grow)},
    {"scalar-moves-by-two-over-alpha-at-most", CORRUPTED(UNIT, NULL, y, grow)},
    {"vector-moves-by-two-over-the-least-alpha-at-most", CORRUPTED(UNIT, NULL, y, grow)},
    {"practical-moves-by-its-bound-at-most", CORRUPTED(UNIT, NULL, y, grow)},
    {"gates-outside-of-0-to-1-are-refused", ACCEPTED(BIN)},
    {"gates-outside-of-0-to-1-are-refused", CORRUPTED(BIN, NULL, drho, write_first)},
    {"styles-outside-of-the-tables-are-refused", ACCEPTED(CIN)},
    {"styles-outside-of-the-tables-are-refused", CORRUPTED(CIN, NULL, y, write_first)},
    {"weights-that-do-not-sum-to-one-are-refused", ACCEPTED(ADAIN)},
    {"labels-outside-of-the-regions-are-refused", ACCEPTED(ADAIN)},
    {"maps-that-do-not-permute-are-refused", ACCEPTED(ADAIN)},
    {"layouts-agree", ALTERED(BN, forget_layout)},
    {"layouts-agree", ALTERED(UNIT, forget_layout)},
    {"layouts-agree", CORRUPTED(IN, channels_last, y, nudge_last)},
    {"layouts-agree", CORRUPTED(GN, channels_last, mean, nudge_last)},
    {"layouts-agree", CORRUPTED(CIN, channels_last, dx, nudge_last)},
    {"layouts-agree", CORRUPTED(BIN, channels_last, dgamma, nudge_last)},
    {"layouts-agree", CORRUPTED(ADAIN, channels_last, dstyle, nudge_last)},
    {"layouts-agree", CORRUPTED(BN, channels_last, dresidual, step_last)},
    {"layouts-of-one-position-are-the-same", CORRUPTED(LN, channels_last, y, step_last)},
    {"layouts-of-one-position-are-the-same", CORRUPTED(BN, channels_last, dx, step_last)},
    {"bounds-are-neither-loose-nor-tight", CORRUPTED(GN, NULL, y, shift)},
    {"bounds-are-neither-loose-nor-tight", CORRUPTED(UNIT, NULL, dx, shift)},
};

enum { MUTANTS = sizeof mutants / sizeof *mutants };

/* ---- the tests ---------------------------------------------------------------------------- */

/* No mistake: the reference itself. */
static const struct verify_mutant control = {.name = "control", .control = true};

static void make_mutation(struct verify_mutation *mutation, const struct verify_mutant *mutant) {
    verify_mutation_make(mutation, mutant, &reference_implementation_reference, 0);
}

static struct verify_property_result check(const struct verify_property *property, const char *text,
                                           norma_layout layout,
                                           const struct verify_mutation *mutation) {
    return verify_property_check(property, text, layout, &mutation->implementation, 1);
}

/* Calls `test` with every case of a property in every layout of it. */
static void for_each_case(const struct verify_property *property,
                          void (*test)(const struct verify_property *, const char *,
                                       norma_layout)) {
    for (const char *const *text = property->cases; *text; text++) {
        for (int layout = 0; layout < verify_property_layouts(property); layout++) {
            test(property, *text, (norma_layout)layout);
        }
    }
}

static const struct verify_property *find(const char *name) {
    for (size_t i = 0; verify_property_at(i); i++) {
        if (strcmp(verify_property_at(i)->name, name) == 0) {
            return verify_property_at(i);
        }
    }
    return NULL;
}

/* Checks for the properties of norma alone: the gate has tests of its own below, and offsets have
 * in offsets_test.c. */
static bool is_of_norma(const struct verify_property *property) {
    return strcmp(property->name, "gate-update-is-its-definition") == 0 ||
           strcmp(property->name, "offsets-have-64-bits") == 0;
}

static void expect_to_hold(const struct verify_property *property, norma_layout layout) {
    struct verify_mutation reference;
    make_mutation(&reference, &control);
    const struct verify_property_result result =
        check(property, property->cases[0], layout, &reference);
    cr_expect(result.outcome == VERIFY_PROPERTY_HOLDS || is_of_norma(property), "%s: %s",
              property->name, result.message);
    cr_expect(result.checks > 0 || is_of_norma(property), "%s: no checks", property->name);
    cr_expect_leq(result.share, 1.0);
}

/* Checks the first cases alone: norma-verify --properties checks all, for every implementation. */
Test(properties, hold_for_the_reference) {
    for (size_t i = 0; verify_property_at(i); i++) {
        for (int layout = 0; layout < verify_property_layouts(verify_property_at(i)); layout++) {
            expect_to_hold(verify_property_at(i), (norma_layout)layout);
        }
    }
}

/* Checks that a message begins with the problem that it is about. */
static bool names_a_problem(const char *message) {
    char text[NORMA_PROBLEM_TEXT];
    struct norma_problem problem;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(message, " "), message);
    text[strlen(text) - 1] = '\0';
    return norma_problem_parse(text, &problem, NULL) == NORMA_STATUS_OK;
}

static bool is_noticed(const struct verify_property *property, norma_layout layout,
                       const struct verify_mutation *mutation) {
    for (const char *const *text = property->cases; *text; text++) {
        const struct verify_property_result result = check(property, *text, layout, mutation);
        if (result.outcome == VERIFY_PROPERTY_FAILS) {
            cr_expect(names_a_problem(result.message), "%s", result.message);
            return true;
        }
    }
    return false;
}

Test(properties, notice_their_mutants) {
    for (int i = 0; i < MUTANTS; i++) {
        struct verify_mutation mutation;
        make_mutation(&mutation, &mutants[i]);
        const struct verify_property *property = find(mutants[i].name);
        cr_assert(property, "there is no property %s", mutants[i].name);
        for (int layout = 0; layout < verify_property_layouts(property); layout++) {
            cr_expect(is_noticed(property, (norma_layout)layout, &mutation),
                      "mutant %d is not noticed by %s in layout %d", i, property->name, layout);
        }
    }
}

Test(properties, have_a_mutant_each) {
    for (size_t i = 0; verify_property_at(i); i++) {
        bool found = is_of_norma(verify_property_at(i));
        for (int k = 0; k < MUTANTS; k++) {
            found = found || strcmp(mutants[k].name, verify_property_at(i)->name) == 0;
        }
        cr_expect(found, "%s has no mutant", verify_property_at(i)->name);
    }
}

static norma_status do_nothing(void *state, const struct norma_args *args) {
    (void)state;
    (void)args;
    return NORMA_STATUS_OK;
}

static void expect_to_fail_idle(const struct verify_property *property, const char *text,
                                norma_layout layout) {
    struct verify_mutation idle;
    make_mutation(&idle, &control);
    idle.implementation.execute = do_nothing;
    const struct verify_property_result result = check(property, text, layout, &idle);
    cr_expect(result.outcome == VERIFY_PROPERTY_FAILS || is_of_norma(property),
              "%s %s does not fail", property->name, text);
}

Test(properties, fail_for_an_implementation_that_does_nothing) {
    for (size_t i = 0; verify_property_at(i); i++) {
        for_each_case(verify_property_at(i), expect_to_fail_idle);
    }
}

static norma_status refuse(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    (void)self;
    (void)state;
    (void)problem;
    (void)threads;
    return NORMA_STATUS_UNSUPPORTED;
}

Test(properties, are_skipped_where_nothing_is_supported) {
    struct verify_mutation unable;
    make_mutation(&unable, &control);
    unable.implementation.create = refuse;
    for (size_t i = 0; verify_property_at(i); i++) {
        const struct verify_property_result result = check(
            verify_property_at(i), verify_property_at(i)->cases[0], NORMA_LAYOUT_NCS, &unable);
        cr_expect_eq(result.outcome, VERIFY_PROPERTY_SKIPPED, "%s", verify_property_at(i)->name);
        cr_expect(strlen(result.message) > 0);
    }
}

Test(properties, of_bits_are_skipped_for_sums_in_float) {
    struct verify_mutation peer;
    make_mutation(&peer, &control);
    peer.implementation.accumulation = REFERENCE_ACCUMULATE_F32;
    const struct verify_property *exact = find("gn-of-one-group-is-ln");
    const struct verify_property *near = find("adain-of-its-own-style-is-x");
    cr_expect_eq(check(exact, exact->cases[0], NORMA_LAYOUT_NCS, &peer).outcome,
                 VERIFY_PROPERTY_SKIPPED);
    cr_expect_eq(check(near, near->cases[0], NORMA_LAYOUT_NCS, &peer).outcome,
                 VERIFY_PROPERTY_HOLDS);
}

/* Checks the results of the reference by bounds that allow for sums in float. */
static void expect_to_be_loose(const struct verify_property *tightness, const char *text,
                               norma_layout layout) {
    struct verify_property any = *tightness;
    any.promise = VERIFY_PROMISE_NEAR;
    struct verify_mutation peer;
    make_mutation(&peer, &control);
    peer.implementation.accumulation = REFERENCE_ACCUMULATE_F32;
    peer.implementation.kind = REFERENCE_KIND_PEER;
    const struct verify_property_result result = check(&any, text, layout, &peer);
    cr_expect_eq(result.outcome, VERIFY_PROPERTY_FAILS, "%s: %g", text, result.share);
    cr_expect(strstr(result.message, "too loose"), "%s", result.message);
}

Test(properties, of_tightness_notice_bounds_that_are_too_loose) {
    for_each_case(find("bounds-are-neither-loose-nor-tight"), expect_to_be_loose);
}

/* A gradient that is off by the last bit is near enough for others, but norma promises the bits. */
Test(properties, of_gradients_expect_bits_of_norma) {
    static const struct verify_mutant off_by_a_bit[] = {
        {"gn-of-single-channels-has-the-gradients-of-in", CORRUPTED(GN, NULL, dx, step_last)},
        {"gn-of-one-group-has-the-gradients-of-ln", CORRUPTED(LN, NULL, dgamma, step_last)},
        {"bn-of-one-sample-has-the-gradients-of-in", CORRUPTED(BN, NULL, dbeta, step_last)},
        {"cin-of-one-style-has-the-gradients-of-in", CORRUPTED(CIN, NULL, dx, step_last)},
        {"vanilla-has-the-gradients-of-scalar", CORRUPTED(UNIT, of_vanilla, dx, step_last)},
    };
    for (size_t i = 0; i < sizeof off_by_a_bit / sizeof *off_by_a_bit; i++) {
        const struct verify_property *property = find(off_by_a_bit[i].name);
        struct verify_mutation other;
        make_mutation(&other, &off_by_a_bit[i]);
        struct verify_mutation norma = other;
        norma.implementation.name = norma_set_name(0);
        cr_expect_eq(check(property, "3x5x7", NORMA_LAYOUT_NSC, &other).outcome,
                     VERIFY_PROPERTY_HOLDS, "%s", property->name);
        cr_expect_eq(check(property, "3x5x7", NORMA_LAYOUT_NCS, &norma).outcome,
                     VERIFY_PROPERTY_FAILS, "%s", property->name);
    }
}

Test(properties, are_counted_as_they_are_reported) {
    size_t lines = 0;
    for (size_t i = 0; verify_property_at(i); i++) {
        for (const char *const *text = verify_property_at(i)->cases; *text; text++) {
            lines += (size_t)verify_property_layouts(verify_property_at(i));
        }
    }
    cr_assert_eq(verify_properties_count(1), lines);
    cr_assert_eq(verify_properties_count(3), 3 * lines);
}

/* ---- the gate's step ---------------------------------------------------------------------- */

static verify_gate_step *step;

static void check_step(struct verify_trial *trial, const char *text) {
    verify_expect_gate_step(trial, step, strtod(text, NULL));
}

static bool step_is_right(verify_gate_step *candidate) {
    static const char *const cases[] = {"0.1", NULL};
    const struct verify_property property = {"gate", check_step, cases, VERIFY_PROMISE_NORMA,
                                             VERIFY_ONCE};
    struct verify_mutation reference;
    make_mutation(&reference, &control);
    step = candidate;
    return check(&property, cases[0], NORMA_LAYOUT_NCS, &reference).outcome ==
           VERIFY_PROPERTY_HOLDS;
}

static norma_status step_without_clip(float *rho, const float *drho, int64_t channels, double rate,
                                      double multiple) {
    for (int64_t c = 0; c < channels; c++) {
        rho[c] = (float)((double)rho[c] - multiple * rate * (double)drho[c]);
    }
    return NORMA_STATUS_OK;
}

/* Loses NaN, as fminf and fmaxf return the other argument. */
static norma_status step_without_nan(float *rho, const float *drho, int64_t channels, double rate,
                                     double multiple) {
    step_without_clip(rho, drho, channels, rate, multiple);
    for (int64_t c = 0; c < channels; c++) {
        rho[c] = fmaxf(0.0f, fminf(1.0f, rho[c]));
    }
    return NORMA_STATUS_OK;
}

static norma_status step_without_multiple(float *rho, const float *drho, int64_t channels,
                                          double rate, double multiple) {
    (void)multiple;
    return norma_gate_update(rho, drho, channels, rate, 1.0);
}

Test(properties, of_the_gate_notice_wrong_steps) {
    cr_expect(step_is_right(norma_gate_update));
    cr_expect(!step_is_right(step_without_clip));
    cr_expect(!step_is_right(step_without_nan));
    cr_expect(!step_is_right(step_without_multiple));
}

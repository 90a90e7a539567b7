/* Each property can fail: a wrong implementation is the reference with one mistake.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verify/properties/property_trial.h"

/* ---- wrong implementations ---------------------------------------------------------------- */

/* What is executed. */
struct situation {
    struct norma_problem problem;
    int threads;
    void *data[REFERENCE_TENSOR_COUNT];
};

struct mutant {
    const char *property;                   /* that must notice */
    norma_operator op;                      /* whose results are wrong ... */
    bool (*when)(const struct situation *); /* ... in these situations; NULL: always */
    enum reference_tensor_id tensor;        /* ... in this output ... */
    void (*spoil)(float *data, int64_t count);
    void (*alter)(struct norma_problem *problem); /* or: another problem is solved */
    bool forgiving;                               /* or: refused arguments are accepted */
};

static const struct mutant *current; /* NULL: the reference as it is */

struct state {
    struct norma_problem problem;
    int threads;
    void *inner;
};

static norma_status create(const struct reference_implementation *self, void **state,
                           const struct norma_problem *problem, int threads) {
    (void)self;
    struct norma_problem altered = *problem;
    if (current && current->alter && current->op == problem->op) {
        current->alter(&altered);
    }
    struct state *made = malloc(sizeof *made);
    *made = (struct state){*problem, threads, NULL};
    const struct reference_implementation *reference = &reference_implementation_reference;
    const norma_status status = reference->create(reference, &made->inner, &altered, threads);
    if (status == NORMA_STATUS_OK) {
        *state = made;
    } else {
        free(made);
    }
    return status;
}

static struct situation situation_of(const struct state *state, const struct norma_args *args) {
    return (struct situation){
        state->problem,
        state->threads,
        {
#define ADDRESS(name, type) [REFERENCE_TENSOR_##name] = (void *)(uintptr_t)args->name,
            REFERENCE_TENSORS(ADDRESS)
#undef ADDRESS
        },
    };
}

static norma_status execute(void *opaque, const struct norma_args *args) {
    const struct state *state = opaque;
    const norma_status status = reference_implementation_reference.execute(state->inner, args);
    if (!current || current->op != state->problem.op) {
        return status;
    }
    const struct situation situation = situation_of(state, args);
    if (current->spoil && (!current->when || current->when(&situation))) {
        struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
        reference_tensors_of(&state->problem, tensors);
        float *data = situation.data[current->tensor];
        if (data && reference_is_output(&tensors[current->tensor])) {
            current->spoil(data, tensors[current->tensor].count);
        }
    }
    return current->forgiving ? NORMA_STATUS_OK : status;
}

static const char *kernel(const void *state) {
    (void)state;
    return "wrong";
}

static void destroy(void *opaque) {
    struct state *state = opaque;
    reference_implementation_reference.destroy(state->inner);
    free(state);
}

static const struct reference_implementation wrong = {
    .name = "wrong",
    .accumulation = REFERENCE_ACCUMULATE_F64,
    .create = create,
    .execute = execute,
    .kernel = kernel,
    .destroy = destroy,
};

/* ---- mistakes ----------------------------------------------------------------------------- */

/* The smallest that there is: for identities of bits. */
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

/* Channels-last tensors are taken for channels-first ones. */
static void forget_layout(struct norma_problem *problem) {
    problem->layout = NORMA_LAYOUT_NCS;
}

static bool channels_last(const struct situation *situation) {
    return situation->problem.layout == NORMA_LAYOUT_NSC;
}

static void fix_epsilon(struct norma_problem *problem) {
    problem->epsilon = 0.1;
}

static bool with_two_threads(const struct situation *situation) {
    return situation->threads == 2;
}

static bool with_three_threads(const struct situation *situation) {
    return situation->threads == 3;
}

static bool in_place(const struct situation *situation) {
    const struct norma_problem *problem = &situation->problem;
    return situation->data[reference_tensor_result(problem)] ==
           situation->data[reference_tensor_source(problem)];
}

static bool of_one_sample(const struct situation *situation) {
    return situation->problem.n == 1;
}

static bool in_inference(const struct situation *situation) {
    return situation->problem.pass == NORMA_PASS_INFERENCE;
}

static bool with_epilogue(const struct situation *situation) {
    return situation->problem.epilogue != NORMA_EPILOGUE_NONE;
}

static bool with_styles(const struct situation *situation) {
    return situation->problem.styles > 1;
}

static bool with_regions(const struct situation *situation) {
    return situation->problem.regions > 1;
}

static bool with_swap(const struct situation *situation) {
    return situation->problem.style_source == NORMA_STYLE_SWAP;
}

static bool with_given_style(const struct situation *situation) {
    return situation->problem.style_source == NORMA_STYLE_STATS;
}

static bool of_vanilla(const struct situation *situation) {
    return situation->problem.form == NORMA_FORM_VANILLA;
}

static bool of_scalar(const struct situation *situation) {
    return situation->problem.form == NORMA_FORM_SCALAR;
}

static bool of_vector(const struct situation *situation) {
    return situation->problem.form == NORMA_FORM_VECTOR;
}

static bool of_practical(const struct situation *situation) {
    return situation->problem.form == NORMA_FORM_PRACTICAL;
}

static bool of_layer(const struct situation *situation) {
    return situation->problem.form == NORMA_FORM_LAYER;
}

static bool of_scalar_alpha(const struct situation *situation) {
    return situation->problem.alpha_kind == NORMA_ALPHA_SCALAR;
}

#define SPOILED(op, when, tensor, spoil)                                                           \
    NORMA_OPERATOR_##op, when, REFERENCE_TENSOR_##tensor, spoil, NULL, false
#define ALTERED(op, alter) NORMA_OPERATOR_##op, NULL, REFERENCE_TENSOR_y, NULL, alter, false
#define FORGIVING(op)      NORMA_OPERATOR_##op, NULL, REFERENCE_TENSOR_y, NULL, NULL, true

static const struct mutant mutants[] = {
    {"gn-of-single-channels-is-in", SPOILED(GN, NULL, y, step_last)},
    {"gn-of-single-channels-is-in", SPOILED(IN, NULL, inverse_std, step_last)},
    {"gn-of-one-group-is-ln", SPOILED(LN, NULL, y, step_last)},
    {"gn-of-one-group-is-ln", SPOILED(LN, NULL, mean, step_last)},
    {"bn-of-one-sample-is-in", SPOILED(BN, NULL, y, step_last)},
    {"bin-of-gate-one-is-bn", SPOILED(BIN, NULL, y, step_last)},
    {"bin-of-gate-one-is-bn", SPOILED(BIN, in_inference, y, step_last)},
    {"bin-of-gate-zero-is-in", SPOILED(BIN, NULL, y, step_last)},
    {"bin-returns-the-statistics-of-both", SPOILED(BIN, NULL, mean, step_last)},
    {"bin-returns-the-statistics-of-both", SPOILED(BIN, NULL, running_variance, step_last)},
    {"bin-returns-the-statistics-of-both", SPOILED(BIN, NULL, instance_inverse_std, step_last)},
    {"cin-of-one-style-is-in", SPOILED(CIN, NULL, y, step_last)},
    {"cin-of-equal-rows-is-in", SPOILED(CIN, with_styles, y, step_last)},
    {"cin-is-in-with-the-rows", SPOILED(CIN, NULL, y, step_last)},
    {"adain-of-alpha-zero-is-x", SPOILED(ADAIN, with_swap, y, step_last)},
    {"adain-of-one-weight-is-its-style", SPOILED(ADAIN, with_styles, y, step_last)},
    {"adain-of-one-region-is-adain", SPOILED(ADAIN, with_regions, y, step_last)},
    {"swap-with-itself-is-adain", SPOILED(ADAIN, with_swap, y, step_last)},
    {"swap-with-itself-is-adain", SPOILED(ADAIN, with_swap, style_loss, step_last)},
    {"swap-is-adain-with-the-permuted-batch", SPOILED(ADAIN, with_swap, y, step_last)},
    {"unit-of-alpha-zero-is-x", SPOILED(UNIT, of_vector, y, step_last)},
    {"vanilla-is-scalar-of-alpha-one", SPOILED(UNIT, of_vanilla, y, step_last)},
    {"relu-is-none-then-relu", SPOILED(RMS, with_epilogue, y, step_last)},
    {"add-relu-is-none-then-add-then-relu", SPOILED(ADAIN, with_epilogue, y, nudge_last)},
    {"adain-with-given-statistics-is-adain", SPOILED(ADAIN, with_given_style, y, nudge_last)},
    {"adain-of-its-own-style-is-x", SPOILED(ADAIN, NULL, y, nudge_last)},
    {"vector-of-equal-alphas-is-scalar", SPOILED(UNIT, of_scalar, y, nudge_last)},
    {"layer-of-alpha-zero-is-bn", SPOILED(UNIT, of_layer, y, nudge_last)},
    {"rms-is-scaled-unit", SPOILED(RMS, NULL, y, nudge_last)},
    {"rms-is-scaled-unit", SPOILED(RMS, NULL, inverse_std, nudge_last)},
    {"rms-is-scaled-unit", ALTERED(RMS, double_epsilon)},
    {"inference-with-batch-statistics-is-forward", SPOILED(BIN, in_inference, y, nudge_last)},
    {"inference-with-batch-statistics-is-forward", SPOILED(UNIT, in_inference, y, nudge_last)},
    {"scale-and-shift-cancel", ALTERED(IN, fix_epsilon)},
    {"scale-and-shift-cancel", ALTERED(BN, fix_epsilon)},
    {"outputs-have-the-promised-moments", ALTERED(BN, double_epsilon)},
    {"outputs-have-the-promised-moments", ALTERED(GN, double_epsilon)},
    {"outputs-have-the-promised-moments", SPOILED(IN, NULL, y, grow)},
    {"vanilla-has-norm-one", SPOILED(UNIT, NULL, y, grow)},
    {"practical-is-bounded", SPOILED(UNIT, NULL, y, grow)},
    {"results-do-not-depend-on-threads", SPOILED(BN, with_two_threads, y, step_last)},
    {"results-do-not-depend-on-threads", SPOILED(UNIT, with_three_threads, dalpha, step_last)},
    {"results-do-not-depend-on-place", SPOILED(GN, in_place, y, step_last)},
    {"results-do-not-depend-on-place", SPOILED(LN, in_place, dx, step_last)},
    {"permuting-samples-permutes-outputs", SPOILED(IN, NULL, y, step_last)},
    {"permuting-samples-permutes-outputs", SPOILED(ADAIN, NULL, dstyle, step_last)},
    {"permuting-a-batch-permutes-outputs", SPOILED(BN, NULL, y, nudge_last)},
    {"permuting-a-batch-permutes-outputs", SPOILED(BIN, NULL, dx, nudge_last)},
    {"concatenating-batches-changes-nothing", SPOILED(LN, of_one_sample, y, step_last)},
    {"concatenating-batches-changes-nothing", SPOILED(UNIT, of_one_sample, dx, step_last)},
    {"gn-of-single-channels-has-the-gradients-of-in", SPOILED(GN, NULL, dx, nudge_last)},
    {"gn-of-single-channels-has-the-gradients-of-in", SPOILED(IN, NULL, dgamma, nudge_last)},
    {"gn-of-one-group-has-the-gradients-of-ln", SPOILED(LN, NULL, dx, nudge_last)},
    {"bn-of-one-sample-has-the-gradients-of-in", SPOILED(BN, NULL, dbeta, nudge_last)},
    {"cin-of-one-style-has-the-gradients-of-in", SPOILED(CIN, NULL, dgamma, nudge_last)},
    {"bin-of-gate-one-has-the-gradients-of-bn", SPOILED(BIN, NULL, dx, nudge_last)},
    {"bin-of-gate-zero-has-the-gradients-of-in", SPOILED(BIN, NULL, dgamma, nudge_last)},
    {"bin-has-the-gradients-of-its-halves", SPOILED(BIN, NULL, dx, nudge_last)},
    {"bin-has-the-gradients-of-its-halves", SPOILED(BIN, NULL, dgamma, nudge_last)},
    {"bin-has-the-gradients-of-its-halves", SPOILED(BIN, NULL, drho, nudge_last)},
    {"layer-of-alpha-zero-has-the-gradients-of-bn", SPOILED(UNIT, of_layer, dx, nudge_last)},
    {"vanilla-has-the-gradients-of-scalar", SPOILED(UNIT, of_vanilla, dx, nudge_last)},
    {"equal-alphas-have-the-gradients-of-one", SPOILED(UNIT, of_vector, dx, nudge_last)},
    {"equal-alphas-have-the-gradients-of-one", SPOILED(UNIT, of_scalar_alpha, dalpha, grow)},
    {"swap-adds-the-gradient-of-the-style", SPOILED(ADAIN, with_swap, dx, nudge_last)},
    {"inference-of-bn-scales-dy", SPOILED(BN, NULL, dx, nudge_last)},
    {"inference-of-bn-scales-dy", ALTERED(BN, fix_epsilon)},
    {"adain-of-alpha-zero-passes-dy", SPOILED(ADAIN, with_regions, dx, step_last)},
    {"unit-of-alpha-zero-passes-dy", SPOILED(UNIT, of_practical, dx, step_last)},
    {"gradients-are-linear-in-dy", SPOILED(BN, NULL, dgamma, nudge_last)},
    {"gradients-are-linear-in-dy", SPOILED(ADAIN, NULL, dstyle_std, nudge_last)},
    {"relu-masks-dy", SPOILED(GN, with_epilogue, dx, step_last)},
    {"relu-masks-dy", SPOILED(UNIT, NULL, dresidual, step_last)},
    {"gradients-are-derivatives", SPOILED(BN, NULL, dx, grow)},
    {"gradients-are-derivatives", SPOILED(IN, NULL, dgamma, grow)},
    {"gradients-are-derivatives", SPOILED(LN, NULL, dbeta, grow)},
    {"gradients-are-derivatives", SPOILED(BIN, NULL, drho, grow)},
    {"gradients-are-derivatives", SPOILED(UNIT, of_vector, dalpha, grow)},
    {"gradients-are-derivatives", SPOILED(UNIT, of_scalar, dalpha, grow)},
    {"gradients-are-derivatives", SPOILED(ADAIN, NULL, dstyle, grow)},
    {"gradients-are-derivatives", SPOILED(ADAIN, NULL, dstyle_mean, grow)},
    {"gradients-are-derivatives", SPOILED(ADAIN, with_styles, dstyle_std, grow)},
    {"dx-is-orthogonal-to-the-statistics", SPOILED(IN, NULL, dx, shift)},
    {"dx-is-orthogonal-to-the-statistics", SPOILED(GN, NULL, dx, shift)},
    {"dx-of-vanilla-is-orthogonal-to-x", SPOILED(UNIT, NULL, dx, nudge_last)},
    {"bn-moves-by-its-moments-at-most", SPOILED(BN, NULL, y, explode)},
    {"bn-moves-by-its-moments-at-least", SPOILED(BN, NULL, y, vanish)},
    {"vanilla-moves-by-two-at-most", SPOILED(UNIT, NULL, y, grow)},
    {"scalar-moves-by-two-over-alpha-at-most", SPOILED(UNIT, NULL, y, grow)},
    {"vector-moves-by-two-over-the-least-alpha-at-most", SPOILED(UNIT, NULL, y, grow)},
    {"practical-moves-by-its-bound-at-most", SPOILED(UNIT, NULL, y, grow)},
    {"gates-outside-of-0-to-1-are-refused", FORGIVING(BIN)},
    {"gates-outside-of-0-to-1-are-refused", SPOILED(BIN, NULL, drho, write_first)},
    {"styles-outside-of-the-tables-are-refused", FORGIVING(CIN)},
    {"styles-outside-of-the-tables-are-refused", SPOILED(CIN, NULL, y, write_first)},
    {"weights-that-do-not-sum-to-one-are-refused", FORGIVING(ADAIN)},
    {"labels-outside-of-the-regions-are-refused", FORGIVING(ADAIN)},
    {"maps-that-do-not-permute-are-refused", FORGIVING(ADAIN)},
    {"layouts-agree", ALTERED(BN, forget_layout)},
    {"layouts-agree", ALTERED(UNIT, forget_layout)},
    {"layouts-agree", SPOILED(IN, channels_last, y, nudge_last)},
    {"layouts-agree", SPOILED(GN, channels_last, mean, nudge_last)},
    {"layouts-agree", SPOILED(CIN, channels_last, dx, nudge_last)},
    {"layouts-agree", SPOILED(BIN, channels_last, dgamma, nudge_last)},
    {"layouts-agree", SPOILED(ADAIN, channels_last, dstyle, nudge_last)},
    {"layouts-agree", SPOILED(BN, channels_last, dresidual, step_last)},
    {"layouts-of-one-position-are-the-same", SPOILED(LN, channels_last, y, step_last)},
    {"layouts-of-one-position-are-the-same", SPOILED(BN, channels_last, dx, step_last)},
    {"bounds-are-neither-loose-nor-tight", SPOILED(GN, NULL, y, shift)},
    {"bounds-are-neither-loose-nor-tight", SPOILED(UNIT, NULL, dx, shift)},
};

enum { MUTANTS = sizeof mutants / sizeof *mutants };

/* ---- the tests ---------------------------------------------------------------------------- */

static struct verify_property_result check(const struct verify_property *property, const char *text,
                                           norma_layout layout) {
    return verify_property_check(property, text, layout, &wrong, 1);
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
    for (size_t i = 0; verify_property(i); i++) {
        if (strcmp(verify_property(i)->name, name) == 0) {
            return verify_property(i);
        }
    }
    return NULL;
}

/* The one property that no implementation of a test can have: its subject is the library. */
static bool is_about_the_library(const struct verify_property *property) {
    return strcmp(property->name, "gate-update-is-its-definition") == 0;
}

static void expect_to_hold(const struct verify_property *property, norma_layout layout) {
    const struct verify_property_result result = check(property, property->cases[0], layout);
    cr_expect(result.outcome == VERIFY_PROPERTY_HOLDS || is_about_the_library(property), "%s: %s",
              property->name, result.message);
    cr_expect(result.checks > 0 || is_about_the_library(property), "%s: no checks", property->name);
    cr_expect_leq(result.share, 1.0);
}

/* In their first cases; in all of them, for every implementation: norma-verify --properties. */
Test(properties, hold_for_the_reference) {
    for (size_t i = 0; verify_property(i); i++) {
        for (int layout = 0; layout < verify_property_layouts(verify_property(i)); layout++) {
            expect_to_hold(verify_property(i), (norma_layout)layout);
        }
    }
}

static bool is_noticed(const struct verify_property *property, norma_layout layout) {
    for (const char *const *text = property->cases; *text; text++) {
        const struct verify_property_result result = check(property, *text, layout);
        if (result.outcome == VERIFY_PROPERTY_FAILS) {
            /* Which problem it is about comes first. */
            cr_expect(strncmp(result.message, norma_operator_name(current->op),
                              strlen(norma_operator_name(current->op))) == 0 ||
                          strchr(result.message, ':'),
                      "%s", result.message);
            return true;
        }
    }
    return false;
}

Test(properties, notice_their_mutants) {
    for (int i = 0; i < MUTANTS; i++) {
        const struct verify_property *property = find(mutants[i].property);
        cr_assert(property, "there is no property %s", mutants[i].property);
        current = &mutants[i];
        for (int layout = 0; layout < verify_property_layouts(property); layout++) {
            cr_expect(is_noticed(property, (norma_layout)layout),
                      "mutant %d is not noticed by %s in layout %d", i, property->name, layout);
        }
    }
}

Test(properties, have_a_mutant_each) {
    for (size_t i = 0; verify_property(i); i++) {
        bool found = is_about_the_library(verify_property(i));
        for (int k = 0; k < MUTANTS; k++) {
            found = found || strcmp(mutants[k].property, verify_property(i)->name) == 0;
        }
        cr_expect(found, "%s has no mutant", verify_property(i)->name);
    }
}

static norma_status do_nothing(void *state, const struct norma_args *args) {
    (void)state;
    (void)args;
    return NORMA_STATUS_OK;
}

static void expect_to_fail_idle(const struct verify_property *property, const char *text,
                                norma_layout layout) {
    struct reference_implementation idle = wrong;
    idle.execute = do_nothing;
    const struct verify_property_result result =
        verify_property_check(property, text, layout, &idle, 1);
    cr_expect(result.outcome == VERIFY_PROPERTY_FAILS || is_about_the_library(property),
              "%s %s does not fail", property->name, text);
}

Test(properties, fail_for_an_implementation_that_does_nothing) {
    for (size_t i = 0; verify_property(i); i++) {
        for_each_case(verify_property(i), expect_to_fail_idle);
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
    struct reference_implementation unable = wrong;
    unable.create = refuse;
    for (size_t i = 0; verify_property(i); i++) {
        const struct verify_property_result result = verify_property_check(
            verify_property(i), verify_property(i)->cases[0], NORMA_LAYOUT_NCS, &unable, 1);
        cr_expect_eq(result.outcome, VERIFY_PROPERTY_SKIPPED, "%s", verify_property(i)->name);
        cr_expect(strlen(result.message) > 0);
    }
}

Test(properties, of_bits_are_skipped_for_sums_in_float) {
    struct reference_implementation peer = wrong;
    peer.accumulation = REFERENCE_ACCUMULATE_F32;
    const struct verify_property *exact = find("gn-of-one-group-is-ln");
    const struct verify_property *near = find("adain-of-its-own-style-is-x");
    cr_expect_eq(verify_property_check(exact, exact->cases[0], NORMA_LAYOUT_NCS, &peer, 1).outcome,
                 VERIFY_PROPERTY_SKIPPED);
    cr_expect_eq(verify_property_check(near, near->cases[0], NORMA_LAYOUT_NCS, &peer, 1).outcome,
                 VERIFY_PROPERTY_HOLDS);
}

/* The same results, by bounds that are made for sums in float. */
static void expect_to_be_loose(const struct verify_property *tightness, const char *text,
                               norma_layout layout) {
    struct verify_property any = *tightness;
    any.promise = VERIFY_PROMISE_NEAR;
    struct reference_implementation peer = wrong;
    peer.accumulation = REFERENCE_ACCUMULATE_F32;
    const struct verify_property_result result =
        verify_property_check(&any, text, layout, &peer, 1);
    cr_expect_eq(result.outcome, VERIFY_PROPERTY_FAILS, "%s: %g", text, result.share);
    cr_expect(strstr(result.message, "too loose"), "%s", result.message);
}

Test(properties, of_tightness_notice_bounds_that_are_too_loose) {
    for_each_case(find("bounds-are-neither-loose-nor-tight"), expect_to_be_loose);
}

/* A gradient that is off by the last bit is near, but not what norma promises. */
Test(properties, of_gradients_want_bits_of_norma) {
    static const struct mutant off_by_a_bit[] = {
        {"gn-of-single-channels-has-the-gradients-of-in", SPOILED(GN, NULL, dx, step_last)},
        {"gn-of-one-group-has-the-gradients-of-ln", SPOILED(LN, NULL, dgamma, step_last)},
        {"bn-of-one-sample-has-the-gradients-of-in", SPOILED(BN, NULL, dbeta, step_last)},
        {"cin-of-one-style-has-the-gradients-of-in", SPOILED(CIN, NULL, dx, step_last)},
        {"vanilla-has-the-gradients-of-scalar", SPOILED(UNIT, of_vanilla, dx, step_last)},
    };
    struct reference_implementation norma = wrong;
    norma.name = norma_set_name(0);
    for (size_t i = 0; i < sizeof off_by_a_bit / sizeof *off_by_a_bit; i++) {
        const struct verify_property *property = find(off_by_a_bit[i].property);
        current = &off_by_a_bit[i];
        cr_expect_eq(check(property, "3x5x7", NORMA_LAYOUT_NSC).outcome, VERIFY_PROPERTY_HOLDS,
                     "%s", property->name);
        cr_expect_eq(verify_property_check(property, "3x5x7", NORMA_LAYOUT_NCS, &norma, 1).outcome,
                     VERIFY_PROPERTY_FAILS, "%s", property->name);
    }
}

Test(properties, are_counted_as_they_are_reported) {
    size_t lines = 0;
    for (size_t i = 0; verify_property(i); i++) {
        for (const char *const *text = verify_property(i)->cases; *text; text++) {
            lines += (size_t)verify_property_layouts(verify_property(i));
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
    step = candidate;
    return check(&property, cases[0], NORMA_LAYOUT_NCS).outcome == VERIFY_PROPERTY_HOLDS;
}

static norma_status step_without_clip(float *rho, const float *drho, int64_t channels, double rate,
                                      double multiple) {
    for (int64_t c = 0; c < channels; c++) {
        rho[c] = (float)((double)rho[c] - multiple * rate * (double)drho[c]);
    }
    return NORMA_STATUS_OK;
}

/* fmin and fmax make a number of a NaN. */
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

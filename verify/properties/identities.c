/* Operators that are special cases of each other give the same forward results, bit for bit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "verify/properties/property_trial.h"

/* Runs both on the same inputs, with gamma and beta and without them, and expects the same bits in
 * every output that they share. */
static void expect_same(struct verify_experiment *got, struct verify_experiment *expected) {
    for (int affine = 1; affine >= 0; affine--) {
        if (!affine) {
            verify_experiment_without_affine(got);
            verify_experiment_without_affine(expected);
        }
        verify_experiment_run(got);
        verify_experiment_run(expected);
        verify_expect_same_outputs(got, expected);
    }
}

/* ---- normalization ------------------------------------------------------------------------ */

static void gn_of_single_channels_is_in(struct verify_trial *trial, const char *shape) {
    struct norma_problem gn = verify_trial_problem(trial, "gn:%s", shape);
    gn.groups = gn.c;
    expect_same(verify_experiment_of(trial, &gn), verify_experiment_named(trial, "in:%s", shape));
}

static void gn_of_one_group_is_ln(struct verify_trial *trial, const char *shape) {
    expect_same(verify_experiment_named(trial, "gn:%s:g=1", shape),
                verify_experiment_named(trial, "ln:%s", shape));
}

static void bn_of_one_sample_is_in(struct verify_trial *trial, const char *shape) {
    struct norma_problem bn = verify_trial_problem(trial, "bn:%s", shape);
    struct norma_problem in = verify_trial_problem(trial, "in:%s", shape);
    bn.n = in.n = 1;
    expect_same(verify_experiment_of(trial, &bn), verify_experiment_of(trial, &in));
}

static void expect_result(const struct verify_experiment *got,
                          const struct verify_experiment *expected) {
    if (verify_bn_sums_otherwise(expected)) {
        verify_expect_near_outputs(got, expected, 1.0);
    } else {
        verify_expect_bits(got, REFERENCE_TENSOR_y, expected->data[REFERENCE_TENSOR_y],
                           expected->text);
    }
}

/* Expects bin with a gate of one number, and with a gate for each channel, to be the operator
 * `name`. */
static void expect_gate_makes(struct verify_trial *trial, const char *shape, const char *name,
                              float rho) {
    static const char *const passes[] = {"fwd", "inf"};
    for (int i = 0; i < 2; i++) {
        struct verify_experiment *half =
            verify_experiment_named(trial, "%s:%s:pass=%s", name, shape, passes[i]);
        struct verify_experiment *gates =
            verify_experiment_named(trial, "bin:%s:pass=%s", shape, passes[i]);
        struct verify_experiment *gate =
            verify_experiment_named(trial, "bin:%s:pass=%s,rho=%g", shape, passes[i], (double)rho);
        verify_experiment_set(gates, REFERENCE_TENSOR_rho, rho);
        verify_experiment_run(half);
        verify_experiment_run(gates);
        verify_experiment_run(gate);
        expect_result(gates, half);
        expect_result(gate, half);
    }
}

static void bin_of_gate_one_is_bn(struct verify_trial *trial, const char *shape) {
    expect_gate_makes(trial, shape, "bn", 1.0f);
}

static void bin_of_gate_zero_is_in(struct verify_trial *trial, const char *shape) {
    expect_gate_makes(trial, shape, "in", 0.0f);
}

/* Expects the same bits, or a difference of a step or two where the order of sums differs: returned
 * statistics are rounded once. */
static void expect_statistic(const struct verify_experiment *got,
                             const struct verify_experiment *expected,
                             enum reference_tensor_id id) {
    const float *values = expected->data[id];
    if (!verify_bn_sums_otherwise(expected)) {
        verify_expect_bits(got, id, values, expected->text);
        return;
    }
    const size_t count = (size_t)expected->tensors[id].count;
    double *bound = verify_trial_memory(got->trial, count * sizeof *bound);
    for (size_t i = 0; i < count; i++) {
        bound[i] = 0x1p-22 * fabs((double)values[i]);
    }
    verify_expect_near(got, id, values, bound, expected->text);
}

static void bin_returns_the_statistics_of_both(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *bin = verify_experiment_named(trial, "bin:%s", shape);
    struct verify_experiment *bn = verify_experiment_named(trial, "bn:%s", shape);
    struct verify_experiment *in = verify_experiment_named(trial, "in:%s", shape);
    verify_experiment_run(bin);
    verify_experiment_run(bn);
    verify_experiment_run(in);
    static const enum reference_tensor_id batch[] = {
        REFERENCE_TENSOR_mean, REFERENCE_TENSOR_inverse_std, REFERENCE_TENSOR_running_mean,
        REFERENCE_TENSOR_running_variance};
    for (int i = 0; i < 4; i++) {
        expect_statistic(bin, bn, batch[i]);
    }
    verify_expect_bits(bin, REFERENCE_TENSOR_instance_mean, in->data[REFERENCE_TENSOR_mean],
                       in->text);
    verify_expect_bits(bin, REFERENCE_TENSOR_instance_inverse_std,
                       in->data[REFERENCE_TENSOR_inverse_std], in->text);
}

static void cin_of_one_style_is_in(struct verify_trial *trial, const char *shape) {
    expect_same(verify_experiment_named(trial, "cin:%s", shape),
                verify_experiment_named(trial, "in:%s", shape));
}

/* Copies a vector of parameters into each row of a table. */
static void repeat_rows(struct verify_experiment *table, const struct verify_experiment *row,
                        enum reference_tensor_id id) {
    const size_t bytes = reference_tensor_bytes(&row->tensors[id]);
    for (int64_t t = 0; t < table->problem.styles; t++) {
        memcpy((char *)table->data[id] + (size_t)t * bytes, row->data[id], bytes);
    }
}

static void cin_of_equal_rows_is_in(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *cin = verify_experiment_named(trial, "cin:%s:styles=3", shape);
    struct verify_experiment *in = verify_experiment_named(trial, "in:%s", shape);
    repeat_rows(cin, in, REFERENCE_TENSOR_gamma);
    repeat_rows(cin, in, REFERENCE_TENSOR_beta);
    expect_same(cin, in);
}

/* Each sample of cin is in with the row that the sample's index names. */
static void cin_is_in_with_the_rows(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *cin = verify_experiment_named(trial, "cin:%s:styles=4", shape);
    verify_experiment_run(cin);
    struct norma_problem problem = verify_trial_problem(trial, "in:%s", shape);
    float *expected =
        verify_trial_memory(trial, reference_tensor_bytes(&cin->tensors[REFERENCE_TENSOR_y]));
    const size_t row = (size_t)problem.c, sample = row * (size_t)norma_problem_spatial(&problem);
    const int32_t *index = cin->data[REFERENCE_TENSOR_style_index];
    const float *gamma = cin->data[REFERENCE_TENSOR_gamma],
                *beta = cin->data[REFERENCE_TENSOR_beta];
    const float *x = cin->data[REFERENCE_TENSOR_x];
    const size_t samples = (size_t)problem.n;
    problem.n = 1;
    for (size_t n = 0; n < samples; n++) {
        struct verify_experiment *in = verify_experiment_of(trial, &problem);
        const size_t t = (size_t)index[n];
        memcpy(in->data[REFERENCE_TENSOR_x], x + n * sample, sample * sizeof *x);
        memcpy(in->data[REFERENCE_TENSOR_gamma], gamma + t * row, row * sizeof *gamma);
        memcpy(in->data[REFERENCE_TENSOR_beta], beta + t * row, row * sizeof *beta);
        verify_experiment_run(in);
        memcpy(expected + n * sample, in->data[REFERENCE_TENSOR_y], sample * sizeof *x);
    }
    verify_expect_bits(cin, REFERENCE_TENSOR_y, expected, "in with the sample's row");
}

/* ---- adaptive instance normalization ------------------------------------------------------ */

static void adain_of_alpha_zero_is_x(struct verify_trial *trial, const char *shape) {
    static const char *const keys[] = {"",           ",style=stats", ",style=swap",
                                       ",style=3x3", ",styles=2",    ",regions=2"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct verify_experiment *adain =
            verify_experiment_named(trial, "adain:%s:alpha=0%s", shape, keys[i]);
        verify_experiment_run(adain);
        verify_expect_bits(adain, REFERENCE_TENSOR_y, adain->data[REFERENCE_TENSOR_x], "x");
    }
}

/* Gives each sample of `several`, with K styles or regions, the style of `single` as its first. */
static void copy_first_style(struct verify_experiment *several,
                             const struct verify_experiment *single, enum reference_tensor_id id) {
    const size_t styles = (size_t)norma_problem_sample_styles(&several->problem);
    const size_t samples = (size_t)several->problem.n;
    const size_t bytes = reference_tensor_bytes(&single->tensors[id]) / samples;
    for (size_t n = 0; several->data[id] && n < samples; n++) {
        memcpy((char *)several->data[id] + n * styles * bytes,
               (const char *)single->data[id] + n * bytes, bytes);
    }
}

/* Gives `several` the style of `single` as its first, and expects the same y. */
static void expect_first_style(struct verify_experiment *several,
                               struct verify_experiment *single) {
    static const enum reference_tensor_id inputs[] = {
        REFERENCE_TENSOR_style, REFERENCE_TENSOR_style_mean, REFERENCE_TENSOR_style_std};
    for (int i = 0; i < 3; i++) {
        if (reference_is_input(&single->tensors[inputs[i]])) {
            copy_first_style(several, single, inputs[i]);
        }
    }
    verify_experiment_run(several);
    verify_experiment_run(single);
    verify_expect_bits(several, REFERENCE_TENSOR_y, single->data[REFERENCE_TENSOR_y], single->text);
}

static const char *const style_keys[] = {"", ",style=stats", ",style=3x3,std=unbiased", NULL};

static void adain_of_one_weight_is_its_style(struct verify_trial *trial, const char *shape) {
    for (const char *const *keys = style_keys; *keys; keys++) {
        struct verify_experiment *several =
            verify_experiment_named(trial, "adain:%s:alpha=0.75,styles=3%s", shape, *keys);
        float *weights = several->data[REFERENCE_TENSOR_style_weights];
        verify_experiment_set(several, REFERENCE_TENSOR_style_weights, 0.0f);
        for (int64_t n = 0; n < several->problem.n; n++) {
            weights[n * 3] = 1.0f;
        }
        expect_first_style(several,
                           verify_experiment_named(trial, "adain:%s:alpha=0.75%s", shape, *keys));
    }
}

static void adain_of_one_region_is_adain(struct verify_trial *trial, const char *shape) {
    for (const char *const *keys = style_keys; *keys; keys++) {
        struct verify_experiment *regions =
            verify_experiment_named(trial, "adain:%s:alpha=0.75,regions=2%s", shape, *keys);
        memset(regions->data[REFERENCE_TENSOR_labels], 0,
               reference_tensor_bytes(&regions->tensors[REFERENCE_TENSOR_labels]));
        expect_first_style(regions,
                           verify_experiment_named(trial, "adain:%s:alpha=0.75%s", shape, *keys));
    }
}

/* style=swap is adain whose style tensor is the batch in the permutation's order. */
static void expect_swap(struct verify_trial *trial, const char *shape, bool identity) {
    struct verify_experiment *swap =
        verify_experiment_named(trial, "adain:%s:alpha=0.75,style=swap", shape);
    struct verify_experiment *adain = verify_experiment_named(trial, "adain:%s:alpha=0.75", shape);
    int32_t *permutation = swap->data[REFERENCE_TENSOR_permutation];
    const size_t samples = (size_t)swap->problem.n;
    const size_t sample = reference_tensor_bytes(&swap->tensors[REFERENCE_TENSOR_x]) / samples;
    const char *x = swap->data[REFERENCE_TENSOR_x];
    char *style = adain->data[REFERENCE_TENSOR_style];
    for (size_t n = 0; n < samples; n++) {
        if (identity) {
            permutation[n] = (int32_t)n;
        }
        memcpy(style + n * sample, x + (size_t)permutation[n] * sample, sample);
    }
    expect_same(swap, adain);
}

static void swap_with_itself_is_adain(struct verify_trial *trial, const char *shape) {
    expect_swap(trial, shape, true);
}

static void swap_is_adain_with_the_permuted_batch(struct verify_trial *trial, const char *shape) {
    expect_swap(trial, shape, false);
}

/* ---- unitization -------------------------------------------------------------------------- */

static void unit_of_alpha_zero_is_x(struct verify_trial *trial, const char *shape) {
    static const char *const keys[] = {"alpha=0",       "alpha=channel",
                                       "alpha=element", "form=scalar,alpha=0",
                                       "form=vector",   "form=vector,alpha=element"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct verify_experiment *unit =
            verify_experiment_named(trial, "unit:%s:%s", shape, keys[i]);
        verify_experiment_set(unit, REFERENCE_TENSOR_alpha, 0.0f);
        verify_experiment_run(unit);
        verify_expect_bits(unit, REFERENCE_TENSOR_y, unit->data[REFERENCE_TENSOR_x], "x");
    }
}

static void vanilla_is_scalar_of_alpha_one(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *vanilla =
        verify_experiment_named(trial, "unit:%s:form=vanilla", shape);
    struct verify_experiment *scalar =
        verify_experiment_named(trial, "unit:%s:form=scalar,alpha=1", shape);
    /* The first sample is zero: both give the constant vector. */
    const size_t sample =
        reference_tensor_bytes(&vanilla->tensors[REFERENCE_TENSOR_x]) / (size_t)vanilla->problem.n;
    memset(vanilla->data[REFERENCE_TENSOR_x], 0, sample);
    memset(scalar->data[REFERENCE_TENSOR_x], 0, sample);
    expect_same(vanilla, scalar);
}

/* ---- epilogues ---------------------------------------------------------------------------- */

/* Scales x, and makes zeros of both signs of some of it, so that y has such zeros, too. */
static void scale_x(struct verify_experiment *e, float magnitude) {
    float *x = e->data[REFERENCE_TENSOR_x];
    for (int64_t i = 0; i < e->tensors[REFERENCE_TENSOR_x].count; i++) {
        x[i] *= i % 5 == 0 ? -0.0f : i % 7 == 0 ? 0.0f : magnitude;
    }
}

/* Huge and tiny data take other ways through a kernel than data around 1. */
static void relu_is_none_then_relu(struct verify_trial *trial, const char *text) {
    static const float magnitudes[] = {1.0f, 1e30f, 1e-30f};
    struct norma_problem problem = verify_trial_problem(trial, "%s", text);
    for (int k = 0; k < 3; k++) {
        problem.epilogue = NORMA_EPILOGUE_NONE;
        struct verify_experiment *none = verify_experiment_of(trial, &problem);
        problem.epilogue = NORMA_EPILOGUE_RELU;
        struct verify_experiment *relu = verify_experiment_of(trial, &problem);
        scale_x(none, magnitudes[k]);
        scale_x(relu, magnitudes[k]);
        verify_experiment_run(none);
        verify_experiment_run(relu);
        float *y = none->data[REFERENCE_TENSOR_y];
        for (int64_t i = 0; i < none->tensors[REFERENCE_TENSOR_y].count; i++) {
            y[i] = y[i] <= 0.0f ? 0.0f : y[i];
        }
        verify_expect_same_outputs(relu, none);
    }
}

/* An implementation may round y before it adds the residual, or not. So the sums differ by the
 * rounding of y and their own, and need not have the same bits. */
static void add_relu_is_none_then_add_then_relu(struct verify_trial *trial, const char *text) {
    struct norma_problem problem = verify_trial_problem(trial, "%s", text);
    struct verify_experiment *none = verify_experiment_of(trial, &problem);
    problem.epilogue = NORMA_EPILOGUE_ADD_RELU;
    struct verify_experiment *add = verify_experiment_of(trial, &problem);
    verify_experiment_run(none);
    verify_experiment_run(add);
    const int64_t count = none->tensors[REFERENCE_TENSOR_y].count;
    const float *residual = add->data[REFERENCE_TENSOR_residual];
    double *bound = verify_trial_memory(trial, (size_t)count * sizeof *bound);
    float *y = none->data[REFERENCE_TENSOR_y];
    for (int64_t i = 0; i < count; i++) {
        const float sum = y[i] + residual[i];
        bound[i] = 0x1p-23 * (double)(fabsf(y[i]) + fabsf(sum));
        y[i] = sum <= 0.0f ? 0.0f : sum;
    }
    verify_expect_near(add, REFERENCE_TENSOR_y, y, bound, "none, residual and relu");
}

static const char *const forward_problems[] = {
    "bn:3x4x37",
    "in:3x4x37",
    "cin:3x4x37:styles=2",
    "bin:3x4x37",
    "adain:3x4x37:alpha=0.75",
    "adain:3x4x37:regions=3",
    "adain:3x4x37:style=swap",
    "gn:3x4x37:g=2",
    "ln:3x4x37",
    "rms:3x4x37",
    "unit:3x4x37",
    "unit:3x4x37:alpha=element",
    "unit:3x4x37:form=vanilla",
    "unit:3x4x37:form=scalar,alpha=0.75",
    "unit:3x4x37:form=vector,alpha=element",
    "unit:3x4x37:form=layer",
    "ln:3x37",
    "rms:3x37",
    "bn:3x4x37:pass=inf",
    "bin:3x4x37:pass=inf",
    "unit:3x4x37:form=layer,pass=inf",
    NULL,
};

/* ------------------------------------------------------------------------------------------- */

#define SHAPES verify_property_shapes, VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT

const struct verify_property verify_properties_identities[] = {
    {"gn-of-single-channels-is-in", gn_of_single_channels_is_in, SHAPES},
    {"gn-of-one-group-is-ln", gn_of_one_group_is_ln, SHAPES},
    {"bn-of-one-sample-is-in", bn_of_one_sample_is_in, SHAPES},
    {"bin-of-gate-one-is-bn", bin_of_gate_one_is_bn, SHAPES},
    {"bin-of-gate-zero-is-in", bin_of_gate_zero_is_in, SHAPES},
    {"bin-returns-the-statistics-of-both", bin_returns_the_statistics_of_both, SHAPES},
    {"cin-of-one-style-is-in", cin_of_one_style_is_in, SHAPES},
    {"cin-of-equal-rows-is-in", cin_of_equal_rows_is_in, SHAPES},
    {"cin-is-in-with-the-rows", cin_is_in_with_the_rows, SHAPES},
    {"adain-of-alpha-zero-is-x", adain_of_alpha_zero_is_x, SHAPES},
    {"adain-of-one-weight-is-its-style", adain_of_one_weight_is_its_style, SHAPES},
    {"adain-of-one-region-is-adain", adain_of_one_region_is_adain, SHAPES},
    {"swap-with-itself-is-adain", swap_with_itself_is_adain, SHAPES},
    {"swap-is-adain-with-the-permuted-batch", swap_is_adain_with_the_permuted_batch, SHAPES},
    {"unit-of-alpha-zero-is-x", unit_of_alpha_zero_is_x, SHAPES},
    {"vanilla-is-scalar-of-alpha-one", vanilla_is_scalar_of_alpha_one, SHAPES},
    {"relu-is-none-then-relu", relu_is_none_then_relu, forward_problems, VERIFY_PROMISE_NORMA,
     VERIFY_IN_EACH_LAYOUT},
    {"add-relu-is-none-then-add-then-relu", add_relu_is_none_then_add_then_relu, forward_problems,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {0},
};

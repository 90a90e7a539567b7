/* Gradients of operators that are special cases of each other, and the dependences of gradients.
 *
 * Where two operators are the same function, the coefficients of their gradients come from
 * different algebra, so that they agree within their bounds. Where an operator only multiplies by
 * zero or two, or masks, the bits are expected to agree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <string.h>

#include "verify/properties/property_trial.h"

/* Expects the same bits of norma, unless the order of sums differs; otherwise, gradients within
 * their bounds. */
static void expect_alike(struct verify_experiment *got, struct verify_experiment *expected) {
    verify_experiment_run(got);
    verify_experiment_run(expected);
    if (verify_trial_is_norma(got->trial) && !verify_bn_sums_otherwise(expected)) {
        verify_expect_same_outputs(got, expected);
    } else {
        verify_expect_near_outputs(got, expected, 1.0);
    }
}

/* Expects gradients within their bounds, also of norma: operators that move their sums from one
 * centre to another compute these in double, the others in float. */
static void expect_near(struct verify_experiment *got, struct verify_experiment *expected) {
    verify_experiment_run(got);
    verify_experiment_run(expected);
    verify_expect_near_outputs(got, expected, 1.0);
}

/* ---- one operator's gradients as another's ------------------------------------------------ */

static void gn_of_single_channels_has_the_gradients_of_in(struct verify_trial *trial,
                                                          const char *shape) {
    struct norma_problem gn = verify_trial_problem(trial, "gn:%s:pass=bwd", shape);
    gn.groups = gn.c;
    expect_alike(verify_experiment_of(trial, &gn),
                 verify_experiment_named(trial, "in:%s:pass=bwd", shape));
}

static void gn_of_one_group_has_the_gradients_of_ln(struct verify_trial *trial, const char *shape) {
    expect_alike(verify_experiment_named(trial, "gn:%s:pass=bwd,g=1", shape),
                 verify_experiment_named(trial, "ln:%s:pass=bwd", shape));
}

static void bn_of_one_sample_has_the_gradients_of_in(struct verify_trial *trial,
                                                     const char *shape) {
    struct norma_problem bn = verify_trial_problem(trial, "bn:%s:pass=bwd", shape);
    struct norma_problem in = verify_trial_problem(trial, "in:%s:pass=bwd", shape);
    bn.n = in.n = 1;
    expect_alike(verify_experiment_of(trial, &bn), verify_experiment_of(trial, &in));
}

static void cin_of_one_style_has_the_gradients_of_in(struct verify_trial *trial,
                                                     const char *shape) {
    expect_alike(verify_experiment_named(trial, "cin:%s:pass=bwd", shape),
                 verify_experiment_named(trial, "in:%s:pass=bwd", shape));
}

static void expect_gate_makes(struct verify_trial *trial, const char *shape, const char *name,
                              const char *pass, float rho) {
    struct verify_experiment *half =
        verify_experiment_named(trial, "%s:%s:pass=%s", name, shape, pass);
    struct verify_experiment *gates = verify_experiment_named(trial, "bin:%s:pass=%s", shape, pass);
    verify_experiment_set(gates, REFERENCE_TENSOR_rho, rho);
    expect_near(gates, half);
    expect_near(verify_experiment_named(trial, "bin:%s:pass=%s,rho=%g", shape, pass, (double)rho),
                half);
}

static void bin_of_gate_one_has_the_gradients_of_bn(struct verify_trial *trial, const char *shape) {
    expect_gate_makes(trial, shape, "bn", "bwd", 1.0f);
    expect_gate_makes(trial, shape, "bn", "inf_bwd", 1.0f);
}

static void bin_of_gate_zero_has_the_gradients_of_in(struct verify_trial *trial,
                                                     const char *shape) {
    expect_gate_makes(trial, shape, "in", "bwd", 0.0f);
}

static void layer_of_alpha_zero_has_the_gradients_of_bn(struct verify_trial *trial,
                                                        const char *shape) {
    expect_near(verify_experiment_named(trial, "unit:%s:form=layer,alpha=0,pass=bwd", shape),
                verify_experiment_named(trial, "bn:%s:pass=bwd", shape));
    expect_near(verify_experiment_named(trial, "unit:%s:form=layer,alpha=0,pass=inf_bwd", shape),
                verify_experiment_named(trial, "bn:%s:pass=inf_bwd", shape));
}

static void vanilla_has_the_gradients_of_scalar(struct verify_trial *trial, const char *shape) {
    expect_alike(verify_experiment_named(trial, "unit:%s:form=vanilla,pass=bwd", shape),
                 verify_experiment_named(trial, "unit:%s:form=scalar,alpha=1,pass=bwd", shape));
}

/* Expects the gradient of one alpha for all to be the sum of the gradients of equal alphas. */
static void expect_sum_of_dalpha(const struct verify_experiment *one,
                                 const struct verify_experiment *many) {
    const float *parts = many->data[REFERENCE_TENSOR_dalpha],
                *whole = one->data[REFERENCE_TENSOR_dalpha];
    const double *bounds = verify_experiment_bound(many, REFERENCE_TENSOR_dalpha);
    double bound = verify_experiment_bound(one, REFERENCE_TENSOR_dalpha)[0];
    double sum = 0.0;
    for (int64_t i = 0; i < many->tensors[REFERENCE_TENSOR_dalpha].count; i++) {
        sum += (double)parts[i];
        bound += bounds[i];
    }
    verify_expect(one, "dalpha (as the sum of the elements')", 0, (double)whole[0], sum, bound);
}

static void equal_alphas_have_the_gradients_of_one(struct verify_trial *trial, const char *shape) {
    static const char *const forms[][3] = {{"practical", "practical", "channel"},
                                           {"practical", "practical", "element"},
                                           {"scalar", "vector", "channel"},
                                           {"scalar", "vector", "element"}};
    for (int i = 0; i < 4; i++) {
        struct verify_experiment *one = verify_experiment_named(
            trial, "unit:%s:form=%s,alpha=0.75,pass=bwd", shape, forms[i][0]);
        struct verify_experiment *many = verify_experiment_named(
            trial, "unit:%s:form=%s,alpha=%s,pass=bwd", shape, forms[i][1], forms[i][2]);
        verify_experiment_set(many, REFERENCE_TENSOR_alpha, 0.75f);
        verify_experiment_run(one);
        verify_experiment_run(many);
        verify_expect_near_output(many, one, REFERENCE_TENSOR_dx, 1.0);
        expect_sum_of_dalpha(one, many);
    }
}

/* ---- gradients as sums of others ---------------------------------------------------------- */

/* The gradients of bn or of in, which those of bin are sums of, with their bounds. */
struct half {
    const float *dx, *dgamma;
    const double *dx_bound, *dgamma_bound;
};

static struct half half_of(struct verify_trial *trial, const char *name, const char *shape) {
    struct verify_experiment *e = verify_experiment_named(trial, "%s:%s:pass=bwd", name, shape);
    verify_experiment_run(e);
    return (struct half){
        e->data[REFERENCE_TENSOR_dx],
        e->data[REFERENCE_TENSOR_dgamma],
        verify_experiment_bound(e, REFERENCE_TENSOR_dx),
        verify_experiment_bound(e, REFERENCE_TENSOR_dgamma),
    };
}

/* dx = rho dx_bn + (1 - rho) dx_in, dgamma likewise,
 * drho = gamma (dgamma_bn - dgamma_in) [BIN eq. 5]. */
static void bin_has_the_gradients_of_its_halves(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *bin = verify_experiment_named(trial, "bin:%s:pass=bwd", shape);
    verify_experiment_run(bin);
    const struct half bn = half_of(trial, "bn", shape), in = half_of(trial, "in", shape);
    const float *dx = bin->data[REFERENCE_TENSOR_dx], *dgamma = bin->data[REFERENCE_TENSOR_dgamma],
                *drho = bin->data[REFERENCE_TENSOR_drho], *rho = bin->data[REFERENCE_TENSOR_rho],
                *gamma = bin->data[REFERENCE_TENSOR_gamma];
    const double *dx_bound = verify_experiment_bound(bin, REFERENCE_TENSOR_dx);
    const double *dgamma_bound = verify_experiment_bound(bin, REFERENCE_TENSOR_dgamma);
    const double *drho_bound = verify_experiment_bound(bin, REFERENCE_TENSOR_drho);
    for (int64_t i = 0; i < bin->tensors[REFERENCE_TENSOR_dx].count; i++) {
        const double p = (double)rho[verify_channel_of(&bin->problem, i)];
        verify_expect(bin, "dx (as bn's and in's)", i, (double)dx[i],
                      p * (double)bn.dx[i] + (1.0 - p) * (double)in.dx[i],
                      dx_bound[i] + p * bn.dx_bound[i] + (1.0 - p) * in.dx_bound[i]);
    }
    for (int64_t c = 0; c < bin->problem.c; c++) {
        const double p = (double)rho[c], scale = (double)gamma[c];
        verify_expect(bin, "dgamma (as bn's and in's)", c, (double)dgamma[c],
                      p * (double)bn.dgamma[c] + (1.0 - p) * (double)in.dgamma[c],
                      dgamma_bound[c] + p * bn.dgamma_bound[c] + (1.0 - p) * in.dgamma_bound[c]);
        verify_expect(bin, "drho (as bn's and in's dgamma)", c, (double)drho[c],
                      scale * ((double)bn.dgamma[c] - (double)in.dgamma[c]),
                      drho_bound[c] + fabs(scale) * (bn.dgamma_bound[c] + in.dgamma_bound[c]));
    }
}

/* With style=swap, the gradient of a sample is the sum of its own and of that of the style which it
 * was for another sample. */
static void swap_adds_the_gradient_of_the_style(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *swap =
        verify_experiment_named(trial, "adain:%s:style=swap,pass=bwd,alpha=0.75", shape);
    struct verify_experiment *adain =
        verify_experiment_named(trial, "adain:%s:pass=bwd,alpha=0.75", shape);
    const int32_t *permutation = swap->data[REFERENCE_TENSOR_permutation];
    const int64_t samples = swap->problem.n,
                  sample = swap->tensors[REFERENCE_TENSOR_x].count / samples;
    const float *x = swap->data[REFERENCE_TENSOR_x];
    float *style = adain->data[REFERENCE_TENSOR_style];
    for (int64_t n = 0; n < samples; n++) {
        memcpy(style + n * sample, x + permutation[n] * sample, (size_t)sample * sizeof *x);
    }
    verify_experiment_run(swap);
    verify_experiment_run(adain);
    const float *got = swap->data[REFERENCE_TENSOR_dx], *dx = adain->data[REFERENCE_TENSOR_dx],
                *dstyle = adain->data[REFERENCE_TENSOR_dstyle];
    const double *bound = verify_experiment_bound(swap, REFERENCE_TENSOR_dx);
    const double *dx_bound = verify_experiment_bound(adain, REFERENCE_TENSOR_dx);
    const double *dstyle_bound = verify_experiment_bound(adain, REFERENCE_TENSOR_dstyle);
    for (int64_t p = 0; p < samples; p++) {
        for (int64_t k = 0; k < sample; k++) {
            const int64_t from = p * sample + k, i = permutation[p] * sample + k;
            verify_expect(swap, "dx (as adain's dx and dstyle)", i, (double)got[i],
                          (double)dx[i] + (double)dstyle[from],
                          bound[i] + dx_bound[i] + dstyle_bound[from]);
        }
    }
}

/* ---- bits --------------------------------------------------------------------------------- */

static void expect_dy(struct verify_experiment *e) {
    verify_experiment_run(e);
    verify_expect_bits(e, REFERENCE_TENSOR_dx, e->data[REFERENCE_TENSOR_dy], "dy");
}

static void adain_of_alpha_zero_passes_dy(struct verify_trial *trial, const char *shape) {
    static const char *const keys[] = {"",           ",style=stats", ",style=swap",
                                       ",style=3x3", ",styles=2",    ",regions=2"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        expect_dy(verify_experiment_named(trial, "adain:%s:pass=bwd,alpha=0%s", shape, keys[i]));
    }
}

static void unit_of_alpha_zero_passes_dy(struct verify_trial *trial, const char *shape) {
    static const char *const keys[] = {"alpha=0",       "alpha=channel",
                                       "alpha=element", "form=scalar,alpha=0",
                                       "form=vector",   "form=vector,alpha=element"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct verify_experiment *unit =
            verify_experiment_named(trial, "unit:%s:pass=bwd,%s", shape, keys[i]);
        verify_experiment_set(unit, REFERENCE_TENSOR_alpha, 0.0f);
        expect_dy(unit);
    }
}

/* With running statistics bn is affine: dx = gamma dy / sqrt(running_variance + epsilon). */
static void inference_of_bn_scales_dy(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *bn = verify_experiment_named(trial, "bn:%s:pass=inf_bwd", shape);
    verify_experiment_run(bn);
    const float *dx = bn->data[REFERENCE_TENSOR_dx], *dy = bn->data[REFERENCE_TENSOR_dy],
                *gamma = bn->data[REFERENCE_TENSOR_gamma],
                *variance = bn->data[REFERENCE_TENSOR_running_variance];
    for (int64_t i = 0; i < bn->tensors[REFERENCE_TENSOR_dx].count; i++) {
        const int64_t c = verify_channel_of(&bn->problem, i);
        const double expected =
            (double)gamma[c] * (double)dy[i] / sqrt((double)variance[c] + bn->problem.epsilon);
        verify_expect(bn, "dx (as gamma r dy)", i, (double)dx[i], expected,
                      verify_roundoff(bn) * fabs(expected));
    }
}

/* Twice dy gives twice every gradient. */
static void gradients_are_linear_in_dy(struct verify_trial *trial, const char *text) {
    struct verify_experiment *once = verify_experiment_named(trial, "%s", text);
    struct verify_experiment *twice = verify_experiment_named(trial, "%s", text);
    float *dy = twice->data[REFERENCE_TENSOR_dy];
    for (int64_t i = 0; i < twice->tensors[REFERENCE_TENSOR_dy].count; i++) {
        dy[i] *= 2.0f;
    }
    verify_experiment_run(once);
    verify_experiment_run(twice);
    for (int id = 0; id < REFERENCE_TENSOR_COUNT; id++) {
        float *gradient = once->data[id];
        if (reference_is_output(&once->tensors[id])) {
            for (int64_t i = 0; i < once->tensors[id].count; i++) {
                gradient[i] *= 2.0f;
            }
        }
    }
    verify_expect_same_outputs(twice, once);
}

/* Where the saved y is not above zero, an epilogue with a ReLU behaves as if dy were zero. */
static void relu_masks_dy(struct verify_trial *trial, const char *text) {
    struct norma_problem problem = verify_trial_problem(trial, "%s", text);
    struct verify_experiment *none = verify_experiment_of(trial, &problem);
    problem.epilogue = NORMA_EPILOGUE_ADD_RELU;
    struct verify_experiment *relu = verify_experiment_of(trial, &problem);
    verify_experiment_run(relu);
    const float *y = relu->data[REFERENCE_TENSOR_y];
    float *dy = none->data[REFERENCE_TENSOR_dy];
    for (int64_t i = 0; i < none->tensors[REFERENCE_TENSOR_dy].count; i++) {
        dy[i] = y[i] <= 0.0f ? 0.0f : dy[i];
    }
    verify_experiment_run(none);
    verify_expect_same_outputs(relu, none);
    verify_expect_bits(relu, REFERENCE_TENSOR_dresidual, dy, "dy where the ReLU passed x");
}

static const char *const backward_problems[] = {
    "bn:3x4x37:pass=bwd",
    "bn:3x4x37:pass=inf_bwd",
    "in:3x4x37:pass=bwd",
    "cin:3x4x37:styles=2,pass=bwd",
    "bin:3x4x37:pass=bwd",
    "bin:3x4x37:pass=inf_bwd",
    "adain:3x4x37:alpha=0.75,pass=bwd",
    "adain:3x4x37:style=stats,styles=2,pass=bwd",
    "adain:3x4x37:regions=3,pass=bwd",
    "adain:3x4x37:style=swap,pass=bwd",
    "gn:3x4x37:g=2,pass=bwd",
    "ln:3x4x37:pass=bwd",
    "rms:3x4x37:pass=bwd",
    "unit:3x4x37:pass=bwd",
    "unit:3x4x37:alpha=element,pass=bwd",
    "unit:3x4x37:form=vanilla,pass=bwd",
    "unit:3x4x37:form=scalar,alpha=0.75,pass=bwd",
    "unit:3x4x37:form=vector,alpha=element,pass=bwd",
    "unit:3x4x37:form=layer,pass=bwd",
    "unit:3x4x37:form=layer,pass=inf_bwd",
    NULL,
};

/* ------------------------------------------------------------------------------------------- */

#define NEAR  verify_property_shapes, VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT
#define EXACT verify_property_shapes, VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT

const struct verify_property verify_properties_backward[] = {
    {"gn-of-single-channels-has-the-gradients-of-in", gn_of_single_channels_has_the_gradients_of_in,
     NEAR},
    {"gn-of-one-group-has-the-gradients-of-ln", gn_of_one_group_has_the_gradients_of_ln, NEAR},
    {"bn-of-one-sample-has-the-gradients-of-in", bn_of_one_sample_has_the_gradients_of_in, NEAR},
    {"cin-of-one-style-has-the-gradients-of-in", cin_of_one_style_has_the_gradients_of_in, NEAR},
    {"bin-of-gate-one-has-the-gradients-of-bn", bin_of_gate_one_has_the_gradients_of_bn, NEAR},
    {"bin-of-gate-zero-has-the-gradients-of-in", bin_of_gate_zero_has_the_gradients_of_in, NEAR},
    {"bin-has-the-gradients-of-its-halves", bin_has_the_gradients_of_its_halves, NEAR},
    {"layer-of-alpha-zero-has-the-gradients-of-bn", layer_of_alpha_zero_has_the_gradients_of_bn,
     NEAR},
    {"vanilla-has-the-gradients-of-scalar", vanilla_has_the_gradients_of_scalar, NEAR},
    {"equal-alphas-have-the-gradients-of-one", equal_alphas_have_the_gradients_of_one, NEAR},
    {"swap-adds-the-gradient-of-the-style", swap_adds_the_gradient_of_the_style, NEAR},
    {"inference-of-bn-scales-dy", inference_of_bn_scales_dy, NEAR},
    {"adain-of-alpha-zero-passes-dy", adain_of_alpha_zero_passes_dy, EXACT},
    {"unit-of-alpha-zero-passes-dy", unit_of_alpha_zero_passes_dy, EXACT},
    {"gradients-are-linear-in-dy", gradients_are_linear_in_dy, backward_problems,
     VERIFY_PROMISE_NORMA, VERIFY_IN_EACH_LAYOUT},
    {"relu-masks-dy", relu_masks_dy, backward_problems, VERIFY_PROMISE_NORMA,
     VERIFY_IN_EACH_LAYOUT},
    {0},
};

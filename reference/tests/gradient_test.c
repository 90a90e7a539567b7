/* The reference's gradients against central differences of its own forward pass.
 *
 * The loss is L = sum_i w_i y_i, so dy = w. An input v is moved to v - 2h, v - h, v + h and v + 2h,
 * and Richardson's extrapolation of the two central differences is off by O(h^4). All values are
 * multiples of 2^-10 and h = 2^-7, so that the moved ones are floats, too, and the forward pass, in
 * double, is that of exactly the moved input.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "reference/tests/hand.h"

enum { MOST = 256 }; /* elements of any tensor here */

static const double STEP = 0x1p-7;

/* The tolerance relative to the largest gradient of the tensor. h^4 is 4e-9, and times the fifth
 * derivative less than 1e-7 here. A term that is missing or wrong is about 1/S of a gradient in
 * some entry at least, which is a hundredth or more. The statistics that backward is given are
 * rounded to float, by up to 6e-8 of them, which must not matter. */
static const double TOLERANCE = 2e-7;

/* ---- inputs ------------------------------------------------------------------------------- */

static float x[MOST], y[MOST], residual[MOST], gamma_[MOST], beta[MOST], rho[MOST], alpha[MOST],
    style[MOST], style_mean[MOST], style_std[MOST], weights[MOST], running_mean[MOST],
    running_variance[MOST], mean[MOST], inverse_std[MOST], instance_mean[MOST],
    instance_inverse_std[MOST], dy[MOST];
static uint8_t labels[MOST];
static int32_t style_index[MOST], permutation[MOST];

static const struct norma_args args = {
    .x = x,
    .y = y,
    .residual = residual,
    .gamma = gamma_,
    .beta = beta,
    .rho = rho,
    .alpha = alpha,
    .style_index = style_index,
    .style = style,
    .style_mean = style_mean,
    .style_std = style_std,
    .style_weights = weights,
    .labels = labels,
    .permutation = permutation,
    .running_mean = running_mean,
    .running_variance = running_variance,
    .mean = mean,
    .inverse_std = inverse_std,
    .instance_mean = instance_mean,
    .instance_inverse_std = instance_inverse_std,
    .dy = dy,
};

/* Returns a multiple of 2^-10 in [low, high). */
static double pick(double low, double high) {
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return floor((low + (high - low) * (double)state * 0x1p-32) * 0x1p10) * 0x1p-10;
}

static double either_sign(double value) {
    return pick(0, 1) < 0.5 ? -value : value;
}

static void fill(float *values, double low, double high) {
    for (int i = 0; i < MOST; i++) {
        values[i] = (float)pick(low, high);
    }
}

static void fill_signed(float *values, double low, double high) {
    for (int i = 0; i < MOST; i++) {
        values[i] = (float)either_sign(pick(low, high));
    }
}

/* Keeps the ReLU's kink out of the way: x is not near zero, and beta and the residual outweigh the
 * rest. */
static void make_numbers(void) {
    fill_signed(x, 0.25, 2);
    fill_signed(residual, 32, 33);
    fill_signed(gamma_, 0.5, 1.5);
    fill_signed(beta, 8, 9);
    fill(rho, 0.25, 0.75);
    fill(alpha, 0.25, 0.75);
    fill(style, -1, 3);
    fill_signed(style_mean, 0, 2);
    fill(style_std, 0.5, 1.5);
    fill(running_mean, -1, 1);
    fill(running_variance, 0.5, 2);
    fill_signed(dy, 0.25, 1);
}

/* Gives every sample all regions, except that the last sample lacks the last region. */
static void make_labels(const struct norma_problem *problem) {
    const int64_t spatial = norma_problem_spatial(problem);
    for (int64_t i = 0; i < problem->n * spatial; i++) {
        const bool last = i / spatial == problem->n - 1;
        const int64_t regions = problem->regions - (last ? 1 : 0);
        labels[i] = (uint8_t)(regions > 1 ? pick(0, (double)regions) : 0);
    }
}

static void make_indices(const struct norma_problem *problem) {
    const int64_t styles = problem->styles > 0 ? problem->styles : 1;
    for (int64_t n = 0; n < problem->n; n++) {
        style_index[n] = (int32_t)pick(0, (double)styles);
        permutation[n] = (int32_t)((n + 1) % problem->n); /* of three: not its own inverse */
        double left = 1.0;
        for (int64_t k = 0; k < styles; k++) {
            weights[n * styles + k] = (float)(k < styles - 1 ? pick(-0.5, 1) : left);
            left -= (double)weights[n * styles + k];
        }
    }
}

/* ---- passes ------------------------------------------------------------------------------- */

static double loss(const struct norma_problem *forward) {
    static double result[MOST];
    reference_run(forward, &args, &(struct reference_result){.y = result});
    double sum = 0.0;
    for (int64_t i = 0; i < reference_elements(forward); i++) {
        sum += (double)dy[i] * result[i];
    }
    return sum;
}

static void round_to(float *values, const double *unrounded) {
    for (int i = 0; i < MOST; i++) {
        values[i] = (float)unrounded[i];
    }
}

/* Leaves y and the statistics for the backward pass. */
static void run_forward(const struct norma_problem *forward) {
    static double result[7][MOST];
    float *const rounded[] = {
        y, mean, inverse_std, instance_mean, instance_inverse_std, style_mean, style_std};
    struct reference_result results = {.y = result[0],
                                       .mean = result[1],
                                       .inverse_std = result[2],
                                       .instance_mean = result[3],
                                       .instance_inverse_std = result[4],
                                       .style_mean = result[5],
                                       .style_std = result[6]};
    hand_keep_outputs(forward, &results);
    reference_run(forward, &args, &results);
    const double *const kept[] = {results.y,
                                  results.mean,
                                  results.inverse_std,
                                  results.instance_mean,
                                  results.instance_inverse_std,
                                  results.style_mean,
                                  results.style_std};
    for (int i = 0; i < 7; i++) {
        if (kept[i]) {
            round_to(rounded[i], kept[i]);
        }
    }
}

/* ---- gradients ---------------------------------------------------------------------------- */

/* An input and the gradient that the reference gives it. */
struct pair {
    enum reference_tensor_id id;
    float *input;
    double gradient[MOST];
};

static struct pair pairs[] = {
    {.id = REFERENCE_TENSOR_x, .input = x},
    {.id = REFERENCE_TENSOR_residual, .input = residual},
    {.id = REFERENCE_TENSOR_gamma, .input = gamma_},
    {.id = REFERENCE_TENSOR_beta, .input = beta},
    {.id = REFERENCE_TENSOR_rho, .input = rho},
    {.id = REFERENCE_TENSOR_alpha, .input = alpha},
    {.id = REFERENCE_TENSOR_style, .input = style},
    {.id = REFERENCE_TENSOR_style_mean, .input = style_mean},
    {.id = REFERENCE_TENSOR_style_std, .input = style_std},
};

enum { PAIRS = sizeof pairs / sizeof *pairs };

/* Runs the backward pass into arrays full of NaNs, so that an entry that is not written shows. */
static void run_backward(const struct norma_problem *backward) {
    for (int i = 0; i < PAIRS; i++) {
        for (int k = 0; k < MOST; k++) {
            pairs[i].gradient[k] = NAN;
        }
    }
    struct reference_result results = {.dx = {.value = pairs[0].gradient},
                                       .dresidual = pairs[1].gradient,
                                       .dgamma = {.value = pairs[2].gradient},
                                       .dbeta = {.value = pairs[3].gradient},
                                       .drho = {.value = pairs[4].gradient},
                                       .dalpha = {.value = pairs[5].gradient},
                                       .dstyle = {.value = pairs[6].gradient},
                                       .dstyle_mean = {.value = pairs[7].gradient},
                                       .dstyle_std = {.value = pairs[8].gradient}};
    hand_keep_outputs(backward, &results);
    reference_run(backward, &args, &results);
}

static double richardson(double minus_two, double minus_one, double one, double two) {
    return (8.0 * (one - minus_one) - (two - minus_two)) / (12.0 * STEP);
}

static double difference(const struct norma_problem *forward, float *input) {
    const float value = *input;
    double losses[5];
    for (int i = 0; i < 5; i++) {
        *input = (float)((double)value + (i - 2) * STEP);
        losses[i] = loss(forward);
    }
    *input = value;
    return richardson(losses[0], losses[1], losses[3], losses[4]);
}

static double difference_of_scalar_alpha(struct norma_problem forward) {
    const double value = forward.alpha;
    double losses[5];
    for (int i = 0; i < 5; i++) {
        forward.alpha = value + (i - 2) * STEP;
        losses[i] = loss(&forward);
    }
    return richardson(losses[0], losses[1], losses[3], losses[4]);
}

/* Returns the largest absolute value, or 1 where all are tiny. */
static double scale_of(const double *values, int64_t count) {
    double scale = 0.0;
    for (int64_t i = 0; i < count; i++) {
        scale = fmax(scale, fabs(values[i]));
    }
    return scale > 1e-3 ? scale : 1.0;
}

static void expect(const char *text, const char *name, double got, int64_t index, double expected,
                   double scale) {
    cr_expect(fabs(got - expected) <= TOLERANCE * scale,
              "%s: gradient of %s[%d] is %.9g, by differences %.9g (scale %.3g)", text, name,
              (int)index, got, expected, scale);
}

static void check_pair(const char *text, const struct norma_problem *forward,
                       const struct reference_tensor *tensor, const struct pair *pair) {
    const double *gradient = pair->gradient;
    if (pair->id == REFERENCE_TENSOR_alpha && forward->alpha_kind == NORMA_ALPHA_SCALAR) {
        expect(text, tensor->name, gradient[0], 0, difference_of_scalar_alpha(*forward),
               scale_of(gradient, 1));
        return;
    }
    cr_assert(tensor->count > 0 && tensor->count <= MOST, "%s: %s", text, tensor->name);
    for (int64_t i = 0; i < tensor->count; i++) {
        expect(text, tensor->name, gradient[i], i, difference(forward, &pair->input[i]),
               scale_of(gradient, tensor->count));
    }
}

static bool contains(const char *names, const char *name) {
    const size_t length = strlen(name);
    for (const char *at = names; (at = strstr(at, name)); at += length) {
        const bool starts = at == names || at[-1] == ' ';
        if (starts && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* Checks the gradients of the inputs whose names are given, separated by spaces. */
static void check(const char *text, const char *names) {
    struct reference_tensor tensors[REFERENCE_TENSOR_COUNT];
    struct norma_problem backward;
    cr_assert(norma_problem_parse(text, &backward, NULL) == NORMA_STATUS_OK, "%s", text);
    struct norma_problem forward = backward;
    forward.pass = backward.pass == NORMA_PASS_BACKWARD ? NORMA_PASS_FORWARD : NORMA_PASS_INFERENCE;
    make_numbers();
    make_labels(&backward);
    make_indices(&backward);
    run_forward(&forward);
    run_backward(&backward);
    reference_tensors_of(&forward, tensors);
    for (int i = 0; i < PAIRS; i++) {
        const struct reference_tensor *tensor = &tensors[pairs[i].id];
        if (contains(names, tensor->name)) {
            check_pair(text, &forward, tensor, &pairs[i]);
        }
    }
}

/* ---- operators ---------------------------------------------------------------------------- */

Test(gradient, batch_norm) {
    check("bn:3x2x5:pass=bwd", "x gamma beta");
    check("bn:3x2x5:pass=bwd,eps=0.5", "x gamma beta");
    check("bn:7x3:pass=bwd", "x gamma beta");
    check("bn:3x2x5:pass=inf_bwd,eps=0.5", "x gamma beta");
}

Test(gradient, instance_norm) {
    check("in:2x3x7:pass=bwd", "x gamma beta");
    check("in:2x3x7:pass=bwd,eps=0.5", "x gamma beta");
}

Test(gradient, conditional_instance_norm) {
    check("cin:4x2x5:styles=3,pass=bwd", "x gamma beta");
    check("cin:2x3x7:styles=5,pass=bwd,eps=0.5", "x gamma beta");
}

Test(gradient, batch_instance_norm) {
    check("bin:3x2x5:pass=bwd", "x gamma beta rho");
    check("bin:3x2x5:pass=bwd,eps=0.5", "x gamma beta rho");
    check("bin:3x2x5:pass=bwd,rho=0.5", "x gamma beta");
    check("bin:3x2x5:pass=inf_bwd,eps=0.5", "x gamma beta rho");
    check("bin:3x2x5:pass=inf_bwd,rho=0.25", "x gamma beta");
}

Test(gradient, group_norm) {
    check("gn:2x6x3:g=3,pass=bwd", "x gamma beta");
    check("gn:2x6x3:g=2,pass=bwd,eps=0.5", "x gamma beta");
}

Test(gradient, layer_norm) {
    check("ln:2x4x3:pass=bwd", "x gamma beta");
    check("ln:3x9:pass=bwd,eps=0.5", "x gamma beta");
}

Test(gradient, root_mean_square_norm) {
    check("rms:2x4x3:pass=bwd", "x gamma");
    check("rms:3x9:pass=bwd,eps=0.5", "x gamma");
}

Test(gradient, adaptive_instance_norm) {
    check("adain:2x2x5:pass=bwd", "x style");
    check("adain:2x2x5:pass=bwd,eps=0.5,alpha=0.75", "x style");
    check("adain:2x2x5:style=3x2,pass=bwd,eps=0.5,alpha=0.75", "x style");
    check("adain:2x2x5:style=7,std=unbiased,pass=bwd,eps=0.5", "x style");
    check("adain:2x2x5:style=stats,alpha=0.75,pass=bwd", "x style_mean style_std");
}

Test(gradient, adaptive_instance_norm_of_mixed_styles) {
    check("adain:3x2x5:styles=3,alpha=0.75,pass=bwd", "x style");
    check("adain:3x2x5:styles=2,style=stats,alpha=0.75,pass=bwd", "x style_mean style_std");
    check("adain:2x2x5:styles=2,style=4,std=unbiased,pass=bwd", "x style");
}

Test(gradient, adaptive_instance_norm_of_regions) {
    check("adain:2x2x17:regions=2,style=4,alpha=0.75,pass=bwd,eps=0.5", "x style");
    check("adain:2x2x19:regions=3,style=stats,alpha=0.75,pass=bwd,eps=0.5",
          "x style_mean style_std");
    check("adain:2x2x19:regions=3,style=4,std=unbiased,pass=bwd,eps=0.5", "x style");
}

Test(gradient, adaptive_instance_norm_of_swapped_styles) {
    check("adain:3x2x5:style=swap,pass=bwd", "x");
    check("adain:3x2x5:style=swap,alpha=0.75,pass=bwd,eps=0.5", "x");
    check("adain:5x1x7:style=swap,std=unbiased,alpha=0.75,pass=bwd,eps=0.5", "x");
}

Test(gradient, unitization_in_practice) {
    check("unit:2x3x5:pass=bwd,eps=0.5", "x alpha");
    check("unit:2x3x5:alpha=element,pass=bwd,eps=0.5", "x alpha");
    check("unit:2x3x5:alpha=1.25,pass=bwd,eps=0.5", "x alpha");
}

Test(gradient, unitization_by_division) {
    check("unit:2x3x5:form=vanilla,pass=bwd", "x");
    check("unit:2x3x5:form=scalar,alpha=0.75,pass=bwd", "x alpha");
    check("unit:2x3x5:form=vector,pass=bwd", "x alpha");
    check("unit:2x3x5:form=vector,alpha=element,pass=bwd", "x alpha");
}

Test(gradient, unitization_as_a_layer) {
    check("unit:3x2x5:form=layer,pass=bwd", "x gamma beta alpha");
    check("unit:3x2x5:form=layer,pass=bwd,eps=0.5,k=2", "x gamma beta alpha");
    check("unit:3x2x5:form=layer,alpha=0.75,pass=bwd,eps=0.5", "x gamma beta alpha");
    check("unit:3x2x5:form=layer,pass=inf_bwd,eps=0.5,k=0.5", "x gamma beta alpha");
    check("unit:3x2x5:form=layer,alpha=0.75,pass=inf_bwd", "x gamma beta alpha");
}

Test(gradient, epilogues) {
    check("bn:3x4x5:epilogue=relu,pass=bwd", "x gamma beta");
    check("bn:3x4x5:epilogue=add_relu,pass=inf_bwd", "x gamma beta residual");
    check("in:2x3x7:epilogue=add_relu,pass=bwd", "x gamma beta residual");
    check("cin:4x2x5:styles=3,epilogue=add_relu,pass=bwd", "x gamma beta residual");
    check("bin:3x2x5:epilogue=add_relu,pass=bwd", "x gamma beta rho residual");
    check("gn:2x6x3:g=3,epilogue=relu,pass=bwd", "x gamma beta");
    check("ln:2x4x3:epilogue=add_relu,pass=bwd", "x gamma beta residual");
    check("rms:2x4x3:epilogue=relu,pass=bwd", "x gamma");
    check("rms:2x4x3:epilogue=add_relu,pass=bwd", "x gamma residual");
    check("adain:2x2x9:regions=2,style=4,epilogue=add_relu,pass=bwd", "x style residual");
    check("adain:3x2x5:style=swap,epilogue=add_relu,pass=bwd", "x residual");
    check("unit:2x3x5:epilogue=relu,pass=bwd,eps=0.5", "x alpha");
    check("unit:2x3x5:form=vector,epilogue=add_relu,pass=bwd", "x alpha residual");
    check("unit:3x2x5:form=layer,epilogue=relu,pass=bwd", "x gamma beta alpha");
    check("unit:3x2x5:form=layer,epilogue=add_relu,pass=bwd", "x gamma beta alpha residual");
}

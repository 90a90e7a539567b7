/* Gradients are the derivatives of the implementation's own forward pass, and orthogonal to some
 * vectors.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "verify/properties/property_trial.h"

/* ---- differences -------------------------------------------------------------------------- */

/* An input and its gradient. */
struct pair {
    enum reference_tensor_id input, gradient;
};

static const struct pair pairs[] = {
    {REFERENCE_TENSOR_x, REFERENCE_TENSOR_dx},
    {REFERENCE_TENSOR_gamma, REFERENCE_TENSOR_dgamma},
    {REFERENCE_TENSOR_beta, REFERENCE_TENSOR_dbeta},
    {REFERENCE_TENSOR_rho, REFERENCE_TENSOR_drho},
    {REFERENCE_TENSOR_alpha, REFERENCE_TENSOR_dalpha},
    {REFERENCE_TENSOR_style, REFERENCE_TENSOR_dstyle},
    {REFERENCE_TENSOR_style_mean, REFERENCE_TENSOR_dstyle_mean},
    {REFERENCE_TENSOR_style_std, REFERENCE_TENSOR_dstyle_std},
};

/* The step from values around one. It is so large that the rounding of y, divided by it, stays
 * small, and small enough for the fourth-order rule. */
static const double STEP = 0x1p-4;

/* Runs the forward pass and returns the loss whose gradient by y is dy. */
static double loss(struct verify_experiment *forward, const float *dy) {
    verify_experiment_run(forward);
    const float *y = forward->data[REFERENCE_TENSOR_y];
    double sum = 0.0;
    for (int64_t i = 0; i < forward->tensors[REFERENCE_TENSOR_y].count; i++) {
        sum += (double)dy[i] * (double)y[i];
    }
    return sum;
}

/* Returns a bound of the error that the roundings of y cause in the loss. */
static double error_of_loss(const struct verify_experiment *forward, const float *dy) {
    const double *bound = verify_experiment_bound(forward, REFERENCE_TENSOR_y);
    double sum = 0.0;
    for (int64_t i = 0; i < forward->tensors[REFERENCE_TENSOR_y].count; i++) {
        sum += fabs((double)dy[i]) * bound[i];
    }
    return sum;
}

/* Losses one and two steps to either side. */
struct stencil {
    double minus_two, minus_one, one, two;
};

/* A derivative by the rule of fourth order, and a bound of its error. Its truncation error is less
 * than the difference between the two rules of second order, for one and for two steps; each loss
 * adds its rounding error. */
struct derivative {
    double value, error;
};

static struct derivative differentiate(const struct stencil *stencil, double error) {
    const double narrow = (stencil->one - stencil->minus_one) / (2.0 * STEP);
    const double wide = (stencil->two - stencil->minus_two) / (4.0 * STEP);
    return (struct derivative){(4.0 * narrow - wide) / 3.0,
                               fabs(wide - narrow) + 1.5 * error / STEP};
}

static double largest_of(const float *values, int64_t count) {
    double largest = 0.0;
    for (int64_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs((double)values[i]));
    }
    return largest;
}

/* Expects a gradient to be the derivative. A thousandth of the largest gradient is allowed for
 * elements where the rules happen to agree; mistakes (a sign, a missing term, a wrong factor) are
 * far larger. */
static void expect_derivative(const struct verify_experiment *e, enum reference_tensor_id id,
                              int64_t index, struct derivative derivative) {
    const float *gradient = e->data[id];
    const double allowance = 1e-3 * (largest_of(gradient, e->tensors[id].count) + 0x1p-10);
    verify_expect(e, e->tensors[id].name, index, (double)gradient[index], derivative.value,
                  derivative.error + allowance + verify_roundoff(e));
}

static void check_pair(struct verify_experiment *e, struct pair pair) {
    struct verify_experiment *forward = e->forward;
    const float *dy = e->data[REFERENCE_TENSOR_dy];
    float *input = forward->data[pair.input];
    const double error = error_of_loss(forward, dy);
    for (int64_t i = 0; i < e->tensors[pair.gradient].count; i++) {
        const float value = input[i];
        double losses[4];
        for (int k = 0; k < 4; k++) {
            static const double steps[] = {-2.0, -1.0, 1.0, 2.0};
            input[i] = (float)((double)value + steps[k] * STEP);
            losses[k] = loss(forward, dy);
        }
        input[i] = value;
        const struct stencil stencil = {losses[0], losses[1], losses[2], losses[3]};
        expect_derivative(e, pair.gradient, i, differentiate(&stencil, error));
    }
}

static double loss_at_alpha(const struct verify_experiment *e, double alpha) {
    struct norma_problem problem = e->forward->problem;
    problem.alpha = alpha;
    struct verify_experiment *forward = verify_experiment_of(e->trial, &problem);
    return loss(forward, e->data[REFERENCE_TENSOR_dy]);
}

/* Checks the gradient of an alpha that is a number of the problem. */
static void check_scalar_alpha(const struct verify_experiment *e) {
    const double alpha = e->problem.alpha;
    const struct stencil stencil = {
        loss_at_alpha(e, alpha - 2.0 * STEP),
        loss_at_alpha(e, alpha - STEP),
        loss_at_alpha(e, alpha + STEP),
        loss_at_alpha(e, alpha + 2.0 * STEP),
    };
    const double error = error_of_loss(e->forward, e->data[REFERENCE_TENSOR_dy]);
    expect_derivative(e, REFERENCE_TENSOR_dalpha, 0, differentiate(&stencil, error));
}

/* Moves gates and alphas into the inner half of [0, 1], which the steps must not leave. */
static void keep_from_the_ends(struct verify_experiment *e, enum reference_tensor_id id) {
    float *values = e->data[id];
    for (int64_t i = 0; values && i < e->tensors[id].count; i++) {
        values[i] = 0.25f + 0.5f * values[i];
    }
}

static void gradients_are_derivatives(struct verify_trial *trial, const char *text) {
    struct verify_experiment *e = verify_experiment_named(trial, "%s", text);
    keep_from_the_ends(e, REFERENCE_TENSOR_rho);
    keep_from_the_ends(e, REFERENCE_TENSOR_alpha);
    verify_experiment_run(e);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct pair pair = pairs[i];
        if (reference_is_output(&e->tensors[pair.gradient]) &&
            reference_is_input(&e->forward->tensors[pair.input])) {
            check_pair(e, pair);
        }
    }
    if (reference_is_output(&e->tensors[REFERENCE_TENSOR_dalpha]) &&
        !e->data[REFERENCE_TENSOR_alpha]) {
        check_scalar_alpha(e);
    }
}

/* Some have an epsilon that is large enough to show in the gradient. */
static const char *const small_problems[] = {
    "bn:3x2x5:pass=bwd,eps=0.1",
    "bn:7x2:pass=bwd",
    "bn:3x2x5:pass=inf_bwd",
    "in:2x2x7:pass=bwd,eps=0.1",
    "cin:3x2x7:styles=2,pass=bwd",
    "bin:3x2x5:pass=bwd,eps=0.1",
    "bin:2x2x5:pass=bwd,rho=0.5",
    "bin:3x2x5:pass=inf_bwd",
    "adain:2x2x5:alpha=0.75,pass=bwd,eps=0.1",
    "adain:2x2x5:style=3x2,std=unbiased,pass=bwd",
    "adain:2x2x5:styles=2,pass=bwd",
    "adain:2x2x5:style=stats,pass=bwd",
    "adain:2x1x5:style=stats,styles=3,pass=bwd",
    "adain:2x2x9:regions=2,pass=bwd,eps=0.1",
    "adain:3x2x5:style=swap,pass=bwd",
    "adain:3x2x5:style=swap,std=unbiased,alpha=0.5,pass=bwd",
    "gn:2x4x3:g=2,pass=bwd,eps=0.1",
    "ln:2x4x3:pass=bwd",
    "ln:3x7:pass=bwd,eps=0.1",
    "rms:2x3x5:pass=bwd,eps=0.1",
    "unit:2x3x5:pass=bwd,eps=0.5",
    "unit:2x3x5:alpha=0.75,pass=bwd",
    "unit:2x3x5:alpha=element,pass=bwd",
    "unit:2x3x5:form=vanilla,pass=bwd",
    "unit:2x3x5:form=scalar,alpha=0.75,pass=bwd",
    "unit:2x3x5:form=vector,pass=bwd",
    "unit:2x3x5:form=vector,alpha=element,pass=bwd",
    "unit:3x2x5:form=layer,pass=bwd,eps=0.1",
    "unit:3x2x5:form=layer,alpha=0.75,k=2,pass=bwd",
    "unit:3x2x5:form=layer,pass=inf_bwd",
    NULL,
};

/* ---- orthogonality ------------------------------------------------------------------------ */

/* Sums over the elements that one statistic is computed over, for the identities and their bounds.
 * x^ is (x - mean) r, and h is gamma dy. */
struct set_sums {
    double dx, dx_x_hat;                     /* expected to vanish */
    double h_x_hat;                          /* signed */
    double absolute_h, absolute_h_x_hat;     /* sums of absolute values */
    double dx_bound, dx_x_hat_bound, offset; /* offset: |mean| r + 1 */
};

/* dx = r (h - mean(h) - x^ mean(h x^)) sums to zero over its set, and against x^ to
 * r mean(h x^) (M - sum x^2) = epsilon r^3 sum(h x^), which vanishes with epsilon. The mean is
 * rounded to float, so that x^ sums to roundoff |mean| r M, not to zero; r likewise. */
static void dx_is_orthogonal_to_the_statistics(struct verify_trial *trial, const char *text) {
    struct verify_experiment *e = verify_experiment_named(trial, "%s", text);
    verify_experiment_run(e);
    const struct norma_problem *problem = &e->problem;
    const int64_t sets = norma_problem_statistics(problem);
    struct set_sums *sums = verify_trial_memory(trial, (size_t)sets * sizeof *sums);
    const float *x = e->data[REFERENCE_TENSOR_x], *dy = e->data[REFERENCE_TENSOR_dy],
                *dx = e->data[REFERENCE_TENSOR_dx], *gamma = e->data[REFERENCE_TENSOR_gamma],
                *mean = e->data[REFERENCE_TENSOR_mean], *r = e->data[REFERENCE_TENSOR_inverse_std];
    const double *bound = verify_experiment_bound(e, REFERENCE_TENSOR_dx);
    for (int64_t i = 0; i < e->tensors[REFERENCE_TENSOR_dx].count; i++) {
        const int64_t k = verify_set_of(problem, i);
        struct set_sums *set = &sums[k];
        const double x_hat = ((double)x[i] - (double)mean[k]) * (double)r[k];
        const double h = (double)gamma[verify_channel_of(problem, i)] * (double)dy[i];
        set->dx += (double)dx[i];
        set->dx_x_hat += (double)dx[i] * x_hat;
        set->h_x_hat += h * x_hat;
        set->absolute_h += fabs(h);
        set->absolute_h_x_hat += fabs(h * x_hat);
        set->dx_bound += bound[i];
        set->dx_x_hat_bound += fabs(x_hat) * bound[i];
        set->offset = fabs((double)mean[k]) * (double)r[k] + 1.0;
    }
    for (int64_t k = 0; k < sets; k++) {
        const struct set_sums *set = &sums[k];
        const double scale = (double)r[k], error = verify_roundoff(e) * set->offset * scale;
        verify_expect(e, "sum of dx, set ", k, set->dx, 0.0,
                      set->dx_bound + error * set->absolute_h_x_hat);
        verify_expect(e, "sum of dx x^, set ", k, set->dx_x_hat,
                      problem->epsilon * scale * scale * scale * set->h_x_hat,
                      set->dx_x_hat_bound + error * (set->absolute_h + set->absolute_h_x_hat));
    }
}

static const char *const standardizations[] = {
    "in:3x5x37:pass=bwd",
    "in:2x3x4x9:eps=0.1,pass=bwd",
    "bn:3x5x37:pass=bwd",
    "bn:7x3:eps=0.1,pass=bwd",
    "gn:2x6x35:g=3,eps=1,pass=bwd",
    "ln:2x6x35:eps=0.01,pass=bwd",
    NULL,
};

/* The norm of y does not depend on that of x, so that dx is orthogonal to x in each sample. */
static void dx_of_vanilla_is_orthogonal_to_x(struct verify_trial *trial, const char *shape) {
    struct verify_experiment *e =
        verify_experiment_named(trial, "unit:%s:form=vanilla,pass=bwd", shape);
    verify_experiment_run(e);
    const float *x = e->data[REFERENCE_TENSOR_x], *dy = e->data[REFERENCE_TENSOR_dy],
                *dx = e->data[REFERENCE_TENSOR_dx], *r = e->data[REFERENCE_TENSOR_inverse_std];
    const double *bound = verify_experiment_bound(e, REFERENCE_TENSOR_dx);
    const int64_t sample = e->tensors[REFERENCE_TENSOR_x].count / e->problem.n;
    for (int64_t n = 0; n < e->problem.n; n++) {
        double sum = 0.0, allowed = 0.0;
        for (int64_t i = n * sample; i < (n + 1) * sample; i++) {
            sum += (double)x[i] * (double)dx[i];
            allowed += fabs((double)x[i]) *
                       (bound[i] + verify_roundoff(e) * (double)r[n] * fabs((double)dy[i]));
        }
        verify_expect(e, "sum of x dx, sample ", n, sum, 0.0, allowed);
    }
}

/* ------------------------------------------------------------------------------------------- */

const struct verify_property verify_properties_gradients[] = {
    {"gradients-are-derivatives", gradients_are_derivatives, small_problems, VERIFY_PROMISE_NEAR,
     VERIFY_IN_EACH_LAYOUT},
    {"dx-is-orthogonal-to-the-statistics", dx_is_orthogonal_to_the_statistics, standardizations,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {"dx-of-vanilla-is-orthogonal-to-x", dx_of_vanilla_is_orthogonal_to_x, verify_property_shapes,
     VERIFY_PROMISE_NEAR, VERIFY_IN_EACH_LAYOUT},
    {0},
};

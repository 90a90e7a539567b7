/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/elements.h"

#include <math.h>

#include "kernels/spans/spans.h"
#include "kernels/stages/in_double.h"

static bool divides(const struct norma_plan *plan) {
    return plan->problem.form == NORMA_FORM_VECTOR;
}

/* Checks whether a sample has norm 0 in a form that divides. All its x are 0, so that it adds to no
 * sum. */
static bool is_zero(const struct norma_plan *plan, double inverse_norm) {
    return divides(plan) && isinf(inverse_norm);
}

/* Returns by what alpha weights a sample: its inverse norm multiplies, its norm divides. If x is 0,
 * every weight but 0 gives the same result. */
static double weight_of(const struct norma_plan *plan, double inverse_norm) {
    if (is_zero(plan, inverse_norm)) {
        return 1.0;
    }
    return divides(plan) ? 1.0 / inverse_norm : inverse_norm;
}

/* Returns the inverse norm that the forward pass returned. */
static double saved_inverse_norm(const struct norma_execution *execution, int64_t sample) {
    return (double)execution->args->inverse_std[sample];
}

static int64_t sample_size(const struct norma_plan *plan) {
    return plan->problem.c * plan->spatial;
}

/* ---- forward ------------------------------------------------------------------------------ */

/* Returns the number of a slice's elements, which follow each other. */
static int64_t size_of(const struct norma_slice *slice) {
    return slice->channels * (slice->last - slice->first);
}

/* Returns what x is multiplied by at an element with this alpha, in double. A norm of 0 takes part
 * in forms that divide. */
static double factor_of(const struct norma_plan *plan, double inverse_norm, float alpha) {
    const double weight = is_zero(plan, inverse_norm) ? 0.0 : weight_of(plan, inverse_norm);
    const double w = (double)alpha * weight + (1.0 - (double)alpha);
    return divides(plan) ? (w == 0.0 ? 0.0 : 1.0 / w) : w;
}

static void apply_in_double(const struct norma_execution *execution, int64_t offset, int64_t count,
                            double inverse_norm) {
    const struct norma_plan *plan = execution->plan;
    const float *alpha = execution->args->alpha + offset % sample_size(plan);
    for (int64_t i = 0; i < count; i++) {
        norma_apply_to_element(execution, offset + i,
                               &(struct norma_wide_coefficients){
                                   .scale = factor_of(plan, inverse_norm, alpha[i]),
                                   .shift = -0.0,
                               });
    }
}

void norma_elements_apply(const struct norma_stage_context *context,
                          const struct norma_slice *slice) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const int64_t offset = norma_offset_of(context, slice->sample, slice->channel, slice->first);
    const double inverse_norm =
        context->statistics.inverse_std[norma_set_row(context, slice->sample, 0)];
    if (norma_is_factor_far(inverse_norm)) {
        apply_in_double(execution, offset, size_of(slice), inverse_norm);
        return;
    }
    plan->set->blend(&(struct norma_blend){
        .x = norma_element_at(plan, execution->args->x, offset),
        .alpha = execution->args->alpha + offset % sample_size(plan),
        .residual = norma_residual_at(execution, offset),
        .out = norma_output_at(plan, execution->args->y, offset),
        .length = size_of(slice),
        .weight = (float)weight_of(plan, inverse_norm),
        .divide = divides(plan),
        .relu = norma_has_relu(plan),
    });
}

/* ---- the product -------------------------------------------------------------------------- */

void norma_element_products(const struct norma_execution *execution, int64_t sample, int64_t first,
                            int64_t count, double *products) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const double inverse_norm = saved_inverse_norm(execution, sample);
    for (int64_t i = 0; i < count; i++) {
        const int64_t start = (first + i) * NORMA_CHUNK;
        const int64_t offset = sample * sample_size(plan) + start;
        const struct norma_blend work = {
            .x = norma_element_at(plan, args->x, offset),
            .alpha = args->alpha + start,
            .dy = norma_element_at(plan, args->dy, offset),
            .y = norma_relu_output_at(execution, offset),
            .length = norma_min(sample_size(plan) - start, NORMA_CHUNK),
            .divide = divides(plan),
        };
        products[i] = is_zero(plan, inverse_norm)
                          ? 0.0
                          : plan->set->blend_product(&work, weight_of(plan, inverse_norm));
    }
}

double norma_element_product(const struct norma_execution *execution, int64_t sample) {
    const int64_t chunks = norma_chunks(sample_size(execution->plan));
    double sum = 0.0;
    for (int64_t i = 0; i < chunks; i++) {
        double product;
        norma_element_products(execution, sample, i, 1, &product);
        sum += product;
    }
    return sum;
}

/* ---- dx ----------------------------------------------------------------------------------- */

/* In forms that divide, a sample with norm 0 has dx = dy / (1 - alpha), or 0 where alpha = 1. */
static void gradient_in_double(const struct norma_execution *execution, int64_t offset,
                               int64_t count, double inverse_norm, double x_scale) {
    const struct norma_plan *plan = execution->plan;
    const float *alpha = execution->args->alpha + offset % sample_size(plan);
    for (int64_t i = 0; i < count; i++) {
        norma_gradient_of_element(execution, offset + i,
                                  &(struct norma_wide_coefficients){
                                      .scale = factor_of(plan, inverse_norm, alpha[i]),
                                      .x_scale = x_scale,
                                      .shift = -0.0,
                                  });
    }
}

/* Returns the coefficient of x in dx. */
static double x_scale_of(const struct norma_plan *plan, double inverse_norm, double product) {
    const double r = inverse_norm;
    if (is_zero(plan, r)) {
        return 0.0;
    }
    return divides(plan) ? -product * r : -r * r * r * product;
}

void norma_elements_gradient(const struct norma_stage_context *context,
                             const struct norma_slice *slice) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = norma_offset_of(context, slice->sample, slice->channel, slice->first);
    const double product =
        context->statistics.set_product[norma_set_row(context, slice->sample, 0)];
    const double r = saved_inverse_norm(execution, context->tile.sample + slice->sample);
    const double x_scale = x_scale_of(plan, r, product);
    if (is_zero(plan, r) || norma_is_factor_far(r) || norma_leaves_float(x_scale)) {
        gradient_in_double(execution, offset, size_of(slice), r, x_scale);
        return;
    }
    plan->set->blend_gradient(&(struct norma_blend){
        .x = norma_element_at(plan, args->x, offset),
        .alpha = args->alpha + offset % sample_size(plan),
        .dy = norma_element_at(plan, args->dy, offset),
        .y = norma_relu_output_at(execution, offset),
        .out = norma_output_at(plan, args->dx, offset),
        .dresidual = norma_dresidual_at(execution, offset),
        .length = size_of(slice),
        .weight = (float)weight_of(plan, r),
        .x_scale = (float)x_scale,
        .divide = divides(plan),
    });
}

/* ---- dalpha ------------------------------------------------------------------------------- */

void norma_element_factors(const struct norma_execution *execution, double *weight,
                           double *factor) {
    for (int64_t n = 0; n < execution->plan->samples; n++) {
        const double w = weight_of(execution->plan, saved_inverse_norm(execution, n));
        weight[n] = w;
        factor[n] = divides(execution->plan) ? 1.0 - w : w - 1.0;
    }
}

void norma_element_alpha(const struct norma_execution *execution, int64_t first, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    plan->set->blend_alpha(&(struct norma_blend_alpha){
        .x = norma_element_at(plan, args->x, first),
        .dy = norma_element_at(plan, args->dy, first),
        .y = norma_relu_output_at(execution, first),
        .alpha = args->alpha + first,
        .out = args->dalpha + first,
        .length = count,
        .samples = plan->samples,
        .stride = sample_size(plan),
        .weight = execution->workspace.element_weight,
        .factor = execution->workspace.element_factor,
        .divide = divides(plan),
    });
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/elements.h"

#include <math.h>

#include "kernels/stages/merge.h"

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

void norma_elements_apply(const struct norma_stage_context *context,
                          const struct norma_slice *slice) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const int64_t offset = norma_offset_of(context, slice->sample, slice->channel, slice->first);
    const double inverse_norm =
        context->statistics.inverse_std[norma_set_row(context, slice->sample, 0)];
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

/* Computes dx = dy / (1 - alpha), or 0 where alpha = 1, of a sample with norm 0. Such samples are
 * rare enough to go without SIMD. */
static void zero_gradient(const struct norma_execution *execution, int64_t offset, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const float *alpha = args->alpha + offset % sample_size(plan);
    const void *y = norma_relu_output_at(execution, offset);
    const void *dy = norma_element_at(plan, args->dy, offset);
    void *dx = norma_output_at(plan, args->dx, offset);
    void *dresidual = norma_dresidual_at(execution, offset);
    for (int64_t i = 0; i < count; i++) {
        const bool blocked = y && norma_read_element(plan, y, i) <= 0.0f;
        const float passed = blocked ? 0.0f : norma_read_element(plan, dy, i);
        const float w = 1.0f - alpha[i];
        if (dresidual) {
            norma_write_element(plan, dresidual, i, passed);
        }
        norma_write_element(plan, dx, i, w == 0.0f ? 0.0f : passed / w);
    }
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
    if (is_zero(plan, r)) {
        zero_gradient(execution, offset, size_of(slice));
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
        .x_scale = (float)(divides(plan) ? -product * r : -r * r * r * product),
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

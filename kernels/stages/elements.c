/* Backward of unitization with an alpha per element.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>

#include "kernels/stages/merge.h"
#include "kernels/stages/tile.h"

static bool divides(const struct norma_plan *plan) {
    return plan->problem.form == NORMA_FORM_VECTOR;
}

static double inverse_norm(const struct norma_execution *execution, int64_t sample) {
    return (double)execution->args->inverse_std[sample];
}

/* A sample without norm, in a form that divides. Its x is 0, so it adds to no sum. */
static bool is_zero(const struct norma_execution *execution, int64_t sample) {
    return divides(execution->plan) && isinf(inverse_norm(execution, sample));
}

/* 1/|x| multiplies, |x| divides. */
static double weight_of(const struct norma_execution *execution, int64_t sample) {
    const double r = inverse_norm(execution, sample);
    return divides(execution->plan) ? 1.0 / r : r;
}

static int64_t sample_size(const struct norma_plan *plan) {
    return plan->problem.c * plan->spatial;
}

static const float *gate_at(const struct norma_execution *execution, int64_t offset) {
    const bool relu = execution->plan->problem.epilogue != NORMA_EPILOGUE_NONE;
    return relu ? (const float *)execution->args->y + offset : NULL;
}

/* ---- the product -------------------------------------------------------------------------- */

void norma_element_products(const struct norma_execution *execution, int64_t sample, int64_t first,
                            int64_t count, double *products) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    for (int64_t i = 0; i < count; i++) {
        const int64_t start = (first + i) * NORMA_CHUNK;
        const int64_t rest = sample_size(plan) - start;
        const int64_t offset = sample * sample_size(plan) + start;
        const struct norma_blend work = {
            .x = (const float *)args->x + offset,
            .alpha = args->alpha + start,
            .dy = (const float *)args->dy + offset,
            .y = gate_at(execution, offset),
            .length = rest < NORMA_CHUNK ? rest : NORMA_CHUNK,
            .divide = divides(plan),
        };
        products[i] = is_zero(execution, sample)
                          ? 0.0
                          : plan->set->blend_product(&work, weight_of(execution, sample));
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

/* dx = dy / (1 - alpha), 0 where alpha = 1: rare enough to go without SIMD. */
static void zero_gradient(const struct norma_execution *execution, int64_t offset, int64_t first,
                          int64_t count) {
    const struct norma_args *args = execution->args;
    const float *gate = gate_at(execution, offset);
    const float *dy = (const float *)args->dy + offset;
    float *dx = (float *)args->dx + offset;
    for (int64_t i = 0; i < count; i++) {
        const float open = gate && gate[i] <= 0.0f ? 0.0f : dy[i];
        const float w = 1.0f - args->alpha[first + i];
        if (execution->plan->problem.epilogue == NORMA_EPILOGUE_ADD_RELU && args->dresidual) {
            ((float *)args->dresidual)[offset + i] = open;
        }
        dx[i] = w == 0.0f ? 0.0f : open / w;
    }
}

void norma_element_gradient(const struct norma_execution *execution, int64_t sample, double product,
                            int64_t first, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = sample * sample_size(plan) + first;
    const double r = inverse_norm(execution, sample);
    const bool add = plan->problem.epilogue == NORMA_EPILOGUE_ADD_RELU && args->dresidual;
    if (is_zero(execution, sample)) {
        zero_gradient(execution, offset, first, count);
        return;
    }
    plan->set->blend_gradient(&(struct norma_blend){
        .x = (const float *)args->x + offset,
        .alpha = args->alpha + first,
        .dy = (const float *)args->dy + offset,
        .y = gate_at(execution, offset),
        .out = (float *)args->dx + offset,
        .dresidual = add ? (float *)args->dresidual + offset : NULL,
        .length = count,
        .weight = (float)weight_of(execution, sample),
        .x_scale = (float)(divides(plan) ? -product * r : -r * r * r * product),
        .divide = divides(plan),
    });
}

/* ---- dalpha ------------------------------------------------------------------------------- */

void norma_element_factors(const struct norma_execution *execution, double *weight,
                           double *factor) {
    for (int64_t n = 0; n < execution->plan->samples; n++) {
        const double w = is_zero(execution, n) ? 1.0 : weight_of(execution, n);
        weight[n] = w;
        factor[n] = divides(execution->plan) ? 1.0 - w : w - 1.0;
    }
}

void norma_element_alpha(const struct norma_execution *execution, const double *weight,
                         const double *factor, int64_t first, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    plan->set->blend_alpha(&(struct norma_blend_alpha){
        .x = (const float *)args->x + first,
        .dy = (const float *)args->dy + first,
        .y = gate_at(execution, first),
        .alpha = args->alpha + first,
        .out = args->dalpha + first,
        .length = count,
        .samples = plan->samples,
        .stride = sample_size(plan),
        .weight = weight,
        .factor = factor,
        .divide = divides(plan),
    });
}

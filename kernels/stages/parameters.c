/* Backward: the gradients of the parameters, from the sums of all planes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/stages/channels.h"

/* ---- what each plane adds ----------------------------------------------------------------- */

static void add_block(const struct norma_execution *execution, const struct norma_tile *tile,
                      const struct norma_statistics *statistics, const struct norma_block *block) {
    const struct norma_plan *plan = execution->plan;
    struct norma_spread spread;
    const struct norma_channels channels =
        norma_channels_of(execution, tile, statistics, block, &spread);
    const struct norma_sums sums = norma_sums_of(execution, tile, statistics, block, &spread);
    double gamma[NORMA_BLOCK], beta[NORMA_BLOCK], other[NORMA_BLOCK];
    plan->descriptor->parameters(&channels, &sums,
                                 &(struct norma_parameter_sums){gamma, beta, other, other});
    const int64_t entry = norma_plane_entry(plan, tile, block->sample, 0, block->channel);
    const size_t bytes = (size_t)block->count * sizeof(double);
    if (plan->descriptor->shift) {
        memcpy(execution->first + entry, beta, bytes);
    }
    if (plan->descriptor->scale) {
        memcpy(execution->second + entry, gamma, bytes);
    }
    if (execution->third) {
        memcpy(execution->third + entry, other, bytes);
    }
}

void norma_tile_parameters(const struct norma_execution *execution, const struct norma_tile *tile,
                           const struct norma_statistics *statistics) {
    const struct norma_plan *plan = execution->plan;
    if (!plan->descriptor->parameters || plan->elementwise || plan->rows) {
        return;
    }
    for (int64_t n = 0; n < tile->samples; n++) {
        const struct norma_block all = {n, 0, 0, tile->channels};
        for (int64_t c = 0; c < tile->channels; c += NORMA_BLOCK) {
            const struct norma_block block = norma_rest_of(&all, c, NORMA_BLOCK);
            add_block(execution, tile, statistics, &block);
        }
    }
}

/* ---- sums over the samples ---------------------------------------------------------------- */

/* Of the samples that use row `row` of the tables; without tables, of all. */
static void sum_samples(const struct norma_execution *execution, const double *planes, int64_t row,
                        int64_t channel, int64_t count, double *restrict sums) {
    const struct norma_plan *plan = execution->plan;
    const int32_t *rows = plan->descriptor->tables ? execution->args->style_index : NULL;
    memset(sums, 0, (size_t)count * sizeof *sums);
    for (int64_t n = 0; n < plan->parameter_parts; n++) {
        const double *const sample = planes + n * plan->problem.c + channel;
        const int64_t used = !rows || rows[n] == row ? count : 0;
        for (int64_t i = 0; i < used; i++) {
            sums[i] += sample[i];
        }
    }
}

/* gradient: [rows][C]; NULL: not wanted. */
static void write_gradient(const struct norma_execution *execution, const double *planes,
                           float *gradient, int64_t channel, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const int64_t rows = plan->descriptor->tables ? plan->problem.styles : 1;
    double sums[NORMA_BLOCK];
    for (int64_t row = 0; gradient && row < rows; row++) {
        sum_samples(execution, planes, row, channel, count, sums);
        for (int64_t i = 0; i < count; i++) {
            gradient[row * plan->problem.c + channel + i] = (float)sums[i];
        }
    }
}

static bool has_alpha_by(const struct norma_plan *plan, norma_alpha_kind kind) {
    return plan->descriptor->weight && plan->problem.alpha_kind == kind;
}

void norma_parameter_gradients(const struct norma_execution *execution, int64_t channel,
                               int64_t channels) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const bool gate = plan->descriptor->gate && !plan->problem.rho_fixed;
    const bool alpha = has_alpha_by(plan, NORMA_ALPHA_CHANNEL);
    for (int64_t c = channel; c < channel + channels; c += NORMA_BLOCK) {
        const int64_t rest = channel + channels - c;
        const int64_t count = rest < NORMA_BLOCK ? rest : NORMA_BLOCK;
        write_gradient(execution, execution->second, plan->descriptor->scale ? args->dgamma : NULL,
                       c, count);
        write_gradient(execution, execution->first, plan->descriptor->shift ? args->dbeta : NULL, c,
                       count);
        write_gradient(execution, execution->third, gate ? args->drho : NULL, c, count);
        write_gradient(execution, execution->third, alpha ? args->dalpha : NULL, c, count);
    }
}

void norma_number_gradient(const struct norma_execution *execution) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_problem *problem = &plan->problem;
    if (!has_alpha_by(execution->plan, NORMA_ALPHA_SCALAR) || !execution->args->dalpha ||
        problem->form == NORMA_FORM_VANILLA) {
        return;
    }
    double sum = 0.0;
    for (int64_t plane = 0; plane < plan->parameter_parts * problem->c; plane++) {
        sum += execution->third[plane];
    }
    execution->args->dalpha[0] = (float)sum;
}

/* Backward: the gradients of the parameters, from the sums of all planes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/stages/channels.h"
#include "kernels/stages/tile.h"

/* ---- what each plane adds to the parameters' ---------------------------------------------- */

/* Replaces the sums of a block's planes. */
static void replace_sums(const struct norma_stage_context *context, const struct norma_block *block,
                         const struct norma_channels *channels, const struct norma_sums *sums) {
    const struct norma_operator_descriptor *descriptor = context->execution->plan->descriptor;
    const struct norma_workspace *workspace = &context->execution->workspace;
    const int64_t entry = norma_plane_entry(context, block->sample, 0, block->channel);
    const size_t bytes = (size_t)block->count * sizeof(double);
    double gamma[NORMA_BLOCK], beta[NORMA_BLOCK], weight[NORMA_BLOCK];
    /* An operator has a gate or an alpha, never both. */
    descriptor->parameters(channels, sums,
                           &(struct norma_parameter_sums){gamma, beta, weight, weight});
    if (descriptor->shift) {
        memcpy(workspace->plane_dy + entry, beta, bytes);
    }
    if (descriptor->scale) {
        memcpy(workspace->plane_product + entry, gamma, bytes);
    }
    if (workspace->plane_weight) {
        memcpy(workspace->plane_weight + entry, weight, bytes);
    }
}

void norma_tile_parameters(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    if (plan->descriptor->parameters && !plan->elementwise && !plan->row_statistics) {
        norma_for_each_block(context, replace_sums);
    }
}

/* ---- sums over the samples ---------------------------------------------------------------- */

/* Sums over the samples that use this row of the tables, or over all if there are no tables. */
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

/* Writes at most NORMA_BLOCK channels of a gradient, [rows][C], unless it is NULL. */
static void write_gradient(const struct norma_execution *execution, const double *planes,
                           float *gradient, int64_t channel, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const int64_t rows = plan->descriptor->tables ? plan->problem.styles : 1;
    double sums[NORMA_BLOCK];
    if (!gradient) {
        return;
    }
    for (int64_t row = 0; row < rows; row++) {
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
    const struct norma_operator_descriptor *descriptor = plan->descriptor;
    const struct norma_workspace *workspace = &execution->workspace;
    const struct norma_args *args = execution->args;
    const bool gate = descriptor->gate && !plan->problem.rho_fixed;
    const bool alpha = has_alpha_by(plan, NORMA_ALPHA_CHANNEL);
    float *dgamma = descriptor->scale ? args->dgamma : NULL;
    float *dbeta = descriptor->shift ? args->dbeta : NULL;
    for (int64_t c = channel; c < channel + channels; c += NORMA_BLOCK) {
        const int64_t count = norma_min(channel + channels - c, NORMA_BLOCK);
        write_gradient(execution, workspace->plane_product, dgamma, c, count);
        write_gradient(execution, workspace->plane_dy, dbeta, c, count);
        write_gradient(execution, workspace->plane_weight, gate ? args->drho : NULL, c, count);
        write_gradient(execution, workspace->plane_weight, alpha ? args->dalpha : NULL, c, count);
    }
}

void norma_number_gradient(const struct norma_execution *execution) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_problem *problem = &plan->problem;
    if (!has_alpha_by(plan, NORMA_ALPHA_SCALAR) || !execution->args->dalpha ||
        problem->form == NORMA_FORM_VANILLA) {
        return;
    }
    double sum = 0.0;
    for (int64_t plane = 0; plane < plan->parameter_parts * problem->c; plane++) {
        sum += execution->workspace.plane_weight[plane];
    }
    execution->args->dalpha[0] = (float)sum;
}

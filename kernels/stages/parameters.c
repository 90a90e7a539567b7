/* Backward: the gradients of the parameters and of adain's style, from the sums of all planes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/stages/channels.h"
#include "kernels/stages/recovered_means.h"
#include "kernels/stages/sample_moments.h"
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

/* ---- the style ---------------------------------------------------------------------------- */

/* Returns the gradient of the statistics of one channel of a style. The style counts with its
 * weight among several, and by the sums of the region that it is the style of. */
static struct norma_style_gradient style_gradient(const struct norma_execution *execution,
                                                  int64_t sample, int64_t style, int64_t channel) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t region = plan->regions > 1 ? style : 0;
    const int64_t entry = (sample * plan->regions + region) * plan->problem.c + channel;
    const double weight =
        plan->mixed_styles ? (double)args->style_weights[sample * plan->styles + style] : 1.0;
    return norma_gradient_of_style(&plan->problem, weight, (double)args->inverse_std[entry],
                                   execution->workspace.plane_dy[entry],
                                   execution->workspace.plane_product[entry]);
}

static void write_statistics_gradients(const struct norma_args *args, int64_t entry,
                                       struct norma_style_gradient gradient) {
    if (args->dstyle_mean) {
        args->dstyle_mean[entry] = (float)gradient.mean;
    }
    if (args->dstyle_std) {
        args->dstyle_std[entry] = (float)gradient.deviation;
    }
}

/* Writes the gradient of some channels of a style tensor. The affine is of these channels. */
static void write_tensor_gradient(const struct norma_execution *execution, int64_t style,
                                  int64_t channel, int64_t count,
                                  const struct norma_stage_affine *affine) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t channels = plan->problem.c, positions = plan->style_spatial;
    const bool columns = plan->style_order == NORMA_ORDER_COLUMNS;
    const int64_t offset = style * channels * positions + (columns ? channel : channel * positions);
    const struct norma_apply work = {
        .x = norma_element_at(plan, args->style, offset),
        .y = norma_output_at(plan, args->dstyle, offset),
        .length = columns ? count : positions,
        .spans = columns ? positions : count,
        .centre = affine->centre,
        .scale = affine->scale,
        .shift = affine->shift,
    };
    if (columns) {
        norma_apply_columns(plan, &work, channels);
    } else {
        plan->set->apply(&work);
    }
}

/* Writes the means of a style's channels, of the style tensor itself where the ones that were given
 * are large (see recovered_means.h). */
static void fill_style_means(const struct norma_execution *execution, int64_t row, int64_t channel,
                             int64_t count, double *means) {
    const int64_t first = row * execution->plan->problem.c + channel;
    const float *given = execution->args->style_mean + first;
    const float *deviation = execution->args->style_std + first;
    const double epsilon = execution->plan->problem.style_unbiased ? 0.0 : execution->plan->epsilon;
    double exact[NORMA_BLOCK], m2[NORMA_BLOCK];
    bool any = false, large[NORMA_BLOCK];
    for (int64_t i = 0; i < count; i++) {
        means[i] = (double)given[i];
        large[i] = norma_is_large_mean(means[i], 1.0 / (double)deviation[i], epsilon);
        any |= large[i];
    }
    if (!any) {
        return;
    }
    norma_style_moments(execution, row, channel, count, (struct norma_moment_arrays){exact, m2});
    for (int64_t i = 0; i < count; i++) {
        means[i] = large[i] ? exact[i] : means[i];
    }
}

/* Writes the gradients of the statistics of at most NORMA_BLOCK channels, which were given. */
static void statistics_block(const struct norma_execution *execution, int64_t sample, int64_t style,
                             int64_t channel, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const int64_t first = (sample * plan->styles + style) * plan->problem.c + channel;
    for (int64_t i = 0; i < count; i++) {
        write_statistics_gradients(execution->args, first + i,
                                   style_gradient(execution, sample, style, channel + i));
    }
}

/* Writes the gradients of at most NORMA_BLOCK channels of a style tensor. */
static void tensor_block(const struct norma_execution *execution, int64_t sample, int64_t style,
                         int64_t channel, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const int64_t row = sample * plan->styles + style;
    const float *deviation = execution->args->style_std + row * plan->problem.c + channel;
    float centre[NORMA_BLOCK], scale[NORMA_BLOCK], shift[NORMA_BLOCK];
    double mean[NORMA_BLOCK];
    fill_style_means(execution, row, channel, count, mean);
    for (int64_t i = 0; i < count; i++) {
        const struct norma_affine_of_style affine = norma_style_affine(
            &plan->problem, style_gradient(execution, sample, style, channel + i),
            (double)deviation[i], (double)plan->style_spatial);
        centre[i] = (float)mean[i];
        scale[i] = (float)affine.scale;
        const double residue = (double)centre[i] - mean[i];
        shift[i] = (float)(residue == 0.0 ? affine.shift : affine.shift + residue * affine.scale);
    }
    write_tensor_gradient(execution, row, channel, count,
                          &(struct norma_stage_affine){centre, scale, shift});
}

void norma_style_channels(const struct norma_execution *execution, int64_t sample, int64_t style,
                          int64_t channel, int64_t channels) {
    const bool tensor = execution->plan->style_spatial > 0;
    for (int64_t c = channel; c < channel + channels; c += NORMA_BLOCK) {
        (tensor ? tensor_block : statistics_block)(execution, sample, style, c,
                                                   norma_min(channel + channels - c, NORMA_BLOCK));
    }
}

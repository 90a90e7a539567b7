/* Backward: the gradients of adain's style, from the sums of all planes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/in_double.h"
#include "kernels/stages/recovered_means.h"
#include "kernels/stages/sample_moments.h"
#include "kernels/stages/tile.h"

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

/* Returns the offset in the style tensor of the first element of a channel. `row` counts the styles
 * of all samples. */
static int64_t offset_of(const struct norma_plan *plan, int64_t row, int64_t channel) {
    const bool columns = plan->style_order == NORMA_ORDER_COLUMNS;
    return row * plan->problem.c * plan->style_spatial +
           (columns ? channel : channel * plan->style_spatial);
}

/* Writes the gradient of some channels of a style tensor. The affine is of these channels. */
static void write_tensor_gradient(const struct norma_execution *execution, int64_t row,
                                  int64_t channel, int64_t count,
                                  const struct norma_stage_affine *affine) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const bool columns = plan->style_order == NORMA_ORDER_COLUMNS;
    const int64_t offset = offset_of(plan, row, channel);
    const struct norma_apply work = {
        .x = norma_element_at(plan, args->style, offset),
        .y = norma_output_at(plan, args->dstyle, offset),
        .length = columns ? count : plan->style_spatial,
        .spans = columns ? plan->style_spatial : count,
        .centre = affine->centre,
        .scale = affine->scale,
        .shift = affine->shift,
    };
    if (columns) {
        norma_apply_columns(plan, &work, plan->problem.c);
    } else {
        plan->set->apply(&work);
    }
}

/* Writes that of a channel whose coefficients leave the range of float (see in_double.h). */
static void write_channel_in_double(const struct norma_execution *execution, int64_t row,
                                    int64_t channel, double mean,
                                    struct norma_affine_of_style affine) {
    const struct norma_plan *plan = execution->plan;
    const bool columns = plan->style_order == NORMA_ORDER_COLUMNS;
    const int64_t offset = offset_of(plan, row, channel);
    const int64_t step = columns ? plan->problem.c : 1;
    for (int64_t i = 0; i < plan->style_spatial; i++) {
        const int64_t at = offset + i * step;
        const double deviation =
            (double)norma_read_element(plan, execution->args->style, at) - mean;
        norma_write_element(plan, execution->args->dstyle, at,
                            (float)(deviation * affine.scale + affine.shift));
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
    double exact[NORMA_BLOCK], m2[NORMA_BLOCK], chunk_mean[NORMA_BLOCK], chunk_m2[NORMA_BLOCK];
    bool any = false, large[NORMA_BLOCK];
    for (int64_t i = 0; i < count; i++) {
        means[i] = (double)given[i];
        large[i] = norma_is_large_mean(means[i], 1.0 / (double)deviation[i], epsilon);
        any |= large[i];
    }
    if (!any) {
        return;
    }
    norma_style_moments(execution, row, channel, count, (struct norma_moment_arrays){exact, m2},
                        &(struct norma_column_buffers){.chunk = {chunk_mean, chunk_m2}});
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

static bool is_in_double(double mean, struct norma_affine_of_style affine) {
    return norma_leaves_float(affine.scale) || norma_leaves_float(affine.shift) ||
           norma_is_centre_far(mean);
}

/* Writes the gradients of at most NORMA_BLOCK channels of a style tensor. Those in double are
 * written again: the tensor is not the one that is read. */
static void tensor_block(const struct norma_execution *execution, int64_t sample, int64_t style,
                         int64_t channel, int64_t count) {
    const struct norma_plan *plan = execution->plan;
    const int64_t row = sample * plan->styles + style;
    const float *deviation = execution->args->style_std + row * plan->problem.c + channel;
    struct norma_affine_of_style affine[NORMA_BLOCK];
    float centre[NORMA_BLOCK], scale[NORMA_BLOCK], shift[NORMA_BLOCK];
    double mean[NORMA_BLOCK];
    fill_style_means(execution, row, channel, count, mean);
    for (int64_t i = 0; i < count; i++) {
        affine[i] = norma_style_affine(&plan->problem,
                                       style_gradient(execution, sample, style, channel + i),
                                       (double)deviation[i], (double)plan->style_spatial);
        centre[i] = (float)mean[i];
        scale[i] = (float)affine[i].scale;
        shift[i] = norma_constant_of(affine[i].shift, mean[i], affine[i].scale);
    }
    write_tensor_gradient(execution, row, channel, count,
                          &(struct norma_stage_affine){centre, scale, shift});
    for (int64_t i = 0; i < count; i++) {
        if (is_in_double(mean[i], affine[i])) {
            write_channel_in_double(execution, row, channel + i, mean[i], affine[i]);
        }
    }
}

void norma_style_channels(const struct norma_execution *execution, int64_t sample, int64_t style,
                          int64_t channel, int64_t channels) {
    const bool tensor = execution->plan->style_spatial > 0;
    for (int64_t c = channel; c < channel + channels; c += NORMA_BLOCK) {
        (tensor ? tensor_block : statistics_block)(execution, sample, style, c,
                                                   norma_min(channel + channels - c, NORMA_BLOCK));
    }
}

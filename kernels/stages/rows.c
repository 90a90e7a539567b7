/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/rows.h"

#include <string.h>

#include "kernels/stages/channels.h"

enum {
    /* The sums of the columns, 16 bytes for each, stay in a core's L2 cache during a group. */
    GROUP_ELEMENTS = 64 * 1024,
    LARGEST_GROUP = 256,
    SMALLEST_GROUP = 16
};

_Static_assert(LARGEST_GROUP <= (int)NORMA_BLOCK, "a group is a block of rows");

int64_t norma_row_group(int64_t channels) {
    const int64_t rows = GROUP_ELEMENTS / (channels + 1);
    return norma_max(SMALLEST_GROUP, norma_min(rows, LARGEST_GROUP));
}

static struct norma_row_scale scale_of(const struct norma_stage_context *context, int64_t first) {
    const struct norma_execution *execution = context->execution;
    const struct norma_problem *problem = &execution->plan->problem;
    const double *inverse_std = context->statistics.inverse_std + first;
    if (!execution->plan->descriptor->weight) {
        return (struct norma_row_scale){execution->args->gamma, 1.0, inverse_std, false};
    }
    const float *alpha = problem->alpha_kind == NORMA_ALPHA_CHANNEL ? execution->args->alpha : NULL;
    return (struct norma_row_scale){alpha, problem->alpha, inverse_std, true};
}

/* Returns the row's mean as a float, or 0 if the operator subtracts none, and in *residue what
 * rounding added to it. */
static float round_centre(const struct norma_stage_context *context, int64_t row, double *residue) {
    const bool subtracts = !context->execution->plan->descriptor->squared_norm;
    const double mean = subtracts ? context->statistics.mean[row] : 0.0;
    const float centre = (float)mean;
    *residue = (double)centre - mean;
    return centre;
}

/* ---- forward ------------------------------------------------------------------------------ */

static void apply_block(const struct norma_stage_context *context, int64_t first, int64_t rows) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = norma_offset_of(context, first, 0, 0);
    float centre[NORMA_BLOCK];
    double residue[NORMA_BLOCK];
    for (int64_t i = 0; i < rows; i++) {
        centre[i] = round_centre(context, first + i, &residue[i]);
    }
    plan->set->apply_rows(&(struct norma_row_apply){
        .x = norma_element_at(plan, args->x, offset),
        .residual = norma_residual_at(execution, offset),
        .y = norma_output_at(plan, args->y, offset),
        .length = plan->problem.c,
        .rows = rows,
        .scale = scale_of(context, first),
        .centre = centre,
        .residue = residue,
        .shift = plan->descriptor->shift ? args->beta : NULL,
        .no_shift = plan->descriptor->shift ? 0.0f : -0.0f, /* x + -0.0 is x for every x */
        .relu = norma_has_relu(plan),
        .nontemporal = norma_streams(execution),
    });
}

void norma_rows_apply(const struct norma_stage_context *context, int64_t first, int64_t last) {
    for (int64_t row = first; row < last; row += NORMA_BLOCK) {
        apply_block(context, row, norma_min(last - row, NORMA_BLOCK));
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

/* Returns what the sums and the gradient of some rows have in common. Fills their centres. */
static struct norma_row_gradient work_on(const struct norma_stage_context *context, int64_t first,
                                         int64_t rows, float *centre) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = norma_offset_of(context, first, 0, 0);
    for (int64_t i = 0; i < rows; i++) {
        double residue; /* 0: these means were given as floats */
        centre[i] = round_centre(context, first + i, &residue);
    }
    return (struct norma_row_gradient){
        .x = norma_element_at(plan, args->x, offset),
        .dy = norma_element_at(plan, args->dy, offset),
        .y = norma_relu_output_at(execution, offset),
        .dx = norma_output_at(plan, args->dx, offset),
        .dresidual = norma_dresidual_at(execution, offset),
        .length = plan->problem.c,
        .rows = rows,
        .scale = scale_of(context, first),
        .centre = centre,
        .nontemporal = norma_streams(execution),
    };
}

/* Computes the sums of rows of one group. */
static void sum_group(const struct norma_stage_context *context, int64_t first, int64_t rows) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_workspace *workspace = &context->execution->workspace;
    const int64_t channels = plan->problem.c;
    const int64_t group = (context->tile.sample + first) / norma_row_group(channels);
    const size_t bytes = (size_t)channels * sizeof(double);
    float centre[NORMA_BLOCK];
    double factor[NORMA_BLOCK];
    for (int64_t i = 0; i < rows; i++) {
        factor[i] = plan->descriptor->row_factor(context->statistics.inverse_std[first + i]);
    }
    double *products =
        plan->descriptor->weight ? workspace->plane_weight : workspace->plane_product;
    struct norma_row_gradient work = work_on(context, first, rows, centre);
    work.factor = factor;
    work.dy_sum = context->statistics.set_dy + first;
    work.product = context->statistics.set_product + first;
    work.column_dy = workspace->plane_dy + group * channels;
    work.column_product = products + group * channels;
    memset(work.column_dy, 0, bytes);
    memset(work.column_product, 0, bytes);
    plan->set->row_sums(&work);
}

void norma_rows_sums(const struct norma_stage_context *context, int64_t first, int64_t last) {
    const int64_t most = norma_row_group(context->execution->plan->problem.c);
    for (int64_t row = first; row < last; row += most) {
        sum_group(context, row, norma_min(last - row, most));
    }
}

/* The coefficient of x - mean and the constant are the same for every channel of a row. They are
 * those of its first. */
static void gradient_of_block(const struct norma_stage_context *context, int64_t first,
                              int64_t rows) {
    const struct norma_plan *plan = context->execution->plan;
    struct norma_channel_buffers buffers;
    float centre[NORMA_BLOCK], x_scale[NORMA_BLOCK], constant[NORMA_BLOCK];
    for (int64_t i = 0; i < rows; i++) {
        const struct norma_block block = {first + i, 0, 0, 1};
        const struct norma_channels channels = norma_channels_of(context, &block, &buffers);
        const struct norma_sums sums = {
            .set_dy = context->statistics.set_dy + first + i,
            .set_product = context->statistics.set_product + first + i,
        };
        double mean, dy_scale, of_x, added;
        plan->descriptor->gradient(
            &channels, &sums, &(struct norma_gradient_affine){&mean, &dy_scale, &of_x, &added});
        x_scale[i] = (float)of_x;
        constant[i] = (float)added;
    }
    struct norma_row_gradient work = work_on(context, first, rows, centre);
    work.x_scale = x_scale;
    work.constant = constant;
    plan->set->row_gradient(&work);
}

void norma_rows_gradient(const struct norma_stage_context *context, int64_t first, int64_t last) {
    for (int64_t row = first; row < last; row += NORMA_BLOCK) {
        gradient_of_block(context, row, norma_min(last - row, NORMA_BLOCK));
    }
}

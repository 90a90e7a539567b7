/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/rows.h"

#include <float.h>
#include <string.h>

#include "kernels/stages/channels.h"
#include "kernels/stages/in_double.h"
#include "kernels/stages/tile.h"

/* The sums of a group's columns take as much memory as four of its rows. So there are no more
 * groups than keep 64 threads at work, which is four rows for each of so many threads, however long
 * the tensor. In shorter ones the sums take at most a sixteenth of x; of fewer than 512 rows an
 * eighth, as they would be work for few threads. Where rows are short, a group has more of them, to
 * be work enough. */
enum {
    MOST_GROUPS = 64,
    FEW_GROUPS = 8,
    LEAST_ROWS = 32,
    MANY_ROWS = 64,
    ENOUGH_ROWS = 256,
    ENOUGH_ELEMENTS = 64 * 1024
};

static int64_t limit(int64_t value, int64_t least, int64_t most) {
    return norma_max(least, norma_min(value, most));
}

int64_t norma_row_group(int64_t rows, int64_t channels) {
    const int64_t enough = norma_min(ENOUGH_ELEMENTS / norma_max(1, channels), ENOUGH_ROWS);
    const int64_t small = limit(norma_divide_up(rows, FEW_GROUPS), LEAST_ROWS, MANY_ROWS);
    return norma_max(norma_max(enough, small), norma_divide_up(rows, MOST_GROUPS));
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

/* Returns the row's mean, or 0 if the operator subtracts none. */
static double mean_of(const struct norma_stage_context *context, int64_t row) {
    const bool subtracts = !context->execution->plan->descriptor->squared_norm;
    return subtracts ? context->statistics.mean[row] : 0.0;
}

/* ---- forward ------------------------------------------------------------------------------ */

/* Checks whether a row is applied as channels in double are. */
static bool is_applied_apart(const struct norma_stage_context *context, int64_t row) {
    const double inverse_std = context->statistics.inverse_std[row];
    return norma_has_row_affine(context->execution->plan) ? norma_leaves_float(inverse_std)
                                                          : norma_is_factor_far(inverse_std);
}

int64_t norma_rows_of_apply(const struct norma_stage_context *context, int64_t first,
                            int64_t last) {
    int64_t row = first;
    while (row < last && !is_applied_apart(context, row)) {
        row++;
    }
    return row - first;
}

/* Writes a factor, which is at least 0, as a sum of three floats. It has all digits of a double
 * unless they are below those of floats (from 2^-97 on they are not) or it is no float. */
static void split_factor(double factor, const struct norma_stage_affine *affine, int64_t i) {
    const float rounded = (float)factor;
    const double rest = rounded <= FLT_MAX ? factor - (double)rounded : 0.0;
    affine->scale[i] = rounded;
    affine->shift[i] = (float)rest;
    affine->centre[i] = (float)(rest - (double)affine->shift[i]);
}

static void write_norms(const struct norma_stage_context *context, int64_t first, int64_t rows,
                        const struct norma_stage_affine *affine) {
    for (int64_t i = 0; i < rows; i++) {
        split_factor(context->statistics.inverse_std[first + i], affine, i);
    }
}

void norma_rows_load_norms(const struct norma_stage_context *context,
                           const struct norma_stage_affine *affine) {
    for (int64_t i = 0; i < context->tile.samples; i++) {
        context->statistics.inverse_std[i] =
            (double)affine->scale[i] + (double)affine->shift[i] + (double)affine->centre[i];
    }
}

void norma_rows_affine(const struct norma_stage_context *context, int64_t first, int64_t rows,
                       const struct norma_stage_affine *affine) {
    if (!norma_has_row_affine(context->execution->plan)) {
        write_norms(context, first, rows, affine);
        return;
    }
    for (int64_t i = 0; i < rows; i++) {
        const double mean = mean_of(context, first + i);
        const double inverse_std = context->statistics.inverse_std[first + i];
        affine->centre[i] = (float)mean;
        affine->scale[i] = (float)inverse_std;
        affine->shift[i] = norma_constant_of(-0.0, mean, inverse_std);
    }
}

/* Returns what all rows have in common. */
static struct norma_row_apply apply_at(const struct norma_execution *execution, int64_t row,
                                       int64_t rows) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = row * plan->problem.c;
    return (struct norma_row_apply){
        .x = norma_element_at(plan, args->x, offset),
        .residual = norma_residual_at(execution, offset),
        .y = norma_output_at(plan, args->y, offset),
        .length = plan->problem.c,
        .rows = rows,
        .scale = {.weight = args->gamma, .number = 1.0},
        .shift = plan->descriptor->shift ? args->beta : NULL,
        .no_shift = plan->descriptor->shift ? 0.0f : -0.0f, /* x + -0.0 is x for every x */
        .relu = norma_has_relu(plan),
        .nontemporal = norma_streams(execution),
    };
}

static void blend_block(const struct norma_stage_context *context, int64_t first, int64_t rows) {
    struct norma_row_apply work = apply_at(context->execution, context->tile.sample + first, rows);
    work.scale = scale_of(context, first);
    context->execution->plan->set->apply_rows(&work);
}

/* Applies an affine to a row in double, as x - centre may overflow. */
static void apply_far_row(const struct norma_execution *execution, int64_t row, double centre,
                          double scale, double shift) {
    const struct norma_args *args = execution->args;
    const float *betas = execution->plan->descriptor->shift ? args->beta : NULL;
    const int64_t channels = execution->plan->problem.c;
    for (int64_t c = 0; c < channels; c++) {
        const double gamma = args->gamma ? (double)args->gamma[c] : 1.0;
        const double beta = betas ? (double)betas[c] : 0.0;
        const struct norma_wide_coefficients coefficients = {
            .centre = centre, .scale = scale * gamma, .shift = shift * gamma + beta};
        norma_apply_to_element(execution, row * channels + c, &coefficients);
    }
}

/* Returns how many rows from this one on have a centre that is not far. */
static int64_t near_rows(const float *centre, int64_t rows) {
    int64_t near = 0;
    while (near < rows && !norma_is_centre_far((double)centre[near])) {
        near++;
    }
    return near;
}

void norma_rows_apply_affine(const struct norma_execution *execution, int64_t first, int64_t rows,
                             const struct norma_stage_affine *affine) {
    for (int64_t i = 0; i < rows; i++) {
        const int64_t near = near_rows(affine->centre + i, rows - i);
        if (near > 0) {
            struct norma_row_apply work = apply_at(execution, first + i, near);
            work.centre = affine->centre + i;
            work.factor = affine->scale + i;
            work.constant = affine->shift + i;
            execution->plan->set->apply_rows(&work);
        }
        i += near;
        if (i < rows) {
            apply_far_row(execution, first + i, (double)affine->centre[i], (double)affine->scale[i],
                          (double)affine->shift[i]);
        }
    }
}

static void standardize_block(const struct norma_stage_context *context, int64_t first,
                              int64_t rows) {
    float centre[NORMA_BLOCK], scale[NORMA_BLOCK], shift[NORMA_BLOCK];
    const struct norma_stage_affine affine = {centre, scale, shift};
    norma_rows_affine(context, first, rows, &affine);
    norma_rows_apply_affine(context->execution, context->tile.sample + first, rows, &affine);
}

/* Computes rows [first, last), a block at a time. */
static void visit_blocks(const struct norma_stage_context *context, int64_t first, int64_t last,
                         void (*visit)(const struct norma_stage_context *context, int64_t first,
                                       int64_t rows)) {
    for (int64_t row = first; row < last; row += NORMA_BLOCK) {
        visit(context, row, norma_min(last - row, NORMA_BLOCK));
    }
}

void norma_rows_apply(const struct norma_stage_context *context, int64_t first, int64_t last) {
    visit_blocks(context, first, last,
                 norma_has_row_affine(context->execution->plan) ? standardize_block : blend_block);
}

/* ---- backward ----------------------------------------------------------------------------- */

/* Means of a block of rows, and the same as floats. */
struct row_means {
    double mean[NORMA_BLOCK];
    float centre[NORMA_BLOCK];
};

/* Returns what the sums and the gradient of some rows have in common. Fills their means. */
static struct norma_row_gradient work_on(const struct norma_stage_context *context, int64_t first,
                                         int64_t rows, struct row_means *means) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = norma_offset_of(context, first, 0, 0);
    for (int64_t i = 0; i < rows; i++) {
        means->mean[i] = mean_of(context, first + i);
        means->centre[i] = (float)means->mean[i];
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
        .centre = means->centre,
        .mean = means->mean,
        .nontemporal = norma_streams(execution),
    };
}

/* Computes the sums of at most NORMA_BLOCK rows of one group, the columns' beside those of the
 * group's rows before. */
static void sum_block(const struct norma_stage_context *context, int64_t first, int64_t rows) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_workspace *workspace = &context->execution->workspace;
    const int64_t channels = plan->problem.c;
    const int64_t row = context->tile.sample + first, group = row / plan->row_group;
    const size_t bytes = (size_t)channels * sizeof(double);
    struct row_means means;
    double factor[NORMA_BLOCK];
    for (int64_t i = 0; i < rows; i++) {
        factor[i] = plan->descriptor->row_factor(context->statistics.inverse_std[first + i]);
    }
    double *products =
        plan->descriptor->weight ? workspace->plane_weight : workspace->plane_product;
    struct norma_row_gradient work = work_on(context, first, rows, &means);
    work.factor = factor;
    work.dy_sum = context->statistics.set_dy + first;
    work.product = context->statistics.set_product + first;
    work.column_dy = workspace->plane_dy + group * channels;
    work.column_product = products + group * channels;
    if (row % plan->row_group == 0) {
        memset(work.column_dy, 0, bytes);
        memset(work.column_product, 0, bytes);
    }
    plan->set->row_sums(&work);
}

void norma_rows_sums(const struct norma_stage_context *context, int64_t first, int64_t last) {
    const int64_t group = context->execution->plan->row_group;
    for (int64_t row = first, rows; row < last; row += rows) {
        const int64_t rest = group - (context->tile.sample + row) % group;
        rows = norma_min(norma_min(last - row, rest), NORMA_BLOCK);
        sum_block(context, row, rows);
    }
}

/* Computes the coefficients of x - mean, and the constants, of at most NORMA_BLOCK rows. They are
 * the same for every channel, whatever the parameters are, so the operator gets the rows as if they
 * were channels without parameters. */
static void compute_terms(const struct norma_stage_context *context, int64_t first, int64_t rows,
                          double *x_scale, double *constant) {
    const struct norma_plan *plan = context->execution->plan;
    const struct norma_statistics *statistics = &context->statistics;
    const struct norma_args no_parameters = {0};
    struct norma_problem problem = plan->problem;
    double mean[NORMA_BLOCK], dy_scale[NORMA_BLOCK];
    problem.alpha_kind = NORMA_ALPHA_SCALAR;
    const struct norma_channels channels = {
        .problem = &problem,
        .args = &no_parameters,
        .count = rows,
        .mean = statistics->mean + first,
        .inverse_std = statistics->inverse_std + first,
        .set_count = (double)plan->span_length,
    };
    const struct norma_sums sums = {
        .set_dy = statistics->set_dy + first,
        .set_product = statistics->set_product + first,
    };
    plan->descriptor->gradient(&channels, &sums,
                               &(struct norma_gradient_affine){mean, dy_scale, x_scale, constant});
}

/* Checks whether the gradient of a row is computed as those of channels in double are. */
static bool is_gradient_apart(const struct norma_stage_context *context, int64_t row,
                              double x_scale, double constant) {
    const double most = norma_most_deviations((double)context->execution->plan->problem.c);
    const double inverse_std = context->statistics.inverse_std[row];
    return norma_is_factor_far(inverse_std) || norma_is_centre_far(mean_of(context, row)) ||
           norma_leaves_float(x_scale) || norma_may_overflow(x_scale, constant, most, inverse_std);
}

int64_t norma_rows_of_gradient(const struct norma_stage_context *context, int64_t first,
                               int64_t last) {
    const int64_t rows = norma_min(last - first, NORMA_BLOCK);
    double x_scale[NORMA_BLOCK], constant[NORMA_BLOCK];
    int64_t together = 0;
    compute_terms(context, first, rows, x_scale, constant);
    while (together < rows &&
           !is_gradient_apart(context, first + together, x_scale[together], constant[together])) {
        together++;
    }
    return together;
}

static void gradient_of_block(const struct norma_stage_context *context, int64_t first,
                              int64_t rows) {
    struct row_means means;
    double wide_x_scale[NORMA_BLOCK], wide_constant[NORMA_BLOCK];
    float x_scale[NORMA_BLOCK], constant[NORMA_BLOCK];
    struct norma_row_gradient work = work_on(context, first, rows, &means);
    compute_terms(context, first, rows, wide_x_scale, wide_constant);
    for (int64_t i = 0; i < rows; i++) {
        x_scale[i] = (float)wide_x_scale[i];
        constant[i] = norma_constant_of(wide_constant[i], means.mean[i], wide_x_scale[i]);
    }
    work.x_scale = x_scale;
    work.constant = constant;
    context->execution->plan->set->row_gradient(&work);
}

void norma_rows_gradient(const struct norma_stage_context *context, int64_t first, int64_t last) {
    visit_blocks(context, first, last, gradient_of_block);
}

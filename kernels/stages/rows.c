/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/rows.h"

#include <string.h>

#include "kernels/stages/channels.h"

enum {
    /* The columns' sums, 16 bytes for each element of a row, stay in a core's L2 while a group's
     * rows go by. */
    GROUP_ELEMENTS = 64 * 1024,
    LARGEST_GROUP = 256,
    SMALLEST_GROUP = 16
};

_Static_assert(LARGEST_GROUP <= (int)NORMA_BLOCK, "a group is a block of rows");

int64_t norma_row_group(int64_t channels) {
    const int64_t rows = GROUP_ELEMENTS / (channels + 1);
    return rows < SMALLEST_GROUP ? SMALLEST_GROUP : rows > LARGEST_GROUP ? LARGEST_GROUP : rows;
}

static struct norma_row_scale scale_of(const struct norma_execution *execution,
                                       const double *inverse_std) {
    const struct norma_problem *problem = &execution->plan->problem;
    if (!execution->plan->descriptor->weight) {
        return (struct norma_row_scale){execution->args->gamma, 1.0, inverse_std, false};
    }
    const float *alpha = problem->alpha_kind == NORMA_ALPHA_CHANNEL ? execution->args->alpha : NULL;
    return (struct norma_row_scale){alpha, problem->alpha, inverse_std, true};
}

/* Of the row's mean, or 0 where none is subtracted. */
static float round_centre(const struct norma_execution *execution,
                          const struct norma_statistics *statistics, int64_t row, double *residue) {
    const double mean = execution->plan->descriptor->squared_norm ? 0.0 : statistics->mean[row];
    const float centre = (float)mean;
    *residue = (double)centre - mean;
    return centre;
}

/* ---- forward ------------------------------------------------------------------------------ */

static void apply_block(const struct norma_execution *execution, const struct norma_tile *tile,
                        const struct norma_statistics *statistics, int64_t first, int64_t rows) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = norma_offset_of(plan, tile, first, 0, 0);
    const bool add = plan->problem.epilogue == NORMA_EPILOGUE_ADD_RELU;
    float centre[NORMA_BLOCK];
    double residue[NORMA_BLOCK];
    for (int64_t i = 0; i < rows; i++) {
        centre[i] = round_centre(execution, statistics, first + i, &residue[i]);
    }
    plan->set->apply_rows(&(struct norma_row_apply){
        .x = (const float *)args->x + offset,
        .residual = add ? (const float *)args->residual + offset : NULL,
        .y = (float *)args->y + offset,
        .length = plan->problem.c,
        .rows = rows,
        .scale = scale_of(execution, statistics->inverse_std + first),
        .centre = centre,
        .residue = residue,
        .shift = plan->descriptor->shift ? args->beta : NULL,
        .no_shift = plan->descriptor->shift ? 0.0f : -0.0f, /* x + -0.0 is x for every x */
        .relu = plan->problem.epilogue != NORMA_EPILOGUE_NONE,
        .nontemporal = plan->stream && args->x != args->y,
    });
}

void norma_rows_apply(const struct norma_execution *execution, const struct norma_tile *tile,
                      const struct norma_statistics *statistics, int64_t first, int64_t last) {
    for (int64_t row = first; row < last; row += NORMA_BLOCK) {
        const int64_t rest = last - row;
        apply_block(execution, tile, statistics, row, rest < NORMA_BLOCK ? rest : NORMA_BLOCK);
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

static struct norma_row_gradient work_at(const struct norma_execution *execution,
                                         const struct norma_tile *tile,
                                         const struct norma_statistics *statistics, int64_t first,
                                         int64_t rows, float *centre) {
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    const int64_t offset = norma_offset_of(plan, tile, first, 0, 0);
    const bool relu = plan->problem.epilogue != NORMA_EPILOGUE_NONE;
    const bool add = plan->problem.epilogue == NORMA_EPILOGUE_ADD_RELU && args->dresidual;
    double none;
    for (int64_t i = 0; i < rows; i++) {
        centre[i] = round_centre(execution, statistics, first + i, &none);
    }
    return (struct norma_row_gradient){
        .x = (const float *)args->x + offset,
        .dy = (const float *)args->dy + offset,
        .y = relu ? (const float *)args->y + offset : NULL,
        .dx = (float *)args->dx + offset,
        .dresidual = add ? (float *)args->dresidual + offset : NULL,
        .length = plan->problem.c,
        .rows = rows,
        .scale = scale_of(execution, statistics->inverse_std + first),
        .centre = centre,
        .nontemporal = plan->stream && args->dx != args->dy,
    };
}

/* As the operators see it. *spread is where its statistics may live. */
static struct norma_channels first_channel(const struct norma_execution *execution,
                                           const struct norma_tile *tile,
                                           const struct norma_statistics *statistics, int64_t row,
                                           struct norma_spread *spread) {
    return norma_channels_of(execution, tile, statistics, &(struct norma_block){row, 0, 0, 1},
                             spread);
}

/* What dy (x - mean) is multiplied with on its way into the gradient of the parameter. */
static double parameter_factor(const struct norma_execution *execution,
                               const struct norma_tile *tile,
                               const struct norma_statistics *statistics, int64_t row) {
    struct norma_spread spread;
    const struct norma_channels channels = first_channel(execution, tile, statistics, row, &spread);
    const double one = 1.0;
    double gamma, beta, other;
    execution->plan->descriptor->parameters(
        &channels, &(struct norma_sums){.dy = &one, .product = &one},
        &(struct norma_parameter_sums){&gamma, &beta, &other, &other});
    return execution->plan->descriptor->weight ? other : gamma;
}

static void sum_group(const struct norma_execution *execution, const struct norma_tile *tile,
                      const struct norma_statistics *statistics, int64_t first, int64_t rows) {
    const struct norma_plan *plan = execution->plan;
    const int64_t channels = plan->problem.c;
    const int64_t group = (tile->sample + first) / norma_row_group(channels);
    const size_t bytes = (size_t)channels * sizeof(double);
    float centre[NORMA_BLOCK];
    double factor[NORMA_BLOCK];
    for (int64_t i = 0; i < rows; i++) {
        factor[i] = parameter_factor(execution, tile, statistics, first + i);
    }
    struct norma_row_gradient work = work_at(execution, tile, statistics, first, rows, centre);
    work.factor = factor;
    work.dy_sum = statistics->set_dy + first;
    work.product = statistics->set_product + first;
    work.column_dy = execution->first + group * channels;
    work.column_product =
        (plan->descriptor->weight ? execution->third : execution->second) + group * channels;
    memset(work.column_dy, 0, bytes);
    memset(work.column_product, 0, bytes);
    plan->set->row_sums(&work);
}

void norma_rows_sums(const struct norma_execution *execution, const struct norma_tile *tile,
                     const struct norma_statistics *statistics, int64_t first, int64_t last) {
    const int64_t most = norma_row_group(execution->plan->problem.c);
    for (int64_t row = first; row < last; row += most) {
        const int64_t rest = last - row;
        sum_group(execution, tile, statistics, row, rest < most ? rest : most);
    }
}

/* The coefficients of x - mean and the constant are those of every channel. */
static void gradient_of_block(const struct norma_execution *execution,
                              const struct norma_tile *tile,
                              const struct norma_statistics *statistics, int64_t first,
                              int64_t rows) {
    struct norma_spread spread;
    float centre[NORMA_BLOCK], x_scale[NORMA_BLOCK], constant[NORMA_BLOCK];
    struct norma_row_gradient work = work_at(execution, tile, statistics, first, rows, centre);
    for (int64_t i = 0; i < rows; i++) {
        const struct norma_channels channels =
            first_channel(execution, tile, statistics, first + i, &spread);
        const struct norma_sums sums = {.set_dy = statistics->set_dy + first + i,
                                        .set_product = statistics->set_product + first + i};
        double mean, dy_scale, of_x, added;
        execution->plan->descriptor->gradient(
            &channels, &sums, &(struct norma_gradient_affine){&mean, &dy_scale, &of_x, &added});
        x_scale[i] = (float)of_x;
        constant[i] = (float)added;
    }
    work.x_scale = x_scale;
    work.constant = constant;
    execution->plan->set->row_gradient(&work);
}

void norma_rows_gradient(const struct norma_execution *execution, const struct norma_tile *tile,
                         const struct norma_statistics *statistics, int64_t first, int64_t last) {
    for (int64_t row = first; row < last; row += NORMA_BLOCK) {
        const int64_t rest = last - row;
        gradient_of_block(execution, tile, statistics, row,
                          rest < NORMA_BLOCK ? rest : NORMA_BLOCK);
    }
}

/* Backward: coefficients, and the affine of dy and x.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/elements.h"
#include "kernels/stages/rows.h"
#include "kernels/stages/tile.h"
#include "kernels/stages/walk.h"

/* ---- coefficients ------------------------------------------------------------------------- */

static void round_all(int64_t count, const double *values, float *restrict rounded) {
    for (int64_t i = 0; i < count; i++) {
        rounded[i] = (float)values[i];
    }
}

/* Computes the coefficients of any number of channels. Rounding the centres changes nothing: they
 * are means that were given as floats. */
static void compute(const struct norma_stage_context *context, const struct norma_block *block,
                    struct norma_coefficients *rounded) {
    double centre[NORMA_BLOCK], dy_scale[NORMA_BLOCK], x_scale[NORMA_BLOCK], constant[NORMA_BLOCK];
    const struct norma_gradient_affine affine = {centre, dy_scale, x_scale, constant};
    struct norma_channel_buffers buffers;
    for (int64_t done = 0; done < block->count; done += NORMA_BLOCK) {
        const struct norma_block rest = norma_rest_of(block, done, NORMA_BLOCK);
        const struct norma_channels channels = norma_channels_of(context, &rest, &buffers);
        const struct norma_sums sums = norma_sums_of(context, &rest, &buffers);
        context->execution->plan->descriptor->gradient(&channels, &sums, &affine);
        round_all(rest.count, centre, rounded->centre + done);
        round_all(rest.count, dy_scale, rounded->scale + done);
        round_all(rest.count, x_scale, rounded->x_scale + done);
        round_all(rest.count, constant, rounded->shift + done);
    }
}

/* ---- affine ------------------------------------------------------------------------------- */

/* Checks whether dx depends on x. Batch normalization by constant statistics does not. */
static bool needs_x(const struct norma_plan *plan) {
    return plan->descriptor->instance || plan->problem.pass == NORMA_PASS_BACKWARD;
}

static void apply(const struct norma_stage_context *context, const struct norma_piece *piece,
                  const struct norma_coefficients *coefficients) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    struct norma_gradient_apply work = {
        .x = norma_element_at(plan, needs_x(plan) ? args->x : NULL, piece->offset),
        .dy = norma_element_at(plan, args->dy, piece->offset),
        .y = norma_relu_output_at(execution, piece->offset),
        .dx = norma_output_at(plan, args->dx, piece->offset),
        .dresidual = norma_dresidual_at(execution, piece->offset),
        .length = piece->length,
        .spans = piece->spans,
        .centre = coefficients->centre,
        .dy_scale = coefficients->scale,
        .x_scale = coefficients->x_scale,
        .constant = coefficients->shift,
        .nontemporal = norma_streams(execution),
        .prefetch_distance = plan->prefetch_distance,
        .selection = piece->selection,
    };
    if (piece->stride > 0) {
        norma_gradient_columns(plan, &work, piece->stride);
        return;
    }
    if (piece->selection) { /* the first region writes all of dx and dresidual */
        const bool first = piece->selection->label == 0;
        work.dresidual = first ? work.dresidual : NULL;
        work.others = first ? work.dy : work.dx;
    }
    plan->set->gradient_apply(&work);
}

/* ---- over the tile ------------------------------------------------------------------------ */

static const struct norma_visitor visitor = {
    .compute = compute,
    .apply = apply,
    .rows = norma_rows_gradient,
    .elements = norma_elements_gradient,
    .region_positions = INT64_MAX,
    .last_sample_first = true, /* the sums read it last, so that it is still in a cache */
};

void norma_tile_gradient(const struct norma_stage_context *context) {
    norma_walk_tile(context, &visitor);
}

void norma_slice_gradient(const struct norma_stage_context *context,
                          const struct norma_slice *slice) {
    norma_walk_slice(context, slice, &visitor);
}

/* Backward: coefficients, and the affine of dy and x.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/elements.h"
#include "kernels/stages/in_double.h"
#include "kernels/stages/rows.h"
#include "kernels/stages/tile.h"
#include "kernels/stages/walk.h"

/* ---- coefficients ------------------------------------------------------------------------- */

static void round_all(int64_t count, const double *values, float *restrict rounded) {
    for (int64_t i = 0; i < count; i++) {
        rounded[i] = (float)values[i];
    }
}

static void round_constants(const struct norma_gradient_affine *affine, int64_t count,
                            float *restrict rounded) {
    for (int64_t i = 0; i < count; i++) {
        rounded[i] = norma_constant_of(affine->constant[i], affine->centre[i], affine->x_scale[i]);
    }
}

/* The deviations that limit how far x is from the centres of some channels. */
struct limits {
    const double *inverse_std;
    double most_deviations;
};

/* Returns the batch's where they are of this x, and else those of the channels' own sets. */
static struct limits limits_of(const struct norma_channels *channels) {
    const bool of_batch =
        channels->batch_inverse_std && (channels->problem->pass == NORMA_PASS_BACKWARD ||
                                        channels->problem->op != NORMA_OPERATOR_BIN);
    return of_batch
               ? (struct limits){channels->batch_inverse_std,
                                 norma_most_deviations(channels->batch_count)}
               : (struct limits){channels->inverse_std, norma_most_deviations(channels->set_count)};
}

/* Checks whether a channel is computed in double. */
static inline int is_in_double(const struct norma_gradient_affine *affine,
                               const struct limits *limits, int64_t i) {
    return norma_leaves_float(affine->dy_scale[i]) | norma_leaves_float(affine->x_scale[i]) |
           norma_is_centre_far(affine->centre[i]) |
           norma_may_overflow(affine->x_scale[i], affine->constant[i], limits->most_deviations,
                              limits->inverse_std[i]);
}

/* Checks whether any channel may be. */
static bool may_be_in_double(const struct norma_gradient_affine *affine,
                             const struct limits *limits, int64_t count) {
    int64_t any = 0;
    for (int64_t i = 0; i < count; i++) {
        any |= norma_may_leave_float(affine->dy_scale[i]) |
               norma_may_leave_float(affine->x_scale[i]) |
               norma_may_be_centre_far(affine->centre[i]) |
               norma_may_exceed_float(affine->x_scale[i], affine->constant[i],
                                      limits->most_deviations, limits->inverse_std[i]);
    }
    return any < 0;
}

/* Fills the array. Returns whether any channel is computed in double. */
static bool mark_in_double(const struct norma_channels *channels,
                           const struct norma_gradient_affine *affine, bool *in_double) {
    const struct limits limits = limits_of(channels);
    const bool may_be = may_be_in_double(affine, &limits, channels->count);
    bool any = false;
    for (int64_t i = 0; i < channels->count; i++) {
        in_double[i] = may_be && is_in_double(affine, &limits, i);
        any |= in_double[i];
    }
    return any;
}

/* Computes the coefficients of any number of channels. */
static void compute(const struct norma_stage_context *context, const struct norma_block *block,
                    struct norma_coefficients *rounded) {
    double centre[NORMA_BLOCK], dy_scale[NORMA_BLOCK], x_scale[NORMA_BLOCK], constant[NORMA_BLOCK];
    const struct norma_gradient_affine affine = {centre, dy_scale, x_scale, constant};
    struct norma_channel_buffers buffers;
    rounded->any_in_double = false;
    for (int64_t done = 0; done < block->count; done += NORMA_BLOCK) {
        const struct norma_block rest = norma_rest_of(block, done, NORMA_BLOCK);
        const struct norma_channels channels = norma_channels_of(context, &rest, &buffers);
        const struct norma_sums sums = norma_sums_of(context, &rest, &buffers);
        context->execution->plan->descriptor->gradient(&channels, &sums, &affine);
        round_all(rest.count, centre, rounded->centre + done);
        round_constants(&affine, rest.count, rounded->shift + done);
        round_all(rest.count, dy_scale, rounded->scale + done);
        round_all(rest.count, x_scale, rounded->x_scale + done);
        rounded->any_in_double |= mark_in_double(&channels, &affine, rounded->in_double + done);
    }
}

static void compute_channel_in_double(const struct norma_stage_context *context,
                                      const struct norma_block *block,
                                      const struct norma_piece *piece) {
    struct norma_wide_coefficients wide;
    struct norma_channel_buffers buffers;
    const struct norma_channels channels = norma_channels_of(context, block, &buffers);
    const struct norma_sums sums = norma_sums_of(context, block, &buffers);
    context->execution->plan->descriptor->gradient(
        &channels, &sums,
        &(struct norma_gradient_affine){&wide.centre, &wide.scale, &wide.x_scale, &wide.shift});
    norma_gradient_in_double(context->execution, piece, &wide);
}

/* ---- affine ------------------------------------------------------------------------------- */

static void apply(const struct norma_stage_context *context, const struct norma_piece *piece,
                  const struct norma_coefficients *coefficients, int64_t first) {
    const struct norma_execution *execution = context->execution;
    const struct norma_plan *plan = execution->plan;
    const struct norma_args *args = execution->args;
    struct norma_gradient_apply work = {
        .x = norma_element_at(plan, norma_needs_x(plan) ? args->x : NULL, piece->offset),
        .dy = norma_element_at(plan, args->dy, piece->offset),
        .y = norma_relu_output_at(execution, piece->offset),
        .dx = norma_output_at(plan, args->dx, piece->offset),
        .dresidual = norma_dresidual_at(execution, piece->offset),
        .length = piece->length,
        .spans = piece->spans,
        .centre = coefficients->centre + first,
        .dy_scale = coefficients->scale + first,
        .x_scale = coefficients->x_scale + first,
        .constant = coefficients->shift + first,
        .nontemporal = norma_streams(execution),
        .prefetch_distance = plan->prefetch_distance,
        .selection = piece->selection,
    };
    if (piece->stride > 0) {
        norma_gradient_columns(plan, &work, piece->stride);
        return;
    }
    if (piece->selection) { /* the first region writes all of dx and dresidual */
        const bool first_region = piece->selection->label == 0;
        work.dresidual = first_region ? work.dresidual : NULL;
        work.others = first_region ? work.dy : work.dx;
    }
    plan->set->gradient_apply(&work);
}

/* ---- over the tile ------------------------------------------------------------------------ */

static const struct norma_visitor visitor = {
    .compute = compute,
    .apply = apply,
    .in_double = compute_channel_in_double,
    .rows = norma_rows_gradient,
    .rows_together = norma_rows_of_gradient,
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

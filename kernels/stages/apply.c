/* Forward: coefficients, and the affine of x.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/stages/elements.h"
#include "kernels/stages/in_double.h"
#include "kernels/stages/rows.h"
#include "kernels/stages/tile.h"
#include "kernels/stages/walk.h"

/* ---- coefficients ------------------------------------------------------------------------- */

static void round_affine(const struct norma_affine *affine, int64_t count, float *restrict centres,
                         float *restrict scales, float *restrict shifts) {
    for (int64_t i = 0; i < count; i++) {
        centres[i] = (float)affine->centre[i];
        scales[i] = (float)affine->scale[i];
        shifts[i] = norma_constant_of(affine->shift[i], affine->centre[i], affine->scale[i]);
    }
}

/* Checks whether a scale, or a shift that the centre's rounding error was added to, leaves the
 * range of float. */
static inline int is_wide(double scale, double shift, float rounded_shift) {
    return norma_leaves_float(scale) |
           ((fabs(shift) <= DBL_MAX) & (fabs((double)rounded_shift) > (double)FLT_MAX));
}

/* Checks whether a channel is computed in double. */
static inline int is_in_double(const struct norma_affine *affine, const float *shifts, int64_t i) {
    return is_wide(affine->scale[i], affine->shift[i], shifts[i]) |
           norma_is_centre_far(affine->centre[i]);
}

/* Checks whether any channel may be. */
static bool may_be_in_double(const struct norma_affine *affine, const float *shifts,
                             int64_t count) {
    int64_t any = 0;
    for (int64_t i = 0; i < count; i++) {
        any |= norma_may_leave_float(affine->scale[i]) |
               norma_beyond((double)shifts[i], (double)FLT_MAX) |
               norma_may_be_centre_far(affine->centre[i]);
    }
    return any < 0;
}

/* Fills the array. Returns whether any channel is computed in double. */
static bool mark_in_double(const struct norma_affine *affine, const float *shifts, int64_t count,
                           bool *in_double) {
    const bool may_be = may_be_in_double(affine, shifts, count);
    bool any = false;
    for (int64_t i = 0; i < count; i++) {
        in_double[i] = may_be && is_in_double(affine, shifts, i);
        any |= in_double[i];
    }
    return any;
}

/* Writes the coefficients of any number of channels and, unless in_double is NULL, which of them
 * are computed in double. Returns whether any is. */
static bool write_coefficients(const struct norma_stage_context *context,
                               const struct norma_block *block,
                               const struct norma_stage_affine *rounded, bool *in_double) {
    bool any = false;
    double centre[NORMA_BLOCK], scale[NORMA_BLOCK], shift[NORMA_BLOCK];
    const struct norma_affine affine = {centre, scale, shift};
    struct norma_channel_buffers buffers;
    for (int64_t done = 0; done < block->count; done += NORMA_BLOCK) {
        const struct norma_block rest = norma_rest_of(block, done, NORMA_BLOCK);
        const struct norma_channels channels = norma_channels_of(context, &rest, &buffers);
        context->execution->plan->descriptor->coefficients(&channels, &affine);
        round_affine(&affine, rest.count, rounded->centre + done, rounded->scale + done,
                     rounded->shift + done);
        if (in_double) {
            any |= mark_in_double(&affine, rounded->shift + done, rest.count, in_double + done);
        }
    }
    return any;
}

static void compute(const struct norma_stage_context *context, const struct norma_block *block,
                    struct norma_coefficients *coefficients) {
    const struct norma_stage_affine rounded = {coefficients->centre, coefficients->scale,
                                               coefficients->shift};
    coefficients->any_in_double =
        write_coefficients(context, block, &rounded, coefficients->in_double);
}

/* Computes one channel, with the same rounded coefficients as others unless one is none as a float.
 * Staged execution, which has rounded ones alone, gives the same bits then. */
static void apply_channel_in_double(const struct norma_stage_context *context,
                                    const struct norma_block *block,
                                    const struct norma_piece *piece) {
    double centre, scale, shift;
    float rounded_centre, rounded_scale, rounded_shift;
    const struct norma_affine affine = {&centre, &scale, &shift};
    struct norma_channel_buffers buffers;
    const struct norma_channels channels = norma_channels_of(context, block, &buffers);
    context->execution->plan->descriptor->coefficients(&channels, &affine);
    round_affine(&affine, 1, &rounded_centre, &rounded_scale, &rounded_shift);
    const bool wide = is_wide(scale, shift, rounded_shift);
    const struct norma_wide_coefficients coefficients = {
        .centre = wide ? centre : (double)rounded_centre,
        .scale = wide ? scale : (double)rounded_scale,
        .shift = wide ? shift : (double)rounded_shift,
    };
    norma_apply_in_double(context->execution, piece, &coefficients);
}

void norma_tile_coefficients(const struct norma_stage_context *context, int64_t sample,
                             const struct norma_stage_affine *affine) {
    write_coefficients(context, &(struct norma_block){sample, 0, 0, context->tile.channels}, affine,
                       NULL);
}

/* ---- affine ------------------------------------------------------------------------------- */

static void apply_affine(const struct norma_execution *execution, const struct norma_piece *piece,
                         const float *centre, const float *scale, const float *shift) {
    const struct norma_plan *plan = execution->plan;
    struct norma_apply work = {
        .x = norma_element_at(plan, execution->args->x, piece->offset),
        .residual = norma_residual_at(execution, piece->offset),
        .y = norma_output_at(plan, execution->args->y, piece->offset),
        .length = piece->length,
        .spans = piece->spans,
        .centre = centre,
        .scale = scale,
        .shift = shift,
        .relu = norma_has_relu(plan),
        .nontemporal = norma_streams(execution),
        .prefetch_distance = plan->prefetch_distance,
        .selection = piece->selection,
    };
    if (piece->stride > 0) {
        norma_apply_columns(plan, &work, piece->stride);
        return;
    }
    if (piece->selection) { /* the first region writes all of y: in place, the others' x is kept */
        work.others = piece->selection->label == 0 ? work.x : work.y;
    }
    plan->set->apply(&work);
}

static void apply(const struct norma_stage_context *context, const struct norma_piece *piece,
                  const struct norma_coefficients *coefficients, int64_t first) {
    apply_affine(context->execution, piece, coefficients->centre + first,
                 coefficients->scale + first, coefficients->shift + first);
}

/* ---- with the caller's coefficients ------------------------------------------------------- */

/* Applies the coefficients of one channel. */
static void apply_given(const struct norma_execution *execution, const struct norma_piece *piece,
                        const struct norma_stage_affine *affine, int64_t channel) {
    const struct norma_wide_coefficients wide = {.centre = (double)affine->centre[channel],
                                                 .scale = (double)affine->scale[channel],
                                                 .shift = (double)affine->shift[channel]};
    if (norma_is_centre_far(wide.centre)) {
        norma_apply_in_double(execution, piece, &wide);
    } else {
        apply_affine(execution, piece, affine->centre + channel, affine->scale + channel,
                     affine->shift + channel);
    }
}

static bool is_any_centre_far(const float *centre, int64_t count) {
    bool any = false;
    for (int64_t i = 0; i < count; i++) {
        any |= norma_is_centre_far((double)centre[i]);
    }
    return any;
}

void norma_apply_affine(const struct norma_execution *execution, int64_t first, int64_t planes,
                        const struct norma_stage_affine *affine) {
    const int64_t spatial = execution->plan->spatial;
    if (!is_any_centre_far(affine->centre, planes)) {
        const struct norma_piece all = {first * spatial, spatial, planes, 0, NULL};
        apply_affine(execution, &all, affine->centre, affine->scale, affine->shift);
        return;
    }
    for (int64_t i = 0; i < planes; i++) {
        const struct norma_piece plane = {(first + i) * spatial, spatial, 1, 0, NULL};
        apply_given(execution, &plane, affine, i);
    }
}

void norma_apply_affine_rows(const struct norma_execution *execution, int64_t first, int64_t rows,
                             const struct norma_stage_affine *affine) {
    const int64_t channels = execution->plan->problem.c;
    for (int64_t c = 0; c < channels; c += NORMA_COLUMNS) {
        const int64_t count = norma_min(channels - c, NORMA_COLUMNS);
        const struct norma_piece piece = {first * channels + c, count, rows, channels, NULL};
        if (!is_any_centre_far(affine->centre + c, count)) {
            apply_affine(execution, &piece, affine->centre + c, affine->scale + c,
                         affine->shift + c);
            continue;
        }
        for (int64_t i = 0; i < count; i++) {
            const struct norma_piece column = {piece.offset + i, 1, rows, channels, NULL};
            apply_given(execution, &column, affine, c + i);
        }
    }
}

/* ---- over the tile ------------------------------------------------------------------------ */

static const struct norma_visitor visitor = {
    .compute = compute,
    .apply = apply,
    .in_double = apply_channel_in_double,
    .rows = norma_rows_apply,
    .rows_together = norma_rows_of_apply,
    .elements = norma_elements_apply,
    .region_positions = NORMA_CHUNK, /* these stay in the L1 cache */
};

void norma_tile_apply(const struct norma_stage_context *context) {
    norma_walk_tile(context, &visitor);
}

void norma_slice_apply(const struct norma_stage_context *context, const struct norma_slice *slice) {
    norma_walk_slice(context, slice, &visitor);
}

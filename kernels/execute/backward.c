/* Backward passes: statistics as the forward pass returned them, sums, gradient; then the gradients
 * of parameters and style.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/execute/passes.h"
#include "kernels/execute/traverse.h"
#include "kernels/spans/spans.h"

static bool have_tiles_all_samples(const struct norma_plan *plan) {
    return plan->strategy != NORMA_STRATEGY_TWO_PHASE && plan->tiling.samples >= plan->samples;
}

static bool has_parameters(const struct norma_plan *plan) {
    return plan->descriptor->parameters && !plan->elementwise;
}

/* ---- parameters and style ----------------------------------------------------------------- */

static void share_element_alpha(const void *shared, struct norma_worker worker) {
    const struct norma_execution *execution = shared;
    const struct norma_plan *plan = execution->plan;
    const int64_t elements = plan->problem.c * plan->spatial;
    const struct norma_share share = norma_share_of(worker, norma_chunks(elements));
    const int64_t first = share.first * NORMA_CHUNK;
    const int64_t last = norma_min(share.last * NORMA_CHUNK, elements);
    if (first < last) {
        norma_element_alpha(execution, first, last - first);
    }
}

/* Writes the gradient of an alpha per element. It depends on dy, which dx may be about to
 * overwrite. */
static void write_element_alpha(const struct norma_execution *execution) {
    norma_element_factors(execution, execution->workspace.element_weight,
                          execution->workspace.element_factor);
    norma_work_together(execution->plan->threads, share_element_alpha, execution);
}

static bool requests_style_gradient(const struct norma_execution *execution) {
    const struct norma_args *args = execution->args;
    switch (execution->plan->problem.style_source) {
    case NORMA_STYLE_TENSOR:
        return execution->plan->descriptor->style && args->dstyle;
    case NORMA_STYLE_STATS:
        return args->dstyle_mean || args->dstyle_std;
    case NORMA_STYLE_SWAP:
        break;
    }
    return false;
}

/* Rows that are folded are not cut, as the order of their moments depends on the fold. */
static void share_style_gradients(const void *shared, struct norma_worker worker) {
    const struct norma_execution *execution = shared;
    const struct norma_plan *plan = execution->plan;
    const int64_t rows = plan->samples * plan->styles, channels = plan->problem.c;
    const bool whole = plan->style_order == NORMA_ORDER_COLUMNS && norma_folds_rows(channels);
    const int64_t pieces = whole ? 1 : channels, width = channels / pieces;
    struct norma_share share = norma_share_of(worker, rows * pieces);
    struct norma_part part;
    while (norma_next_part(&share, pieces, &part)) {
        norma_style_channels(execution, part.row / plan->styles, part.row % plan->styles,
                             part.first * width, part.count * width);
    }
}

/* Without a style tensor the work is two numbers for each channel, and waking threads does not
 * pay. */
static void write_style_gradients(const struct norma_execution *execution) {
    const struct norma_plan *plan = execution->plan;
    norma_work_together(plan->style_spatial > 0 ? plan->threads : 1, share_style_gradients,
                        execution);
}

static void share_parameters(const void *shared, struct norma_worker worker) {
    const struct norma_execution *execution = shared;
    const struct norma_share share = norma_share_of(worker, execution->plan->problem.c);
    norma_parameter_gradients(execution, share.first, share.last - share.first);
}

/* Adds up what the samples of all tiles add to the gradients of the parameters. If that is little,
 * waking threads is most of the work. */
static void add_up_parameters(const struct norma_execution *execution) {
    enum { WORTH_WAKING = 16 * 1024 };
    const struct norma_plan *plan = execution->plan;
    const int64_t entries = plan->parameter_parts * plan->problem.c;
    norma_work_together(entries >= WORTH_WAKING ? plan->threads : 1, share_parameters, execution);
}

void norma_write_gradients(const struct norma_execution *execution) {
    const struct norma_plan *plan = execution->plan;
    if (has_parameters(plan) && !have_tiles_all_samples(plan)) {
        add_up_parameters(execution);
    }
    if (has_parameters(plan)) {
        norma_number_gradient(execution);
    }
    if (requests_style_gradient(execution)) {
        write_style_gradients(execution);
    }
}

/* ---- the pass ----------------------------------------------------------------------------- */

static void compute_sums(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    norma_tile_load_statistics(context);
    const bool recovered = norma_tile_recover_means(context);
    if (!plan->elementwise) {
        norma_tile_sums(context);
    }
    if (recovered && !plan->row_statistics) {
        norma_tile_move_to_spans(context);
    }
    norma_tile_set_sums(context);
    norma_tile_move_to_batch(context);
}

static void finish_tile(const struct norma_stage_context *context) {
    const struct norma_plan *plan = context->execution->plan;
    norma_tile_parameters(context);
    if (has_parameters(plan) && have_tiles_all_samples(plan)) {
        norma_parameter_gradients(context->execution, context->tile.channel,
                                  context->tile.channels);
    }
}

static void work_on_tile(const struct norma_stage_context *context) {
    compute_sums(context);
    norma_tile_gradient(context);
    finish_tile(context);
}

static void execute_in_two_phases(const struct norma_execution *execution) {
    const struct norma_stage_context everything = norma_everything(execution);
    if (execution->plan->elementwise) {
        norma_phase_element_sums(&everything);
    } else {
        norma_phase_sums(&everything);
        norma_tile_move_to_batch(&everything);
    }
    norma_phase_apply(&everything, norma_slice_gradient);
    norma_tile_parameters(&everything);
}

static void execute_by_split_channels(const struct norma_execution *execution) {
    norma_tile_work *last = has_parameters(execution->plan) ? finish_tile : NULL;
    norma_split_channels(execution,
                         &(struct norma_split_work){compute_sums, norma_slice_gradient, last});
}

void norma_execute_backward(const struct norma_execution *execution) {
    const struct norma_plan *plan = execution->plan;
    if (plan->elementwise && execution->args->dalpha) {
        write_element_alpha(execution);
    }
    switch (plan->strategy) {
    case NORMA_STRATEGY_TWO_PHASE:
        execute_in_two_phases(execution);
        break;
    case NORMA_STRATEGY_SPLIT_CHANNELS:
        execute_by_split_channels(execution);
        break;
    default:
        norma_for_each_tile(execution, work_on_tile);
        break;
    }
    norma_write_gradients(execution);
}

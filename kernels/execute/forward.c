/* Forward passes: moments, statistics, affine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/execute/passes.h"
#include "kernels/execute/traverse.h"

static void compute_statistics(const struct norma_stage_context *context) {
    norma_tile_moments(context);
    norma_tile_statistics(context);
}

static void work_on_tile(const struct norma_stage_context *context) {
    compute_statistics(context);
    norma_tile_apply(context);
}

static void execute_in_two_phases(const struct norma_execution *execution) {
    const struct norma_stage_context everything = norma_everything(execution);
    norma_phase_moments(&everything);
    norma_tile_statistics(&everything);
    norma_phase_apply(&everything, norma_slice_apply);
}

void norma_execute_forward(const struct norma_execution *execution) {
    switch (execution->plan->strategy) {
    case NORMA_STRATEGY_TWO_PHASE:
        execute_in_two_phases(execution);
        break;
    case NORMA_STRATEGY_SPLIT_CHANNELS:
        norma_split_channels(
            execution, &(struct norma_split_work){compute_statistics, norma_slice_apply, NULL});
        break;
    default:
        norma_for_each_tile(execution, work_on_tile);
        break;
    }
    if (execution->loss) {
        norma_style_loss(execution);
    }
}

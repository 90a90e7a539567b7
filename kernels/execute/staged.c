/* Staged execution: the phases of a phased pass as public calls of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/execute/check_arguments.h"
#include "kernels/execute/environment.h"
#include "kernels/execute/execute.h"
#include "kernels/stages/stages.h"

/* ---- what the stages share ---------------------------------------------------------------- */

/* One stage at work: the plan as a phased one, whatever it is, with one tile of everything. */
struct stage {
    struct norma_plan plan;
    struct norma_workspace workspace;
    struct norma_execution execution;
    struct norma_tile everything;
    struct norma_statistics statistics;
    struct norma_environment caller; /* to be put back at the end */
};

static struct norma_plan staged_plan(const struct norma_plan *plan) {
    struct norma_plan staged = *plan;
    staged.two_phase = true;
    staged.tiling = (struct norma_tiling){plan->problem.n, plan->problem.c};
    staged.loss = false;
    return staged;
}

static size_t workspace_of(const struct norma_plan *staged) {
    struct norma_workspace workspace;
    return norma_workspace_lay_out(staged, NULL, &workspace) * sizeof(double);
}

size_t norma_stage_workspace(const struct norma_plan *plan) {
    const struct norma_plan staged = staged_plan(plan);
    return norma_is_empty(plan) ? 0 : workspace_of(&staged);
}

static bool is_supported(const struct norma_plan *plan) {
    const bool other_styles =
        plan->descriptor->style && plan->problem.style_source != NORMA_STYLE_STATS;
    return !plan->elementwise && !other_styles && plan->regions == 1;
}

/* array: the caller's moments or sums, which there may be none of. *stage must stay where it is:
 * its execution points to its plan. */
static norma_status begin(struct stage *stage, const struct norma_plan *plan,
                          const struct norma_args *args, const void *array, bool backward) {
    if (!plan || !args || (!array && norma_stage_sets(plan) > 0)) {
        return NORMA_STATUS_NULL;
    }
    if (!is_supported(plan) || plan->backward != backward) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    stage->plan = staged_plan(plan);
    stage->plan.workspace = workspace_of(&stage->plan);
    const norma_status status = norma_check_arguments(&stage->plan, args);
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    stage->everything = norma_tile_number(&stage->plan, 0);
    stage->caller = norma_environment_enter();
    const norma_status begun =
        norma_begin(&stage->plan, args, &stage->workspace, &stage->execution);
    stage->statistics = norma_tile_arrays(&stage->plan, &stage->everything, stage->workspace.tiles);
    if (begun != NORMA_STATUS_OK) {
        norma_environment_leave(stage->caller);
    }
    return begun;
}

static norma_status end(const struct stage *stage) {
    norma_environment_leave(stage->caller);
    return NORMA_STATUS_OK;
}

/* Sets of the batch, and of instances. In inference the batch's statistics are given. */
static int64_t batch_sets(const struct norma_plan *plan) {
    const bool constant = plan->problem.pass == NORMA_PASS_INFERENCE ||
                          plan->problem.pass == NORMA_PASS_INFERENCE_BACKWARD;
    return plan->descriptor->batch && !constant ? plan->problem.c : 0;
}

static int64_t instance_sets(const struct norma_plan *plan) {
    return plan->descriptor->instance
               ? plan->problem.n * (plan->problem.c / plan->channels_per_span)
               : 0;
}

int64_t norma_stage_sets(const struct norma_plan *plan) {
    return batch_sets(plan) + instance_sets(plan);
}

/* ---- forward ------------------------------------------------------------------------------ */

static void export_moments(struct norma_partial_moments *moments, int64_t sets, double count,
                           const double *mean, const double *m2) {
    for (int64_t i = 0; i < sets; i++) {
        moments[i] = (struct norma_partial_moments){count, mean[i], m2[i]};
    }
}

static void import_moments(const struct norma_partial_moments *moments, int64_t sets, double *mean,
                           double *m2) {
    for (int64_t i = 0; i < sets; i++) {
        mean[i] = moments[i].mean;
        m2[i] = moments[i].m2;
    }
}

norma_status norma_stage_moments(const struct norma_plan *plan, const struct norma_args *args,
                                 struct norma_partial_moments *moments) {
    struct stage stage;
    const norma_status status = begin(&stage, plan, args, moments, false);
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    const int64_t batch = batch_sets(plan);
    norma_phase_moments(&stage.execution, &stage.workspace, &stage.statistics);
    if (batch > 0) {
        norma_tile_merge_batch(&stage.execution, &stage.everything, &stage.statistics);
        export_moments(moments, batch, stage.execution.batch_count, stage.statistics.batch_mean,
                       stage.statistics.batch_inverse_std);
    }
    export_moments(moments + batch, instance_sets(plan), (double)plan->span_length,
                   stage.statistics.mean, stage.statistics.inverse_std);
    return end(&stage);
}

norma_status norma_stage_merge(struct norma_partial_moments *moments,
                               const struct norma_partial_moments *others, int64_t sets) {
    if (!moments || !others) {
        return NORMA_STATUS_NULL;
    }
    const struct norma_environment caller = norma_environment_enter();
    for (int64_t i = 0; i < sets; i++) {
        norma_merge_moments(&moments[i].count, &moments[i].mean, &moments[i].m2, others[i].count,
                            others[i].mean, others[i].m2);
    }
    norma_environment_leave(caller);
    return NORMA_STATUS_OK;
}

norma_status norma_stage_coefficients(const struct norma_plan *plan, const struct norma_args *args,
                                      const struct norma_partial_moments *moments,
                                      const struct norma_stage_affine *affine) {
    if (!plan || !affine || !affine->centre || !affine->scale || !affine->shift) {
        return NORMA_STATUS_NULL;
    }
    struct stage stage;
    const norma_status status = begin(&stage, plan, args, moments, false);
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    const int64_t batch = batch_sets(plan);
    import_moments(moments, batch, stage.statistics.batch_mean, stage.statistics.batch_inverse_std);
    import_moments(moments + batch, instance_sets(plan), stage.statistics.mean,
                   stage.statistics.inverse_std);
    norma_tile_finish_statistics(&stage.execution, &stage.everything, &stage.statistics,
                                 batch > 0 ? moments->count : 0.0);
    for (int64_t n = 0; n < plan->problem.n; n++) {
        const int64_t row = n * plan->problem.c;
        const int64_t sample = plan->samples == 1 ? 0 : n; /* a whole batch may be one sample */
        norma_tile_coefficients(&stage.execution, &stage.everything, &stage.statistics, sample,
                                affine->centre + row, affine->scale + row, affine->shift + row);
    }
    return end(&stage);
}

/* Blocks of whole planes for each thread. */
static void apply_planes(const struct norma_execution *execution,
                         const struct norma_stage_affine *affine) {
    const struct norma_plan *plan = execution->plan;
    const int64_t planes = plan->problem.n * plan->problem.c;
#pragma omp parallel num_threads(plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        const struct norma_share share = norma_my_share(planes);
        for (int64_t p = share.first; p < share.last; p++) {
            norma_apply_affine(execution, p, affine->centre + p, affine->scale + p,
                               affine->shift + p);
        }
        norma_environment_leave(caller);
    }
}

/* Channels-last: blocks of rows, of one sample at a time. */
static void apply_rows(const struct norma_execution *execution,
                       const struct norma_stage_affine *affine) {
    const struct norma_plan *plan = execution->plan;
    const int64_t positions = norma_problem_spatial(&plan->problem);
#pragma omp parallel num_threads(plan->threads)
    {
        const struct norma_environment caller = norma_environment_enter();
        struct norma_share share = norma_my_share(plan->problem.n * positions);
        struct norma_part part;
        while (norma_next_part(&share, positions, &part)) {
            const int64_t row = part.row * plan->problem.c;
            norma_apply_affine_rows(execution, part.row * positions + part.first, part.count,
                                    affine->centre + row, affine->scale + row, affine->shift + row);
        }
        norma_environment_leave(caller);
    }
}

norma_status norma_stage_apply(const struct norma_plan *plan, const struct norma_args *args,
                               const struct norma_stage_affine *affine) {
    struct stage stage;
    if (!affine || !affine->centre || !affine->scale || !affine->shift) {
        return NORMA_STATUS_NULL;
    }
    const norma_status status = begin(&stage, plan, args, affine, false);
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    (plan->columns ? apply_rows : apply_planes)(&stage.execution, affine);
    return end(&stage);
}

/* ---- backward ----------------------------------------------------------------------------- */

static void export_sums(struct norma_partial_sums *sums, int64_t sets, double count,
                        const double *dy, const double *product) {
    for (int64_t i = 0; i < sets; i++) {
        sums[i] = (struct norma_partial_sums){count, dy ? dy[i] : 0.0, product ? product[i] : 0.0};
    }
}

norma_status norma_stage_sums(const struct norma_plan *plan, const struct norma_args *args,
                              struct norma_partial_sums *sums) {
    struct stage stage;
    const norma_status status = begin(&stage, plan, args, sums, true);
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    const int64_t batch = batch_sets(plan);
    norma_phase_sums(&stage.execution, &stage.workspace, &stage.everything, &stage.statistics);
    export_sums(sums, batch, stage.execution.batch_count, stage.statistics.batch_dy,
                stage.statistics.batch_product);
    export_sums(sums + batch, instance_sets(plan), (double)plan->span_length,
                stage.statistics.set_dy, stage.statistics.set_product);
    return end(&stage);
}

/* The workspace still has everything that was computed for the sums, which the batch's replace. */
norma_status norma_stage_gradient(const struct norma_plan *plan, const struct norma_args *args,
                                  const struct norma_partial_sums *sums) {
    struct stage stage;
    const norma_status status = begin(&stage, plan, args, sums, true);
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    for (int64_t c = 0; c < batch_sets(plan); c++) {
        stage.statistics.batch_dy[c] = sums[c].dy;
        stage.statistics.batch_product[c] = sums[c].product;
        stage.execution.batch_count = sums[c].count;
    }
    norma_phase_apply(&stage.execution, &stage.everything, &stage.statistics,
                      norma_gradient_channels);
    norma_tile_parameters(&stage.execution, &stage.everything, &stage.statistics);
    norma_write_gradients(&stage.execution);
    return end(&stage);
}

/* Staged execution: the steps of a two-phase pass as public calls of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "kernels/execute/empty.h"
#include "kernels/execute/execute.h"
#include "kernels/execute/passes.h"
#include "kernels/execute/traverse.h"

/* ---- what the stages share ---------------------------------------------------------------- */

/* One stage at work. Its plan is the caller's with the strategy of two phases, and its context is
 * of one tile that holds everything. */
struct stage {
    struct norma_plan plan;
    struct norma_execution execution;
    struct norma_stage_context context;
    struct norma_environment caller; /* restored at the end */
};

struct norma_plan norma_staged_plan(const struct norma_plan *plan) {
    struct norma_plan staged = *plan;
    staged.strategy = NORMA_STRATEGY_TWO_PHASE;
    staged.tiling = (struct norma_tiling){plan->samples, plan->problem.c};
    staged.prefetch_distance = 0;
    staged.loss = false;
    staged.workspace = plan->stage_workspace;
    return staged;
}

size_t norma_stage_workspace(const struct norma_plan *plan) {
    return plan ? plan->stage_workspace : 0;
}

static bool is_supported(const struct norma_plan *plan) {
    const bool other_styles =
        plan->descriptor->style && plan->problem.style_source != NORMA_STYLE_STATS;
    return !plan->elementwise && !other_styles && plan->regions == 1;
}

norma_status norma_stage_check(const struct norma_plan *plan, const struct norma_args *args,
                               char *message, size_t size) {
    const struct norma_reason reason = {message, message ? size : 0};
    if (!plan || !args) {
        return norma_args_check(plan, args, message, size);
    }
    if (!is_supported(plan)) {
        return norma_refuse(&reason, NORMA_STATUS_UNSUPPORTED,
                            "the problem has no steps: its statistics are not those of x alone, or "
                            "its coefficients vary inside a plane");
    }
    const struct norma_plan staged = norma_staged_plan(plan);
    if (norma_is_empty(plan)) { /* other processes may have elements of the batch */
        norma_refuse(&reason, NORMA_STATUS_OK, "%s", "");
        return norma_check_empty(&staged, args, true, &reason);
    }
    return norma_args_check(&staged, args, message, size);
}

/* Checks the arguments of every step. Of empty tensors, only norma_stage_coefficients writes
 * statistics, and checks them itself. */
static norma_status check_arguments(const struct norma_plan *staged,
                                    const struct norma_args *args) {
    return norma_is_empty(staged) && !staged->backward ? NORMA_STATUS_OK
                                                       : norma_check_arguments(staged, args, NULL);
}

/* Begins a stage, unless there is nothing to do. `array` are the caller's moments or sums, which
 * must be there if there are any. *stage must not be moved, because its execution points to its
 * plan. */
static norma_status begin(struct stage *stage, const struct norma_plan *plan,
                          const struct norma_args *args, const void *array, bool backward) {
    if (!plan || !args || (!array && norma_stage_sets(plan) > 0)) {
        return NORMA_STATUS_NULL;
    }
    if (!is_supported(plan) || plan->backward != backward) {
        return NORMA_STATUS_UNSUPPORTED;
    }
    stage->plan = norma_staged_plan(plan);
    const norma_status checked = check_arguments(&stage->plan, args);
    if (checked != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return checked;
    }
    stage->caller = norma_environment_enter();
    const norma_status begun = norma_begin(&stage->plan, args, &stage->execution, NULL);
    stage->execution.staged = true;
    stage->context = norma_everything(&stage->execution);
    if (begun != NORMA_STATUS_OK) {
        norma_environment_leave(stage->caller);
    }
    return begun;
}

static norma_status end(const struct stage *stage) {
    norma_environment_leave(stage->caller);
    return NORMA_STATUS_OK;
}

/* Returns the number of statistics sets of the batch. In inference these statistics are given. */
static int64_t batch_sets(const struct norma_plan *plan) {
    const bool constant = plan->problem.pass == NORMA_PASS_INFERENCE ||
                          plan->problem.pass == NORMA_PASS_INFERENCE_BACKWARD;
    return plan->descriptor->batch && !constant ? plan->problem.c : 0;
}

/* Returns the number of statistics sets of instances, without a division by channels, of which
 * there may be none. */
static int64_t instance_sets(const struct norma_plan *plan) {
    const struct norma_problem *problem = &plan->problem;
    if (!plan->descriptor->instance) {
        return 0;
    }
    switch (plan->descriptor->extent) {
    case NORMA_PER_GROUP:
        return problem->n * problem->groups;
    case NORMA_PER_SAMPLE:
        return problem->n;
    case NORMA_PER_PLANE:
        break;
    }
    return problem->n * problem->c;
}

int64_t norma_stage_sets(const struct norma_plan *plan) {
    return plan ? batch_sets(plan) + instance_sets(plan) : 0;
}

/* Writes zeros, which moments and sums over nothing are. */
static void export_nothing(void *array, int64_t bytes) {
    if (bytes > 0) {
        memset(array, 0, (size_t)bytes);
    }
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
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    if (norma_is_empty(plan)) {
        export_nothing(moments, norma_stage_sets(plan) * (int64_t)sizeof *moments);
        return NORMA_STATUS_OK;
    }
    const int64_t batch = batch_sets(plan);
    const struct norma_statistics *statistics = &stage.context.statistics;
    norma_phase_moments(&stage.context);
    if (batch > 0) {
        norma_tile_merge_batch(&stage.context);
        export_moments(moments, batch, stage.execution.batch_count, statistics->batch_mean,
                       statistics->batch_inverse_std);
    }
    export_moments(moments + batch, instance_sets(plan), (double)plan->span_length,
                   statistics->mean, statistics->inverse_std);
    return end(&stage);
}

norma_status norma_stage_merge(struct norma_partial_moments *moments,
                               const struct norma_partial_moments *others, int64_t sets) {
    if (sets > 0 && (!moments || !others)) {
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

int64_t norma_stage_affine_entries(const struct norma_plan *plan) {
    if (!plan) {
        return 0;
    }
    const struct norma_problem *problem = &plan->problem;
    if (plan->row_statistics) {
        return problem->n;
    }
    return plan->descriptor->instance ? problem->n * problem->c : problem->c;
}

/* Returns the arrays from an entry on. */
static struct norma_stage_affine affine_from(const struct norma_stage_affine *affine,
                                             int64_t entry) {
    return (struct norma_stage_affine){affine->centre + entry, affine->scale + entry,
                                       affine->shift + entry};
}

/* Returns those of a sample on, which are every sample's if the channels have one entry each. */
static struct norma_stage_affine affine_of_sample(const struct norma_plan *plan,
                                                  const struct norma_stage_affine *affine,
                                                  int64_t sample) {
    return affine_from(affine, plan->descriptor->instance ? sample * plan->problem.c : 0);
}

/* Checks whether coefficients are needed and have no place. */
static bool is_missing(const struct norma_plan *plan, const struct norma_stage_affine *affine) {
    return !norma_is_empty(plan) &&
           (!affine || !affine->centre || !affine->scale || !affine->shift);
}

/* Writes the statistics of a batch that has elements in other processes, and in this one none. */
static norma_status finish_empty(const struct norma_plan *plan, const struct norma_args *args,
                                 const struct norma_partial_moments *moments, double batch_count) {
    const struct norma_plan staged = norma_staged_plan(plan);
    const norma_status status = norma_check_empty(&staged, args, batch_count > 0.0, NULL);
    if (status == NORMA_STATUS_OK && batch_count > 0.0) {
        const struct norma_environment caller = norma_environment_enter();
        norma_empty_batch_statistics(&staged, args, moments);
        norma_environment_leave(caller);
    }
    return status;
}

static void finish(const struct stage *stage, const struct norma_partial_moments *moments,
                   double batch_count, const struct norma_stage_affine *affine) {
    const struct norma_plan *plan = &stage->plan;
    const int64_t batch = batch_sets(plan);
    const struct norma_statistics *statistics = &stage->context.statistics;
    import_moments(moments, batch, statistics->batch_mean, statistics->batch_inverse_std);
    import_moments(moments + batch, instance_sets(plan), statistics->mean, statistics->inverse_std);
    norma_tile_finish_statistics(&stage->context, batch_count);
    if (plan->row_statistics) {
        norma_rows_affine(&stage->context, 0, plan->samples, affine);
        return;
    }
    for (int64_t n = 0; n < norma_stage_affine_entries(plan) / plan->problem.c; n++) {
        const struct norma_stage_affine sample = affine_of_sample(plan, affine, n);
        norma_tile_coefficients(&stage->context, n, &sample);
    }
}

norma_status norma_stage_coefficients(const struct norma_plan *plan, const struct norma_args *args,
                                      const struct norma_partial_moments *moments,
                                      const struct norma_stage_affine *affine) {
    if (!plan || is_missing(plan, affine)) {
        return NORMA_STATUS_NULL;
    }
    struct stage stage;
    norma_status status = begin(&stage, plan, args, moments, false);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    const bool merges = batch_sets(plan) > 0;
    const double batch_count = merges ? moments->count : 0.0;
    if (norma_is_empty(plan)) {
        return finish_empty(plan, args, moments, batch_count);
    }
    if (merges && !(batch_count > 0.0)) {
        status = NORMA_STATUS_EMPTY;
    } else {
        finish(&stage, moments, batch_count, affine);
    }
    norma_environment_leave(stage.caller);
    return status;
}

/* The affine that the threads share. */
struct affine_work {
    const struct norma_execution *execution;
    const struct norma_stage_affine *affine;
};

/* Applies it to whole planes. A call is for planes of one sample. */
static void apply_planes(const void *shared, struct norma_worker worker) {
    const struct affine_work *work = shared;
    const struct norma_plan *plan = work->execution->plan;
    const int64_t channels = plan->problem.c;
    struct norma_share share = norma_share_of(worker, plan->samples * channels);
    struct norma_part part;
    while (norma_last_part(&share, channels, &part)) {
        const struct norma_stage_affine sample = affine_of_sample(plan, work->affine, part.row);
        const struct norma_stage_affine own = affine_from(&sample, part.first);
        norma_apply_affine(work->execution, part.row * channels + part.first, part.count, &own);
    }
}

/* Applies it to rows of the kind of stages/rows.h. */
static void apply_row_affine(const void *shared, struct norma_worker worker) {
    const struct affine_work *work = shared;
    const struct norma_share share = norma_share_of(worker, work->execution->plan->samples);
    const struct norma_stage_affine own = affine_from(work->affine, share.first);
    norma_rows_apply_affine(work->execution, share.first, share.last - share.first, &own);
}

/* Channels-last: applies it to rows. A call is for rows of one sample or, of batch normalization,
 * of all, which are one. Samples of one row each are taken in their order, in which processors read
 * ahead: their coefficients are three times as large as x, so that a cache has little of it. */
static void apply_rows(const void *shared, struct norma_worker worker) {
    const struct affine_work *work = shared;
    const struct norma_plan *plan = work->execution->plan;
    const int64_t positions = plan->spatial;
    bool (*const take)(struct norma_share *, int64_t, struct norma_part *) =
        positions > 1 ? norma_last_part : norma_next_part;
    struct norma_share share = norma_share_of(worker, plan->samples * positions);
    struct norma_part part;
    while (take(&share, positions, &part)) {
        const struct norma_stage_affine own = affine_of_sample(plan, work->affine, part.row);
        norma_apply_affine_rows(work->execution, part.row * positions + part.first, part.count,
                                &own);
    }
}

/* Returns the way in which the affine is applied. */
static norma_shared_work *apply_of(const struct norma_plan *plan) {
    if (norma_has_row_affine(plan)) {
        return apply_row_affine;
    }
    switch (plan->order) {
    case NORMA_ORDER_COLUMNS:
        return apply_rows;
    case NORMA_ORDER_PLANES:
        break;
    }
    return apply_planes;
}

norma_status norma_stage_apply(const struct norma_plan *plan, const struct norma_args *args,
                               const struct norma_stage_affine *affine) {
    struct stage stage;
    if (!plan || is_missing(plan, affine)) {
        return NORMA_STATUS_NULL;
    }
    const norma_status status = begin(&stage, plan, args, args, false); /* there are no moments */
    if (status != NORMA_STATUS_OK || norma_is_empty(plan)) {
        return status;
    }
    if (plan->row_statistics && !norma_has_row_affine(plan)) {
        norma_rows_load_norms(&stage.context, affine);
        norma_phase_apply(&stage.context, norma_slice_apply);
    } else {
        norma_work_together(plan->threads, apply_of(plan),
                            &(struct affine_work){&stage.execution, affine});
    }
    return end(&stage);
}

/* ---- backward ----------------------------------------------------------------------------- */

/* Returns 0 where there is no array. */
static double entry_of(const double *array, int64_t index) {
    return array ? array[index] : 0.0;
}

static void export_sums(struct norma_partial_sums *sums, int64_t sets, double count,
                        const double *dy, const double *product, const double *x) {
    for (int64_t i = 0; i < sets; i++) {
        sums[i] = (struct norma_partial_sums){count, entry_of(dy, i), entry_of(product, i),
                                              entry_of(x, i)};
    }
}

norma_status norma_stage_sums(const struct norma_plan *plan, const struct norma_args *args,
                              struct norma_partial_sums *sums) {
    struct stage stage;
    const norma_status status = begin(&stage, plan, args, sums, true);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    if (norma_is_empty(plan)) {
        export_nothing(sums, norma_stage_sets(plan) * (int64_t)sizeof *sums);
        return NORMA_STATUS_OK;
    }
    const int64_t batch = batch_sets(plan);
    const struct norma_statistics *statistics = &stage.context.statistics;
    norma_phase_sums(&stage.context);
    export_sums(sums, batch, stage.execution.batch_count, statistics->batch_dy,
                statistics->batch_product, statistics->batch_x);
    export_sums(sums + batch, instance_sets(plan), (double)plan->span_length, statistics->set_dy,
                statistics->set_product, NULL);
    return end(&stage);
}

/* Computes the gradients from the workspace, which still has all that norma_stage_sums computed.
 * Only the sums of the batch are replaced by the caller's. */
norma_status norma_stage_gradient(const struct norma_plan *plan, const struct norma_args *args,
                                  const struct norma_partial_sums *sums) {
    struct stage stage;
    const norma_status status = begin(&stage, plan, args, sums, true);
    if (status != NORMA_STATUS_OK) {
        return status;
    }
    if (norma_is_empty(plan)) {
        norma_empty_gradients(plan, args);
        return NORMA_STATUS_OK;
    }
    for (int64_t c = 0; c < batch_sets(plan); c++) {
        stage.context.statistics.batch_dy[c] = sums[c].dy;
        stage.context.statistics.batch_product[c] = sums[c].product;
        stage.execution.batch_count = sums[c].count;
        if (stage.context.statistics.batch_x) {
            stage.context.statistics.batch_x[c] = sums[c].x;
        }
    }
    norma_tile_move_to_batch(&stage.context);
    norma_phase_apply(&stage.context, norma_slice_gradient);
    norma_tile_parameters(&stage.context);
    norma_write_gradients(&stage.execution);
    return end(&stage);
}

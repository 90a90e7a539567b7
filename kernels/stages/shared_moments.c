/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/shared_moments.h"

#include "kernels/spans/spans.h"
#include "kernels/stages/share.h"

struct norma_moments_work norma_moments_of_x(const struct norma_plan *plan) {
    return (struct norma_moments_work){
        .matrices = plan->samples,
        .rows = plan->spatial,
        .columns = plan->problem.c,
        .channels_per_span = plan->channels_per_span,
        .by_columns = !plan->contiguous_spans,
    };
}

struct norma_moments_work norma_moments_of_styles(const struct norma_plan *plan) {
    return (struct norma_moments_work){
        .matrices = plan->samples * plan->styles,
        .rows = plan->style_spatial,
        .columns = plan->problem.c,
        .channels_per_span = 1,
        .by_columns = plan->style_order == NORMA_ORDER_COLUMNS,
    };
}

/* Checks whether a span is one chunk, so that there is nothing to be merged. */
static bool has_single_chunks(const struct norma_moments_work *work) {
    return work->by_columns
               ? work->channels_per_span == 1 && norma_row_chunks(work->columns, work->rows) == 1
               : norma_chunks(work->rows * work->channels_per_span) == 1;
}

/* Sets the arrays of the results, and those for chunks, which are the same for single ones. */
static void set_arrays(struct norma_moments_work *work, struct norma_moment_arrays chunks,
                       struct norma_moment_arrays spans) {
    work->chunks = has_single_chunks(work) ? spans : chunks;
    work->spans = spans;
}

/* ---- contiguous spans --------------------------------------------------------------------- */

static int64_t spans_of(const struct norma_moments_work *work) {
    return work->matrices * (work->columns / work->channels_per_span);
}

/* Shares spans of one chunk each, of which sets take many at once in less time. */
static void share_short_spans(const struct norma_plan *plan, const struct norma_moments_work *work,
                              struct norma_worker worker) {
    const int64_t length = work->rows * work->channels_per_span;
    const struct norma_share share = norma_share_of(worker, spans_of(work));
    if (share.first < share.last) {
        norma_moments_of_spans(plan, norma_element_at(plan, work->x, share.first * length), length,
                               share.last - share.first,
                               norma_moments_from(work->spans, share.first));
    }
}

static void share_long_spans(const struct norma_plan *plan, const struct norma_moments_work *work,
                             struct norma_worker worker) {
    const int64_t length = work->rows * work->channels_per_span;
    const int64_t across = norma_chunks(length);
    struct norma_share share = norma_share_of(worker, spans_of(work) * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        norma_moments_of_chunks(plan, norma_element_at(plan, work->x, part.row * length), length,
                                part.first, part.count,
                                norma_moments_from(work->chunks, part.row * across + part.first));
    }
    norma_wait_for_all(worker);
    const struct norma_share merged = norma_share_of(worker, spans_of(work));
    for (int64_t i = merged.first; i < merged.last; i++) {
        norma_merge_chunks(length, norma_moments_from(work->chunks, i * across),
                           norma_moments_from(work->spans, i));
    }
}

/* ---- columns ------------------------------------------------------------------------------ */

/* Computes the moments of columns [first, end) of one chunk. */
static void chunk_moments(const struct norma_plan *plan, const struct norma_moments_work *work,
                          int64_t chunk, int64_t first, int64_t end) {
    const int64_t most = norma_chunk_rows(work->columns);
    const int64_t across = norma_row_chunks(work->columns, work->rows);
    const int64_t row = chunk % across * most;
    const int64_t offset = (chunk / across * work->rows + row) * work->columns;
    for (int64_t c = first; c < end; c += NORMA_COLUMNS) {
        const struct norma_matrix matrix = {
            .x = norma_element_at(plan, work->x, offset + c),
            .rows = norma_min(work->rows - row, most),
            .stride = work->columns,
            .columns = norma_min(end - c, NORMA_COLUMNS),
        };
        norma_chunk_column_moments(plan, matrix,
                                   norma_moments_from(work->chunks, chunk * work->columns + c));
    }
}

/* Merges a matrix's chunks into its first, and the channels there into spans. */
static void merge_matrix(const struct norma_moments_work *work, int64_t matrix) {
    const int64_t chunks = norma_row_chunks(work->columns, work->rows);
    const int64_t most = norma_chunk_rows(work->columns);
    const int64_t spans = work->columns / work->channels_per_span;
    const struct norma_moment_arrays merged =
        norma_moments_from(work->chunks, matrix * chunks * work->columns);
    for (int64_t k = 1; k < chunks; k++) {
        norma_merge_sets(work->columns, (double)(k * most), merged,
                         (double)norma_min(work->rows - k * most, most),
                         norma_moments_from(merged, k * work->columns));
    }
    norma_merge_channels(work->channels_per_span, work->rows, 0, work->columns, merged,
                         norma_moments_from(work->spans, matrix * spans));
}

static void share_columns(const struct norma_plan *plan, const struct norma_moments_work *work,
                          struct norma_worker worker) {
    const int64_t chunks = work->matrices * norma_row_chunks(work->columns, work->rows);
    const int64_t width = norma_shared_columns(worker, chunks, work->columns);
    const int64_t across = norma_divide_up(work->columns, width);
    struct norma_share share = norma_share_of(worker, chunks * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        chunk_moments(plan, work, part.row, part.first * width,
                      norma_min((part.first + part.count) * width, work->columns));
    }
    if (has_single_chunks(work)) {
        return;
    }
    norma_wait_for_all(worker);
    const struct norma_share merged = norma_share_of(worker, work->matrices);
    for (int64_t i = merged.first; i < merged.last; i++) {
        merge_matrix(work, i);
    }
}

/* ---- both --------------------------------------------------------------------------------- */

int64_t norma_moment_chunks(const struct norma_moments_work *work) {
    if (has_single_chunks(work)) {
        return 0;
    }
    if (work->by_columns) {
        return work->matrices * norma_row_chunks(work->columns, work->rows) * work->columns;
    }
    return spans_of(work) * norma_chunks(work->rows * work->channels_per_span);
}

/* Computes a worker's part of the moments. */
static void share_moments(const struct norma_plan *plan, const struct norma_moments_work *work,
                          struct norma_worker worker) {
    if (work->by_columns) {
        share_columns(plan, work, worker);
    } else if (has_single_chunks(work)) {
        share_short_spans(plan, work, worker);
    } else {
        share_long_spans(plan, work, worker);
    }
}

/* The moments of x and of the styles; NULL: those are not computed. */
struct both {
    const struct norma_plan *plan;
    const struct norma_moments_work *x, *styles;
};

static void share_both(const void *shared, struct norma_worker worker) {
    const struct both *both = shared;
    if (both->x) {
        share_moments(both->plan, both->x, worker);
    }
    if (both->styles) {
        share_moments(both->plan, both->styles, worker);
    }
}

/* Returns the work on x, whose results are written to `spans`. */
static struct norma_moments_work work_on_x(const struct norma_execution *execution,
                                           struct norma_moment_arrays spans) {
    const struct norma_workspace *workspace = &execution->workspace;
    struct norma_moments_work x = norma_moments_of_x(execution->plan);
    x.x = execution->args->x;
    set_arrays(&x, (struct norma_moment_arrays){workspace->chunk_mean, workspace->chunk_m2}, spans);
    return x;
}

void norma_phase_moments_of_x(const struct norma_stage_context *everything,
                              struct norma_moment_arrays spans) {
    const struct norma_plan *plan = everything->execution->plan;
    const struct norma_moments_work x = work_on_x(everything->execution, spans);
    norma_work_together(plan->threads, share_both, &(struct both){plan, &x, NULL});
}

void norma_phase_moments(const struct norma_stage_context *everything) {
    const struct norma_plan *plan = everything->execution->plan;
    const struct norma_workspace *workspace = &everything->execution->workspace;
    const struct norma_statistics *statistics = &everything->statistics;
    const struct norma_moments_work x =
        work_on_x(everything->execution,
                  (struct norma_moment_arrays){statistics->mean, statistics->inverse_std});
    struct norma_moments_work styles = norma_moments_of_styles(plan);
    styles.x = everything->execution->args->style;
    set_arrays(&styles, (struct norma_moment_arrays){workspace->style_mean, workspace->style_m2},
               (struct norma_moment_arrays){statistics->style_mean, statistics->style_std});
    const struct both both = {plan, plan->moments ? &x : NULL,
                              plan->style_moments ? &styles : NULL};
    if (both.x || both.styles) {
        norma_work_together(plan->threads, share_both, &both);
    }
}

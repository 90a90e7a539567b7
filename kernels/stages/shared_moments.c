/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/shared_moments.h"

#include "kernels/stages/column_moments.h"
#include "kernels/stages/columns.h"
#include "kernels/stages/merge.h"
#include "kernels/stages/share.h"

static int64_t at_most(int64_t a, int64_t b) {
    return a < b ? a : b;
}

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
        .by_columns = plan->style_columns,
    };
}

/* ---- runs --------------------------------------------------------------------------------- */

static int64_t runs_of(const struct norma_moments_work *work) {
    return work->matrices * (work->columns / work->channels_per_span);
}

static void share_spans(const struct norma_set *set, const struct norma_moments_work *work) {
    const int64_t length = work->rows * work->channels_per_span;
    const int64_t across = norma_chunks(length);
    struct norma_share share = norma_my_share(runs_of(work) * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        const int64_t index = part.row * across + part.first;
        norma_moments_of_chunks(set, work->x + part.row * length, length, part.first, part.count,
                                work->chunk_mean + index, work->chunk_m2 + index);
    }
#pragma omp barrier
    const struct norma_share merged = norma_my_share(runs_of(work));
    for (int64_t r = merged.first; r < merged.last; r++) {
        norma_merge_chunks(length, work->chunk_mean + r * across, work->chunk_m2 + r * across,
                           &work->mean[r], &work->m2[r]);
    }
}

/* ---- columns ------------------------------------------------------------------------------ */

/* Of columns [first, end) of chunk number `index`. */
static void chunk_moments(const struct norma_set *set, const struct norma_moments_work *work,
                          int64_t index, int64_t first, int64_t end) {
    const int64_t most = norma_chunk_rows(work->columns);
    const int64_t across = norma_row_chunks(work->columns, work->rows);
    const int64_t row = index % across * most;
    const float *x = work->x + (index / across * work->rows + row) * work->columns;
    for (int64_t c = first; c < end; c += NORMA_COLUMNS) {
        const int64_t entry = index * work->columns + c;
        norma_chunk_column_moments(set, x + c, at_most(work->rows - row, most), work->columns,
                                   at_most(end - c, NORMA_COLUMNS), work->chunk_mean + entry,
                                   work->chunk_m2 + entry);
    }
}

/* Into the first chunk's, and from there into those of the runs. */
static void merge_matrix(const struct norma_moments_work *work, int64_t matrix) {
    const int64_t chunks = norma_row_chunks(work->columns, work->rows);
    const int64_t most = norma_chunk_rows(work->columns);
    const int64_t spans = work->columns / work->channels_per_span;
    double *mean = work->chunk_mean + matrix * chunks * work->columns;
    double *m2 = work->chunk_m2 + matrix * chunks * work->columns;
    for (int64_t k = 1; k < chunks; k++) {
        norma_merge_sets(work->columns, (double)(k * most), mean, m2,
                         (double)at_most(work->rows - k * most, most), mean + k * work->columns,
                         m2 + k * work->columns);
    }
    norma_merge_channels(work->channels_per_span, work->rows, 0, work->columns, mean, m2,
                         work->mean + matrix * spans, work->m2 + matrix * spans);
}

static void share_columns(const struct norma_set *set, const struct norma_moments_work *work) {
    const int64_t chunks = work->matrices * norma_row_chunks(work->columns, work->rows);
    const int64_t width = norma_shared_columns(chunks, work->columns);
    const int64_t across = norma_divide_up(work->columns, width);
    struct norma_share share = norma_my_share(chunks * across);
    struct norma_part part;
    while (norma_next_part(&share, across, &part)) {
        chunk_moments(set, work, part.row, part.first * width,
                      at_most((part.first + part.count) * width, work->columns));
    }
#pragma omp barrier
    const struct norma_share merged = norma_my_share(work->matrices);
    for (int64_t i = merged.first; i < merged.last; i++) {
        merge_matrix(work, i);
    }
}

/* ---- either ------------------------------------------------------------------------------- */

int64_t norma_moment_chunks(const struct norma_moments_work *work) {
    if (work->by_columns) {
        return work->matrices * norma_row_chunks(work->columns, work->rows) * work->columns;
    }
    return runs_of(work) * norma_chunks(work->rows * work->channels_per_span);
}

void norma_share_moments(const struct norma_set *set, const struct norma_moments_work *work) {
    (work->by_columns ? share_columns : share_spans)(set, work);
}

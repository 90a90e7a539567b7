/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/spans/column_moments.h"

#include <string.h>

/* Returns at most NORMA_COLUMNS columns, from `first` on. */
static struct norma_matrix some_columns(const struct norma_plan *plan, struct norma_matrix matrix,
                                        int64_t first) {
    matrix.x = norma_element_at(plan, matrix.x, first);
    matrix.columns = norma_min(matrix.columns - first, NORMA_COLUMNS);
    return matrix;
}

void norma_moments_of_matrix(const struct norma_plan *plan, struct norma_matrix matrix,
                             struct norma_moment_arrays moments,
                             const struct norma_column_buffers *buffers) {
    for (int64_t c = 0; c < matrix.columns; c += NORMA_COLUMNS) {
        norma_column_moments(plan, some_columns(plan, matrix, c), norma_moments_from(moments, c),
                             buffers);
    }
}

/* ---- spans of several channels ------------------------------------------------------------ */

void norma_merge_channels(int64_t channels_per_span, int64_t rows, int64_t channel, int64_t count,
                          struct norma_moment_arrays channels, struct norma_moment_arrays spans) {
    for (int64_t i = 0; i < count; i++) {
        const int64_t span = (channel + i) / channels_per_span;
        double merged = (double)((channel + i) % channels_per_span * rows);
        norma_merge_moments(&merged, &spans.mean[span], &spans.m2[span], (double)rows,
                            channels.mean[i], channels.m2[i]);
    }
}

void norma_column_moments_of_spans(const struct norma_plan *plan, const void *x, int64_t channels,
                                   struct norma_moment_arrays moments,
                                   const struct norma_column_buffers *buffers) {
    const struct norma_matrix all = {x, plan->spatial, plan->problem.c, channels};
    if (plan->channels_per_span == 1) {
        norma_moments_of_matrix(plan, all, moments, buffers);
        return;
    }
    const struct norma_moment_arrays some = {buffers->part[0], buffers->part[1]};
    for (int64_t c = 0; c < channels; c += NORMA_COLUMNS) {
        const struct norma_matrix matrix = some_columns(plan, all, c);
        norma_column_moments(plan, matrix, some, buffers);
        norma_merge_channels(plan->channels_per_span, plan->spatial, c, matrix.columns, some,
                             moments);
    }
}

/* ---- regions ------------------------------------------------------------------------------ */

/* Computes the moments of one region of at most NORMA_COLUMNS channels. */
static void moments_of_region(const struct norma_plan *plan, struct norma_matrix all,
                              struct norma_region region, struct norma_moment_arrays moments,
                              const struct norma_column_buffers *buffers) {
    const struct norma_moment_arrays some = {buffers->part[0], buffers->part[1]};
    double merged = 0.0;
    struct norma_rows rows = {0};
    while (norma_next_rows(region.labels, region.label, all.rows, &rows)) {
        struct norma_matrix matrix = all;
        matrix.x = norma_element_at(plan, all.x, rows.first * all.stride);
        matrix.rows = rows.count;
        norma_column_moments(plan, matrix, some, buffers);
        norma_merge_sets(all.columns, merged, moments, (double)rows.count, some);
        merged += (double)rows.count;
    }
}

void norma_column_moments_of_regions(const struct norma_plan *plan, const void *x, int64_t channels,
                                     const uint8_t *labels, struct norma_moment_arrays moments,
                                     const struct norma_column_buffers *buffers) {
    const struct norma_matrix all = {x, plan->spatial, plan->problem.c, channels};
    const size_t bytes = (size_t)(plan->regions * channels) * sizeof *moments.mean;
    memset(moments.mean, 0, bytes);
    memset(moments.m2, 0, bytes);
    for (int64_t r = 0; r < plan->regions; r++) {
        const struct norma_region region = {labels, (uint8_t)r};
        for (int64_t c = 0; c < channels; c += NORMA_COLUMNS) {
            moments_of_region(plan, some_columns(plan, all, c), region,
                              norma_moments_from(moments, r * channels + c), buffers);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/column_moments.h"

#include <string.h>

#include "kernels/stages/columns.h"
#include "kernels/stages/merge.h"

static int64_t at_most(int64_t a, int64_t b) {
    return a < b ? a : b;
}

void norma_moments_of_matrix(const struct norma_set *set, const float *x, int64_t rows,
                             int64_t stride, int64_t columns, double *mean, double *m2) {
    for (int64_t c = 0; c < columns; c += NORMA_COLUMNS) {
        norma_column_moments(set, x + c, rows, stride, at_most(columns - c, NORMA_COLUMNS),
                             mean + c, m2 + c);
    }
}

/* ---- runs of several channels ------------------------------------------------------------- */

void norma_merge_channels(int64_t channels_per_span, int64_t rows, int64_t channel, int64_t count,
                          const double *mean, const double *m2, double *run_mean, double *run_m2) {
    for (int64_t i = 0; i < count; i++) {
        const int64_t run = (channel + i) / channels_per_span;
        double merged = (double)((channel + i) % channels_per_span * rows);
        norma_merge_moments(&merged, &run_mean[run], &run_m2[run], (double)rows, mean[i], m2[i]);
    }
}

void norma_column_moments_of_spans(const struct norma_plan *plan, const float *x, int64_t channels,
                                   double *mean, double *m2) {
    const int64_t stride = plan->problem.c;
    if (plan->channels_per_span == 1) {
        norma_moments_of_matrix(plan->set, x, plan->spatial, stride, channels, mean, m2);
        return;
    }
    double channel_mean[NORMA_COLUMNS], channel_m2[NORMA_COLUMNS];
    for (int64_t c = 0; c < channels; c += NORMA_COLUMNS) {
        const int64_t count = at_most(channels - c, NORMA_COLUMNS);
        norma_column_moments(plan->set, x + c, plan->spatial, stride, count, channel_mean,
                             channel_m2);
        norma_merge_channels(plan->channels_per_span, plan->spatial, c, count, channel_mean,
                             channel_m2, mean, m2);
    }
}

/* ---- regions ------------------------------------------------------------------------------ */

/* Of one region and some channels. */
static void moments_of_region(const struct norma_plan *plan, const float *x, const uint8_t *labels,
                              uint8_t region, int64_t count, double *mean, double *m2) {
    double some_mean[NORMA_COLUMNS], some_m2[NORMA_COLUMNS];
    const int64_t stride = plan->problem.c;
    double merged = 0.0;
    struct norma_rows rows = {0};
    while (norma_next_rows(labels, region, plan->spatial, &rows)) {
        norma_column_moments(plan->set, x + rows.first * stride, rows.count, stride, count,
                             some_mean, some_m2);
        norma_merge_sets(count, merged, mean, m2, (double)rows.count, some_mean, some_m2);
        merged += (double)rows.count;
    }
}

void norma_column_moments_of_regions(const struct norma_plan *plan, const float *x,
                                     int64_t channels, const uint8_t *labels, double *mean,
                                     double *m2) {
    const size_t bytes = (size_t)(plan->regions * channels) * sizeof *mean;
    memset(mean, 0, bytes);
    memset(m2, 0, bytes);
    for (int64_t r = 0; r < plan->regions; r++) {
        for (int64_t c = 0; c < channels; c += NORMA_COLUMNS) {
            moments_of_region(plan, x + c, labels, (uint8_t)r, at_most(channels - c, NORMA_COLUMNS),
                              mean + r * channels + c, m2 + r * channels + c);
        }
    }
}

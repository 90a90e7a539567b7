/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/stages/columns.h"

#include <string.h>

#include "kernels/stages/merge.h"

enum {
    /* Long rows in a chunk: what merging costs is spread over so many, and it bounds the error as
     * NORMA_CHUNK does. */
    CHUNK_LONG_ROWS = 256,
    /* More channels fill vectors well enough, whatever their number: at most one in five is cut. */
    FOLDED_CHANNELS = 64,
    LONGEST = FOLDED_CHANNELS * NORMA_LANES
};

/* Rows that make one row of whole vectors: a power of two, at most NORMA_LANES; 1: no folding. */
static int64_t fold_of(int64_t channels) {
    int64_t fold = 1;
    while (channels <= FOLDED_CHANNELS && channels * fold % NORMA_LANES != 0) {
        fold *= 2;
    }
    return fold;
}

bool norma_folds_rows(int64_t channels) {
    return fold_of(channels) > 1;
}

int64_t norma_chunk_rows(int64_t channels) {
    return CHUNK_LONG_ROWS * fold_of(channels);
}

int64_t norma_row_chunks(int64_t channels, int64_t rows) {
    const int64_t most = norma_chunk_rows(channels);
    return (rows + most - 1) / most;
}

/* Only whole rows can be taken together. */
static int64_t fold_of_rows(int64_t stride, int64_t columns, int64_t rows) {
    const int64_t fold = stride == columns ? fold_of(columns) : 1;
    return rows < fold ? 1 : fold;
}

/* ---- moments ------------------------------------------------------------------------------ */

/* The moments of a channel from those of its `fold` columns of the long rows, of `rows` elements
 * each. */
static void merge_folded(int64_t fold, int64_t columns, double rows, const double *mean,
                         const double *m2, double *total_mean, double *total_m2) {
    const double share = 1.0 / (double)fold;
    for (int64_t c = 0; c < columns; c++) {
        double sum = 0.0, within = 0.0, between = 0.0;
        for (int64_t k = 0; k < fold; k++) {
            sum += mean[k * columns + c] - mean[c];
            within += m2[k * columns + c];
        }
        const double middle = mean[c] + sum * share;
        for (int64_t k = 0; k < fold; k++) {
            const double distance = mean[k * columns + c] - middle;
            between += distance * distance;
        }
        total_mean[c] = middle;
        total_m2[c] = within + rows * between;
    }
}

void norma_chunk_column_moments(const struct norma_set *set, const float *x, int64_t rows,
                                int64_t stride, int64_t columns, double *mean, double *m2) {
    const int64_t fold = fold_of_rows(stride, columns, rows);
    if (fold == 1) {
        set->moments_columns(x, rows, stride, columns, mean, m2);
        return;
    }
    double long_mean[LONGEST], long_m2[LONGEST];
    const int64_t long_rows = rows / fold, whole = long_rows * fold, rest = rows - whole;
    set->moments_columns(x, long_rows, fold * stride, fold * columns, long_mean, long_m2);
    merge_folded(fold, columns, (double)long_rows, long_mean, long_m2, mean, m2);
    if (rest > 0) {
        set->moments_columns(x + whole * stride, rest, stride, columns, long_mean, long_m2);
        norma_merge_sets(columns, (double)whole, mean, m2, (double)rest, long_mean, long_m2);
    }
}

void norma_column_moments(const struct norma_set *set, const float *x, int64_t rows, int64_t stride,
                          int64_t columns, double *mean, double *m2) {
    double chunk_mean[NORMA_COLUMNS], chunk_m2[NORMA_COLUMNS];
    const int64_t most = norma_chunk_rows(stride);
    norma_chunk_column_moments(set, x, rows < most ? rows : most, stride, columns, mean, m2);
    for (int64_t done = most; done < rows; done += most) {
        const int64_t count = rows - done < most ? rows - done : most;
        norma_chunk_column_moments(set, x + done * stride, count, stride, columns, chunk_mean,
                                   chunk_m2);
        norma_merge_sets(columns, (double)done, mean, m2, (double)count, chunk_mean, chunk_m2);
    }
}

/* ---- affine ------------------------------------------------------------------------------- */

/* values: of one row's columns; long_values: of a long row's. */
static const float *repeat(const float *values, int64_t columns, int64_t fold, float *long_values) {
    for (int64_t k = 0; values && k < fold; k++) {
        memcpy(long_values + k * columns, values, (size_t)columns * sizeof *values);
    }
    return values ? long_values : NULL;
}

void norma_apply_columns(const struct norma_set *set, const struct norma_apply *work,
                         int64_t stride) {
    const int64_t fold = fold_of_rows(stride, work->length, work->spans);
    if (fold == 1) {
        set->apply_columns(work, stride);
        return;
    }
    float centre[LONGEST], scale[LONGEST], shift[LONGEST];
    struct norma_apply part = *work;
    part.length *= fold;
    part.spans /= fold;
    part.centre = repeat(work->centre, work->length, fold, centre);
    part.scale = repeat(work->scale, work->length, fold, scale);
    part.shift = repeat(work->shift, work->length, fold, shift);
    set->apply_columns(&part, fold * stride);
    const int64_t whole = part.spans * fold, done = whole * stride;
    part = *work;
    part.x = norma_element_at(work->x, done);
    part.y = norma_output_at(work->y, done);
    part.residual = norma_element_at(work->residual, done);
    part.spans -= whole;
    set->apply_columns(&part, stride);
}

void norma_gradient_columns(const struct norma_set *set, const struct norma_gradient_apply *work,
                            int64_t stride) {
    const int64_t fold = fold_of_rows(stride, work->length, work->spans);
    if (fold == 1) {
        set->gradient_apply_columns(work, stride);
        return;
    }
    float centre[LONGEST], dy_scale[LONGEST], x_scale[LONGEST], constant[LONGEST];
    struct norma_gradient_apply part = *work;
    part.length *= fold;
    part.spans /= fold;
    part.centre = repeat(work->centre, work->length, fold, centre);
    part.dy_scale = repeat(work->dy_scale, work->length, fold, dy_scale);
    part.x_scale = repeat(work->x_scale, work->length, fold, x_scale);
    part.constant = repeat(work->constant, work->length, fold, constant);
    set->gradient_apply_columns(&part, fold * stride);
    const int64_t whole = part.spans * fold, done = whole * stride;
    part = *work;
    part.x = norma_element_at(work->x, done);
    part.dy = norma_element_at(work->dy, done);
    part.y = norma_element_at(work->y, done);
    part.dx = norma_output_at(work->dx, done);
    part.dresidual = norma_output_at(work->dresidual, done);
    part.spans -= whole;
    set->gradient_apply_columns(&part, stride);
}

/* ---- sums --------------------------------------------------------------------------------- */

static void add_columns(int64_t columns, const double *more, double *sums) {
    for (int64_t c = 0; c < columns; c++) {
        sums[c] += more[c];
    }
}

/* Rows [first, first + rows) of the work, into other sums. */
static struct norma_gradient_sums rows_of(const struct norma_gradient_sums *work, int64_t stride,
                                          int64_t first, int64_t rows, double *dy_sum,
                                          double *product) {
    struct norma_gradient_sums part = *work;
    part.x = norma_element_at(work->x, first * stride);
    part.dy = norma_element_at(work->dy, first * stride);
    part.y = norma_element_at(work->y, first * stride);
    part.spans = rows;
    part.dy_sum = dy_sum;
    part.product = product;
    return part;
}

void norma_chunk_column_sums(const struct norma_set *set, const struct norma_gradient_sums *work,
                             int64_t stride) {
    const int64_t columns = work->length;
    const int64_t fold = fold_of_rows(stride, columns, work->spans);
    if (fold == 1) {
        set->gradient_sums_columns(work, stride);
        return;
    }
    float centre[LONGEST];
    double dy_sum[LONGEST], product[LONGEST];
    const int64_t long_rows = work->spans / fold, whole = long_rows * fold;
    struct norma_gradient_sums part = rows_of(work, stride, 0, long_rows, dy_sum, product);
    part.length = fold * columns;
    part.centre = repeat(work->centre, columns, fold, centre);
    set->gradient_sums_columns(&part, fold * stride);
    for (int64_t k = 1; k < fold; k++) {
        add_columns(columns, dy_sum + k * columns, dy_sum);
        add_columns(columns, product + k * columns, product);
    }
    memcpy(work->dy_sum, dy_sum, (size_t)columns * sizeof *dy_sum);
    memcpy(work->product, product, (size_t)columns * sizeof *product);
    if (whole < work->spans) {
        part = rows_of(work, stride, whole, work->spans - whole, dy_sum, product);
        set->gradient_sums_columns(&part, stride);
        add_columns(columns, dy_sum, work->dy_sum);
        add_columns(columns, product, work->product);
    }
}

void norma_gradient_sums_columns(const struct norma_set *set,
                                 const struct norma_gradient_sums *work, int64_t stride) {
    double dy_sum[NORMA_COLUMNS], product[NORMA_COLUMNS];
    const int64_t most = norma_chunk_rows(stride);
    const size_t bytes = (size_t)work->length * sizeof *dy_sum;
    memset(work->dy_sum, 0, bytes);
    memset(work->product, 0, bytes);
    for (int64_t done = 0; done < work->spans; done += most) {
        const int64_t rest = work->spans - done;
        const struct norma_gradient_sums part =
            rows_of(work, stride, done, rest < most ? rest : most, dy_sum, product);
        norma_chunk_column_sums(set, &part, stride);
        add_columns(work->length, dy_sum, work->dy_sum);
        add_columns(work->length, product, work->product);
    }
}

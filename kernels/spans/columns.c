/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/spans/columns.h"

#include <string.h>

enum {
    /* Long rows in a chunk. The cost of merging is spread over so many, and the number bounds the
     * error as NORMA_CHUNK does. */
    CHUNK_LONG_ROWS = 256,
    /* More channels fill vectors well enough, whatever their number: at most one vector in five is
     * incomplete. */
    FOLDED_CHANNELS = 64,
    LONGEST = FOLDED_CHANNELS * NORMA_LANES
};

/* Returns the number of rows that make one row of whole vectors: a power of two, at most
 * NORMA_LANES; 1 means that rows are not folded. */
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
    return norma_divide_up(rows, norma_chunk_rows(channels));
}

/* Returns how many rows are folded into one. Only whole rows can be. */
static int64_t fold_of_rows(int64_t stride, int64_t columns, int64_t rows) {
    const int64_t fold = stride == columns ? fold_of(columns) : 1;
    return rows < fold ? 1 : fold;
}

/* ---- moments ------------------------------------------------------------------------------ */

static void moments_of_rows(const struct norma_plan *plan, struct norma_matrix matrix,
                            struct norma_moment_arrays moments) {
    plan->set->moments_columns(matrix.x, matrix.rows, matrix.stride, matrix.columns, moments.mean,
                               moments.m2);
}

/* Returns rows [first, first + rows) of a matrix. */
static struct norma_matrix some_rows(const struct norma_plan *plan, struct norma_matrix matrix,
                                     int64_t first, int64_t rows) {
    matrix.x = norma_element_at(plan, matrix.x, first * matrix.stride);
    matrix.rows = rows;
    return matrix;
}

/* Computes the moments of each channel from those of its `fold` columns of the long rows. Each of
 * these columns has `rows` elements. */
static void merge_folded(int64_t fold, int64_t columns, double rows,
                         struct norma_moment_arrays folded, struct norma_moment_arrays moments) {
    const double share = 1.0 / (double)fold;
    for (int64_t c = 0; c < columns; c++) {
        double sum = 0.0, within = 0.0, between = 0.0;
        for (int64_t k = 0; k < fold; k++) {
            sum += folded.mean[k * columns + c] - folded.mean[c];
            within += folded.m2[k * columns + c];
        }
        const double middle = folded.mean[c] + sum * share;
        for (int64_t k = 0; k < fold; k++) {
            const double distance = folded.mean[k * columns + c] - middle;
            between += distance * distance;
        }
        moments.mean[c] = middle;
        moments.m2[c] = within + rows * between;
    }
}

void norma_chunk_column_moments(const struct norma_plan *plan, struct norma_matrix matrix,
                                struct norma_moment_arrays moments) {
    const int64_t fold = fold_of_rows(matrix.stride, matrix.columns, matrix.rows);
    if (fold == 1) {
        moments_of_rows(plan, matrix, moments);
        return;
    }
    double mean[LONGEST], m2[LONGEST];
    const struct norma_moment_arrays other = {mean, m2};
    const int64_t long_rows = matrix.rows / fold, whole = long_rows * fold;
    const int64_t rest = matrix.rows - whole;
    const struct norma_matrix folded = {matrix.x, long_rows, fold * matrix.stride,
                                        fold * matrix.columns};
    moments_of_rows(plan, folded, other);
    merge_folded(fold, matrix.columns, (double)long_rows, other, moments);
    if (rest > 0) {
        moments_of_rows(plan, some_rows(plan, matrix, whole, rest), other);
        norma_merge_sets(matrix.columns, (double)whole, moments, (double)rest, other);
    }
}

void norma_column_moments(const struct norma_plan *plan, struct norma_matrix matrix,
                          struct norma_moment_arrays moments,
                          const struct norma_column_buffers *buffers) {
    const struct norma_moment_arrays chunk = {buffers->chunk[0], buffers->chunk[1]};
    const int64_t most = norma_chunk_rows(matrix.stride);
    norma_chunk_column_moments(plan, some_rows(plan, matrix, 0, norma_min(matrix.rows, most)),
                               moments);
    for (int64_t done = most; done < matrix.rows; done += most) {
        const int64_t rows = norma_min(matrix.rows - done, most);
        norma_chunk_column_moments(plan, some_rows(plan, matrix, done, rows), chunk);
        norma_merge_sets(matrix.columns, (double)done, moments, (double)rows, chunk);
    }
}

/* ---- affine ------------------------------------------------------------------------------- */

/* Repeats one row's values for a long row. Returns NULL if there are none. */
static const float *repeat(const float *values, int64_t columns, int64_t fold, float *long_values) {
    for (int64_t k = 0; values && k < fold; k++) {
        memcpy(long_values + k * columns, values, (size_t)columns * sizeof *values);
    }
    return values ? long_values : NULL;
}

void norma_apply_columns(const struct norma_plan *plan, const struct norma_apply *work,
                         int64_t stride) {
    const int64_t fold = fold_of_rows(stride, work->length, work->spans);
    if (fold == 1) {
        plan->set->apply_columns(work, stride);
        return;
    }
    float centre[LONGEST], scale[LONGEST], shift[LONGEST];
    struct norma_apply part = *work;
    part.length *= fold;
    part.spans /= fold;
    part.centre = repeat(work->centre, work->length, fold, centre);
    part.scale = repeat(work->scale, work->length, fold, scale);
    part.shift = repeat(work->shift, work->length, fold, shift);
    plan->set->apply_columns(&part, fold * stride);
    const int64_t whole = part.spans * fold, done = whole * stride;
    if (whole == work->spans) {
        return;
    }
    part = *work;
    part.x = norma_element_at(plan, work->x, done);
    part.y = norma_output_at(plan, work->y, done);
    part.residual = norma_element_at(plan, work->residual, done);
    part.spans -= whole;
    plan->set->apply_columns(&part, stride);
}

void norma_gradient_columns(const struct norma_plan *plan, const struct norma_gradient_apply *work,
                            int64_t stride) {
    const int64_t fold = fold_of_rows(stride, work->length, work->spans);
    if (fold == 1) {
        plan->set->gradient_apply_columns(work, stride);
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
    plan->set->gradient_apply_columns(&part, fold * stride);
    const int64_t whole = part.spans * fold, done = whole * stride;
    if (whole == work->spans) {
        return;
    }
    part = *work;
    part.x = norma_element_at(plan, work->x, done);
    part.dy = norma_element_at(plan, work->dy, done);
    part.y = norma_element_at(plan, work->y, done);
    part.dx = norma_output_at(plan, work->dx, done);
    part.dresidual = norma_output_at(plan, work->dresidual, done);
    part.spans -= whole;
    plan->set->gradient_apply_columns(&part, stride);
}

/* ---- sums --------------------------------------------------------------------------------- */

static void add_columns(int64_t columns, const double *more, double *sums) {
    for (int64_t c = 0; c < columns; c++) {
        sums[c] += more[c];
    }
}

/* Returns the work on rows [first, first + rows), with arrays of its own for the sums. */
static struct norma_gradient_sums rows_of(const struct norma_plan *plan,
                                          const struct norma_gradient_sums *work, int64_t stride,
                                          struct norma_rows rows, double *dy_sum, double *product) {
    const int64_t offset = rows.first * stride;
    struct norma_gradient_sums part = *work;
    part.x = norma_element_at(plan, work->x, offset);
    part.dy = norma_element_at(plan, work->dy, offset);
    part.y = norma_element_at(plan, work->y, offset);
    part.spans = rows.count;
    part.dy_sum = dy_sum;
    part.product = product;
    return part;
}

void norma_chunk_column_sums(const struct norma_plan *plan, const struct norma_gradient_sums *work,
                             int64_t stride) {
    const int64_t columns = work->length;
    const int64_t fold = fold_of_rows(stride, columns, work->spans);
    if (fold == 1) {
        plan->set->gradient_sums_columns(work, stride);
        return;
    }
    float centre[LONGEST];
    double dy_sum[LONGEST], product[LONGEST];
    const int64_t long_rows = work->spans / fold, whole = long_rows * fold;
    struct norma_gradient_sums part =
        rows_of(plan, work, stride, (struct norma_rows){0, long_rows}, dy_sum, product);
    part.length = fold * columns;
    part.centre = repeat(work->centre, columns, fold, centre);
    plan->set->gradient_sums_columns(&part, fold * stride);
    for (int64_t k = 1; k < fold; k++) {
        add_columns(columns, dy_sum + k * columns, dy_sum);
        add_columns(columns, product + k * columns, product);
    }
    memcpy(work->dy_sum, dy_sum, (size_t)columns * sizeof *dy_sum);
    memcpy(work->product, product, (size_t)columns * sizeof *product);
    if (whole < work->spans) {
        const struct norma_rows rest = {whole, work->spans - whole};
        part = rows_of(plan, work, stride, rest, dy_sum, product);
        plan->set->gradient_sums_columns(&part, stride);
        add_columns(columns, dy_sum, work->dy_sum);
        add_columns(columns, product, work->product);
    }
}

void norma_gradient_sums_columns(const struct norma_plan *plan,
                                 const struct norma_gradient_sums *work, int64_t stride,
                                 const struct norma_column_buffers *buffers) {
    double *dy_sum = buffers->chunk[0], *product = buffers->chunk[1];
    const int64_t most = norma_chunk_rows(stride);
    const size_t bytes = (size_t)work->length * sizeof *dy_sum;
    memset(work->dy_sum, 0, bytes);
    memset(work->product, 0, bytes);
    for (int64_t done = 0; done < work->spans; done += most) {
        const struct norma_rows rows = {done, norma_min(work->spans - done, most)};
        const struct norma_gradient_sums part = rows_of(plan, work, stride, rows, dy_sum, product);
        norma_chunk_column_sums(plan, &part, stride);
        add_columns(work->length, dy_sum, work->dy_sum);
        add_columns(work->length, product, work->product);
    }
}

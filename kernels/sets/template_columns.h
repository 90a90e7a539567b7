/* Channels-last: the primitives that go down the columns of a matrix whose rows are positions and
 * whose columns are channels. Lane i is a column. Part of template.h.
 *
 * A few rows are taken at a time, each from end to end, so that memory is read in its order and in
 * few streams; in between, the sums stay in arrays in the nearest cache. In a column, elements are
 * summed from the first row to the last.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

enum {
    /* Rows between two visits to a column's sums. With 8, loading and storing the sums costs a
     * tenth of the work in between. */
    SUMMED_ROWS = 8,
    /* Rows that share one load of the coefficients. */
    AFFINE_ROWS = 4,
    /* Elements of a piece. The affine takes the pieces from the last to the first, because the data
     * that the sums read last are still in a cache. Inside a piece rows go forward, which the
     * processors' prefetchers expect. */
    PIECE = 4096,
    /* Rows between the row that is summed and the one that is prefetched meanwhile: so many streams
     * at once are more than processors follow by themselves. in:8x64x56x56 gains a sixth. Twice the
     * distance costs a large bn a tenth, and prefetching what the affine reads costs a twentieth.
     * They are prefetched into the second cache: the first one is too small for 16 rows, so that
     * sums of tensors in memory took twice as long (Zen 4). */
    AHEAD = SUMMED_ROWS
};

/* ---- moments ------------------------------------------------------------------------------ */

/* Adds rows to the sums of up to 16 columns, as in template_moments.h: of x or, where that cancels,
 * of x - the column's first element. `sum` and `squares` begin with `column`. */
NORMA_STEP void column_moments_step(bool about_first, const void *x, int64_t stride, int64_t row,
                                    int rows, int64_t column, int count, double *sum,
                                    double *squares) {
    const f64x16 first = about_first ? get_wide(x, column, count) : splat64(0.0);
    struct sums sums = {splat64(0.0), splat64(0.0)};
    if (row > 0) {
        sums = (struct sums){get64(sum, count), get64(squares, count)};
    }
    for (int r = 0; r < rows; r++) {
        prefetch_ahead(element_at(x, 0), (row + r + AHEAD) * stride + column);
        f64x16 d = get_wide(x, (row + r) * stride + column, count);
        if (about_first) {
            d = sub64(d, first);
        }
        sums = (struct sums){add64(sums.sum, d), add_square(sums.squares, d, !about_first)};
    }
    put64(sum, count, sums.sum);
    put64(squares, count, sums.squares);
}

NORMA_STEP void column_moments_rows(const void *x, int64_t stride, int64_t row, int rows,
                                    int64_t columns, double *sum, double *squares) {
    int64_t c = 0;
    for (; c + NORMA_LANES <= columns; c += NORMA_LANES) {
        column_moments_step(false, x, stride, row, rows, c, NORMA_LANES, sum + c, squares + c);
    }
    if (c < columns) {
        column_moments_step(false, x, stride, row, rows, c, (int)(columns - c), sum + c,
                            squares + c);
    }
}

static inline bool are_all_exact_enough(const double *squares, const double *m2, int count) {
    int64_t inexact = 0; /* as wide as the operands of the comparison, to be vectorized */
    for (int c = 0; c < count; c++) {
        inexact |= !is_exact_enough(squares[c], m2[c]);
    }
    return !inexact;
}

/* Computes again, about their first elements, the moments of those of up to 16 columns that lost
 * too much by cancellation. Whether a column is summed again depends on that column alone, never on
 * its neighbours, whose data may be anything. */
static __attribute__((noinline)) void correct_column_moments(const element *x, int64_t rows,
                                                             int64_t stride, int count,
                                                             const double *all_squares,
                                                             double *mean, double *m2) {
    double sum[NORMA_LANES] = {0}, squares[NORMA_LANES] = {0};
    for (int64_t r = 0; r < rows; r += SUMMED_ROWS) {
        const int rest = rows - r < SUMMED_ROWS ? (int)(rows - r) : (int)SUMMED_ROWS;
        column_moments_step(true, x, stride, r, rest, 0, count, sum, squares);
    }
    for (int c = 0; c < count; c++) {
        if (!is_exact_enough(all_squares[c], m2[c])) {
            const double offset = sum[c] * (1.0 / (double)rows);
            const double deviations = squares[c] - sum[c] * offset;
            mean[c] = (double)element_value(x + c) + offset;
            m2[c] = deviations < 0.0 ? 0.0 : deviations;
        }
    }
}

/* Turns the sums of up to 16 columns into moments, in place. */
NORMA_STEP void finish_column_moments(const element *x, int64_t rows, int64_t stride, int count,
                                      double *mean, double *m2) {
    const f64x16 total = get64(mean, count), all = get64(m2, count);
    const f64x16 average = mul64(total, splat64(1.0 / (double)rows));
    double squares[NORMA_LANES];
    store64(squares, all);
    put64(mean, count, average);
    put64(m2, count, sub64(all, mul64(total, average)));
    if (!are_all_exact_enough(squares, m2, count)) {
        correct_column_moments(x, rows, stride, count, squares, mean, m2);
    }
}

static void moments_columns(const void *x, int64_t rows, int64_t stride, int64_t columns,
                            double *mean, double *m2) {
    int64_t r = 0;
    for (; r + SUMMED_ROWS <= rows; r += SUMMED_ROWS) {
        column_moments_rows(x, stride, r, SUMMED_ROWS, columns, mean, m2);
    }
    if (r < rows) {
        column_moments_rows(x, stride, r, (int)(rows - r), columns, mean, m2);
    }
    int64_t c = 0;
    for (; c + NORMA_LANES <= columns; c += NORMA_LANES) {
        finish_column_moments(element_at(x, c), rows, stride, NORMA_LANES, mean + c, m2 + c);
    }
    if (c < columns) {
        finish_column_moments(element_at(x, c), rows, stride, (int)(columns - c), mean + c, m2 + c);
    }
}

/* ---- affine ------------------------------------------------------------------------------- */

/* Returns the rows of a piece, a multiple of AFFINE_ROWS. */
static inline int64_t rows_of_piece(int64_t columns) {
    return (PIECE / columns + AFFINE_ROWS) / AFFINE_ROWS * AFFINE_ROWS;
}

NORMA_STEP void apply_columns_step(const struct norma_apply *work, struct apply_kind kind,
                                   int64_t stride, int64_t row, int rows, int64_t column,
                                   int count) {
    const struct affine affine = {get32(work->centre + column, count),
                                  get32(work->scale + column, count),
                                  get32(work->shift + column, count)};
    for (int r = 0; r < rows; r++) {
        apply_step(work, kind, &affine, (row + r) * stride, column, count);
    }
}

NORMA_STEP void apply_columns_rows(const struct norma_apply *work, struct apply_kind kind,
                                   int64_t stride, int64_t row, int rows) {
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        apply_columns_step(work, kind, stride, row, rows, c, NORMA_LANES);
    }
    if (c < work->length) {
        apply_columns_step(work, kind, stride, row, rows, c, (int)(work->length - c));
    }
}

NORMA_STEP void apply_to_columns(const struct norma_apply *work, struct apply_kind kind,
                                 int64_t stride) {
    const struct norma_apply own = *work;
    const int64_t most = rows_of_piece(own.length);
    for (int64_t end = own.spans, rows; end > 0; end -= rows) {
        rows = end < most ? end : most;
        int64_t r = end - rows;
        for (; r + AFFINE_ROWS <= end; r += AFFINE_ROWS) {
            apply_columns_rows(&own, kind, stride, r, AFFINE_ROWS);
        }
        for (; r < end; r++) {
            apply_columns_rows(&own, kind, stride, r, 1);
        }
    }
    if (kind.nontemporal) {
        stream_fence();
    }
}

/* Returns whether the vectors of every row are aligned, so that they can be streamed. */
static bool rows_are_aligned(const void *p, int64_t stride) {
    return (uintptr_t)p % (NORMA_LANES * sizeof(element)) == 0 && stride % NORMA_LANES == 0;
}

static void apply_columns(const struct norma_apply *work, int64_t stride) {
    const bool nontemporal = work->nontemporal && rows_are_aligned(work->y, stride);
    if (work->relu) {
        apply_to_columns(work,
                         (struct apply_kind){.residual = work->residual != NULL,
                                             .relu = true,
                                             .nontemporal = nontemporal},
                         stride);
    } else if (nontemporal) {
        apply_to_columns(work, (struct apply_kind){.nontemporal = true}, stride);
    } else {
        apply_to_columns(work, (struct apply_kind){0}, stride);
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

NORMA_STEP struct pair pair_of_columns(const struct norma_gradient_sums *work, bool gated,
                                       int64_t stride, int64_t at, int count) {
    prefetch_ahead(element_at(work->x, 0), at + AHEAD * stride);
    prefetch_ahead(element_at(work->dy, 0), at + AHEAD * stride);
    const f32x16 dy = get(work->dy, at, count);
    return (struct pair){get(work->x, at, count),
                         gated ? relu_mask(dy, get(work->y, at, count)) : dy};
}

NORMA_STEP struct products rows_in_double(const struct norma_gradient_sums *work, bool gated,
                                          int64_t stride, int64_t row, int rows, int64_t column,
                                          int count, struct products sums) {
    const f64x16 centre = get32_wide(work->centre + column, count);
    for (int64_t r = row; r < row + rows; r++) {
        const struct pair pair = pair_of_columns(work, gated, stride, r * stride + column, count);
        sums = add_in_double(sums, pair, centre);
    }
    return sums;
}

/* Sums up to SUMMED_ROWS rows, a group of them, in float, as template_gradient.h does vectors. */
NORMA_STEP struct products rows_in_float(const struct norma_gradient_sums *work, bool gated,
                                         int64_t stride, int64_t row, int rows, int64_t column,
                                         int count) {
    const f32x16 centre = get32(work->centre + column, count);
    struct chain even = {splat32(0.0f), splat32(0.0f)}, odd = even;
    int64_t at = row * stride + column;
    for (int r = 0; r + 2 <= rows; r += 2, at += 2 * stride) {
        even = extend_chain(even, pair_of_columns(work, gated, stride, at, count), centre);
        odd = extend_chain(odd, pair_of_columns(work, gated, stride, at + stride, count), centre);
    }
    if (rows % 2 == 1) {
        even = extend_chain(even, pair_of_columns(work, gated, stride, at, count), centre);
    }
    return widen_chains(even, odd);
}

NORMA_STEP void column_sums_step(const struct norma_gradient_sums *work, bool gated, bool in_double,
                                 int64_t stride, int64_t row, int rows, int64_t column, int count) {
    struct products sums = {splat64(0.0), splat64(0.0)};
    if (row > 0) {
        sums = (struct products){get64(work->dy_sum + column, count),
                                 get64(work->product + column, count)};
    }
    sums = in_double
               ? rows_in_double(work, gated, stride, row, rows, column, count, sums)
               : add_products(sums, rows_in_float(work, gated, stride, row, rows, column, count));
    put64(work->dy_sum + column, count, sums.dy);
    put64(work->product + column, count, sums.product);
}

NORMA_STEP void column_sums_rows(const struct norma_gradient_sums *work, bool gated, bool in_double,
                                 int64_t stride, int64_t row, int rows) {
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        column_sums_step(work, gated, in_double, stride, row, rows, c, NORMA_LANES);
    }
    if (c < work->length) {
        column_sums_step(work, gated, in_double, stride, row, rows, c, (int)(work->length - c));
    }
}

/* Replaces, among `count` columns from `column` on, the sums in float that are out of range by sums
 * in double. Whether a column is summed again depends on that column alone. */
static __attribute__((noinline)) void sum_columns_in_double(const struct norma_gradient_sums *work,
                                                            bool gated, int64_t stride,
                                                            int64_t column, int count,
                                                            double least) {
    double *const dy_sum = work->dy_sum + column, *const product = work->product + column;
    const struct products none = {splat64(0.0), splat64(0.0)};
    const struct products sums =
        rows_in_double(work, gated, stride, 0, (int)work->spans, column, count, none);
    double exact_dy[NORMA_LANES], exact_product[NORMA_LANES];
    store64(exact_dy, sums.dy);
    store64(exact_product, sums.product);
    for (int c = 0; c < count; c++) {
        if (!are_sums_in_range(dy_sum[c], product[c], least)) {
            dy_sum[c] = exact_dy[c];
            product[c] = exact_product[c];
        }
    }
}

NORMA_STEP void sum_columns(const struct norma_gradient_sums *work, bool gated, bool in_double,
                            int64_t stride) {
    int64_t r = 0;
    for (; r + SUMMED_ROWS <= work->spans; r += SUMMED_ROWS) {
        column_sums_rows(work, gated, in_double, stride, r, SUMMED_ROWS);
    }
    if (r < work->spans) {
        column_sums_rows(work, gated, in_double, stride, r, (int)(work->spans - r));
    }
    const double least = least_product(work->spans);
    for (int64_t c = 0; !in_double && c < work->length; c += NORMA_LANES) {
        const int64_t rest = work->length - c;
        const int count = rest < NORMA_LANES ? (int)rest : NORMA_LANES;
        if (!are_all_in_range(work->dy_sum + c, work->product + c, count, least)) {
            sum_columns_in_double(work, gated, stride, c, count, least);
        }
    }
}

/* Few rows are summed in double: there is little to gain from float, and the sums of a single row
 * are exact then. */
static void gradient_sums_columns(const struct norma_gradient_sums *work, int64_t stride) {
    if (work->in_double || work->spans < SUMMED_ROWS) {
        sum_columns(work, work->y != NULL, true, stride);
    } else if (work->y) {
        sum_columns(work, true, false, stride);
    } else {
        sum_columns(work, false, false, stride);
    }
}

NORMA_STEP void gradient_columns_step(const struct norma_gradient_apply *work,
                                      struct gradient_kind kind, int64_t stride, int64_t row,
                                      int rows, int64_t column, int count) {
    const struct gradient gradient = {
        kind.x ? get32(work->centre + column, count) : splat32(0.0f),
        get32(work->dy_scale + column, count),
        kind.x ? get32(work->x_scale + column, count) : splat32(0.0f),
        kind.x ? get32(work->constant + column, count) : splat32(0.0f),
    };
    for (int r = 0; r < rows; r++) {
        gradient_step(work, kind, &gradient, (row + r) * stride, column, count);
    }
}

NORMA_STEP void gradient_columns_rows(const struct norma_gradient_apply *work,
                                      struct gradient_kind kind, int64_t stride, int64_t row,
                                      int rows) {
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        gradient_columns_step(work, kind, stride, row, rows, c, NORMA_LANES);
    }
    if (c < work->length) {
        gradient_columns_step(work, kind, stride, row, rows, c, (int)(work->length - c));
    }
}

NORMA_STEP void gradient_of_columns(const struct norma_gradient_apply *work,
                                    struct gradient_kind kind, int64_t stride) {
    const struct norma_gradient_apply own = *work;
    const int64_t most = rows_of_piece(own.length);
    for (int64_t end = own.spans, rows; end > 0; end -= rows) {
        rows = end < most ? end : most;
        int64_t r = end - rows;
        for (; r + AFFINE_ROWS <= end; r += AFFINE_ROWS) {
            gradient_columns_rows(&own, kind, stride, r, AFFINE_ROWS);
        }
        for (; r < end; r++) {
            gradient_columns_rows(&own, kind, stride, r, 1);
        }
    }
    if (kind.nontemporal) {
        stream_fence();
    }
}

static void gradient_apply_columns(const struct norma_gradient_apply *work, int64_t stride) {
    const bool nontemporal = work->nontemporal && rows_are_aligned(work->dx, stride);
    if (work->y || !work->x) {
        gradient_of_columns(work,
                            (struct gradient_kind){.x = work->x != NULL,
                                                   .gated = work->y != NULL,
                                                   .dresidual = work->dresidual != NULL,
                                                   .nontemporal = nontemporal},
                            stride);
    } else if (nontemporal) {
        gradient_of_columns(work, (struct gradient_kind){.x = true, .nontemporal = true}, stride);
    } else {
        gradient_of_columns(work, (struct gradient_kind){.x = true}, stride);
    }
}

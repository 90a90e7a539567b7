/* Channels-last: the primitives down the columns of a matrix whose rows are positions and whose
 * columns are channels, lane i being a column. Part of template.h.
 *
 * A few rows are taken at a time, each from end to end, so that memory is read in its order and in
 * few streams; sums stay in arrays of the nearest cache in between. In a column, elements are
 * summed from the first row to the last.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

enum {
    /* Rows between two visits to a column's sums: with 8, loading and storing these costs a tenth
     * of what is done in between. */
    SUMMED_ROWS = 8,
    /* Rows that share one load of the coefficients. */
    AFFINE_ROWS = 4,
    /* Elements of the pieces that the affine is taken of from the last to the first: what the sums
     * read last is still in a cache. Inside of a piece rows go forward, as processors foresee. */
    PIECE = 4096,
    /* Rows from what is summed to what is asked for: so many streams at once are more than
     * processors follow by themselves. in:8x64x56x56 gains a sixth. Twice as far costs a large bn a
     * tenth, and asking for what the affine reads costs a twentieth. */
    AHEAD = SUMMED_ROWS
};

/* Beyond the end of the tensor as well: a prefetch cannot fault, but C knows no pointer there. */
NORMA_STEP void prefetch(const float *p, int64_t elements) {
    __builtin_prefetch((const void *)((uintptr_t)p + (uintptr_t)elements * sizeof *p));
}

NORMA_STEP f64x16 get64(const double *p, int count) {
    if (count == NORMA_LANES) {
        return load64(p);
    }
    double lanes[NORMA_LANES] = {0};
    memcpy(lanes, p, (size_t)count * sizeof *p);
    return load64(lanes);
}

NORMA_STEP void put64(double *p, int count, f64x16 v) {
    if (count == NORMA_LANES) {
        store64(p, v);
        return;
    }
    double lanes[NORMA_LANES];
    store64(lanes, v);
    memcpy(p, lanes, (size_t)count * sizeof *p);
}

/* ---- moments ------------------------------------------------------------------------------ */

/* As in template_moments.h: of x or, where that cancels, of x - the column's first element. `sum`
 * and `squares` are those of `column`. */
NORMA_STEP void column_moments_step(bool about_first, const float *x, int64_t stride, int64_t row,
                                    int rows, int64_t column, int count, double *sum,
                                    double *squares) {
    const f64x16 first = about_first ? get_wide(x + column, count) : splat64(0.0);
    struct sums sums = {splat64(0.0), splat64(0.0)};
    if (row > 0) {
        sums = (struct sums){get64(sum, count), get64(squares, count)};
    }
    for (int r = 0; r < rows; r++) {
        prefetch(x, (row + r + AHEAD) * stride + column);
        f64x16 d = get_wide(x + (row + r) * stride + column, count);
        if (about_first) {
            d = sub64(d, first);
        }
        sums = (struct sums){add64(sums.sum, d), add_square(sums.squares, d, !about_first)};
    }
    put64(sum, count, sums.sum);
    put64(squares, count, sums.squares);
}

NORMA_STEP void column_moments_rows(const float *x, int64_t stride, int64_t row, int rows,
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

/* Of up to 16 columns. */
static __attribute__((noinline)) void sum_columns_again(const float *x, int64_t rows,
                                                        int64_t stride, int count, double *mean,
                                                        double *m2) {
    double sum[NORMA_LANES] = {0}, squares[NORMA_LANES] = {0};
    for (int64_t r = 0; r < rows; r += SUMMED_ROWS) {
        const int rest = rows - r < SUMMED_ROWS ? (int)(rows - r) : (int)SUMMED_ROWS;
        column_moments_step(true, x, stride, r, rest, 0, count, sum, squares);
    }
    for (int c = 0; c < count; c++) {
        const double offset = sum[c] * (1.0 / (double)rows);
        const double deviations = squares[c] - sum[c] * offset;
        mean[c] = (double)x[c] + offset;
        m2[c] = deviations < 0.0 ? 0.0 : deviations;
    }
}

/* From sums to moments, in place, of up to 16 columns. Which way a column goes must not depend on
 * its neighbours, whose data may be as they like. */
NORMA_STEP void finish_column_moments(const float *x, int64_t rows, int64_t stride, int count,
                                      double *mean, double *m2) {
    const f64x16 total = get64(mean, count), all = get64(m2, count);
    const f64x16 average = mul64(total, splat64(1.0 / (double)rows));
    double squares[NORMA_LANES], again[2][NORMA_LANES];
    bool summed_again = false;
    store64(squares, all);
    put64(mean, count, average);
    put64(m2, count, sub64(all, mul64(total, average)));
    for (int c = 0; c < count; c++) {
        if (is_exact_enough(squares[c], m2[c])) {
            continue;
        }
        if (!summed_again) {
            sum_columns_again(x, rows, stride, count, again[0], again[1]);
            summed_again = true;
        }
        mean[c] = again[0][c];
        m2[c] = again[1][c];
    }
}

static void moments_columns(const float *x, int64_t rows, int64_t stride, int64_t columns,
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
        finish_column_moments(x + c, rows, stride, NORMA_LANES, mean + c, m2 + c);
    }
    if (c < columns) {
        finish_column_moments(x + c, rows, stride, (int)(columns - c), mean + c, m2 + c);
    }
}

/* ---- affine ------------------------------------------------------------------------------- */

static inline int64_t rows_of_piece(int64_t columns) {
    return (PIECE / columns + AFFINE_ROWS) / AFFINE_ROWS * AFFINE_ROWS;
}

NORMA_STEP void apply_columns_step(const struct norma_apply *work, struct apply_kind kind,
                                   int64_t stride, int64_t row, int rows, int64_t column,
                                   int count) {
    const struct affine affine = {get(work->centre + column, count),
                                  get(work->scale + column, count),
                                  get(work->shift + column, count)};
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
    const int64_t most = rows_of_piece(work->length);
    for (int64_t end = work->spans, rows; end > 0; end -= rows) {
        rows = end < most ? end : most;
        int64_t r = end - rows;
        for (; r + AFFINE_ROWS <= end; r += AFFINE_ROWS) {
            apply_columns_rows(work, kind, stride, r, AFFINE_ROWS);
        }
        for (; r < end; r++) {
            apply_columns_rows(work, kind, stride, r, 1);
        }
    }
    if (kind.nontemporal) {
        stream_fence();
    }
}

/* Rows that begin on a line of the cache can be stored past it. */
static bool rows_are_aligned(const float *p, int64_t stride) {
    return (uintptr_t)p % (NORMA_LANES * sizeof *p) == 0 && stride % NORMA_LANES == 0;
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
    prefetch(work->x, at + AHEAD * stride);
    prefetch(work->dy, at + AHEAD * stride);
    const f32x16 dy = get(work->dy + at, count);
    return (struct pair){get(work->x + at, count),
                         gated ? relu_mask(dy, get(work->y + at, count)) : dy};
}

NORMA_STEP struct products rows_in_double(const struct norma_gradient_sums *work, bool gated,
                                          int64_t stride, int64_t row, int rows, int64_t column,
                                          int count, struct products sums) {
    const f64x16 centre = get_wide(work->centre + column, count);
    for (int64_t r = row; r < row + rows; r++) {
        const struct pair pair = pair_of_columns(work, gated, stride, r * stride + column, count);
        sums = add_in_double(sums, pair, centre);
    }
    return sums;
}

/* As in template_gradient.h: the sums of up to SUMMED_ROWS rows, GROUP of them, are taken in float.
 */
NORMA_STEP struct products rows_in_float(const struct norma_gradient_sums *work, bool gated,
                                         int64_t stride, int64_t row, int rows, int64_t column,
                                         int count) {
    const f32x16 centre = get(work->centre + column, count);
    struct chain even = {splat32(0.0f), splat32(0.0f)}, odd = even;
    int64_t at = row * stride + column;
    for (int r = 0; r + 2 <= rows; r += 2, at += 2 * stride) {
        even = go_on(even, pair_of_columns(work, gated, stride, at, count), centre);
        odd = go_on(odd, pair_of_columns(work, gated, stride, at + stride, count), centre);
    }
    if (rows % 2 == 1) {
        even = go_on(even, pair_of_columns(work, gated, stride, at, count), centre);
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

/* Of up to 16 columns from `column` on: those whose sums in float are out of its range. Which way a
 * column goes must not depend on its neighbours. */
static __attribute__((noinline)) void sum_columns_in_double(const struct norma_gradient_sums *work,
                                                            bool gated, int64_t stride,
                                                            int64_t column, int count,
                                                            double least) {
    double dy_sum[NORMA_LANES], product[NORMA_LANES];
    const struct products none = {splat64(0.0), splat64(0.0)};
    const struct products sums =
        rows_in_double(work, gated, stride, 0, (int)work->spans, column, count, none);
    store64(dy_sum, sums.dy);
    store64(product, sums.product);
    for (int c = 0; c < count; c++) {
        double *const of_dy = &work->dy_sum[column + c], *const of_both =
                                                             &work->product[column + c];
        if (!are_sums_in_range(*of_dy, *of_both, least)) {
            *of_dy = dy_sum[c];
            *of_both = product[c];
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

/* Few rows are summed in double: there is not much to gain, and of a single one the sums are exact.
 */
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
        kind.x ? get(work->centre + column, count) : splat32(0.0f),
        get(work->dy_scale + column, count),
        kind.x ? get(work->x_scale + column, count) : splat32(0.0f),
        kind.x ? get(work->constant + column, count) : splat32(0.0f),
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
    const int64_t most = rows_of_piece(work->length);
    for (int64_t end = work->spans, rows; end > 0; end -= rows) {
        rows = end < most ? end : most;
        int64_t r = end - rows;
        for (; r + AFFINE_ROWS <= end; r += AFFINE_ROWS) {
            gradient_columns_rows(work, kind, stride, r, AFFINE_ROWS);
        }
        for (; r < end; r++) {
            gradient_columns_rows(work, kind, stride, r, 1);
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

/* Rows that have statistics of their own and share the parameters of their columns: layer
 * normalization, root mean square normalization and unitization of single positions. Part of
 * template.h.
 *
 * Elsewhere a coefficient serves a plane or a column. Here every element has its own, so
 * coefficients are computed on the way, for a few rows at a time, which share the conversions that
 * depend on the column alone. The arithmetic is that of the operators' files and of
 * norma_constant_of in stages/channels.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

enum {
    /* Rows that share one conversion of the parameters to double. */
    SCALED_ROWS = 4,
    /* The same where the sums of the rows stay in registers, which allow fewer. */
    ROWS_OF_SUMS = 2
};

NORMA_STEP f64x16 row_weight(const struct norma_row_scale *scale, int64_t column, int count) {
    return scale->weight ? get32_wide(scale->weight + column, count) : splat64(scale->number);
}

NORMA_STEP f64x16 row_factor(const struct norma_row_scale *scale, f64x16 weight, int64_t row) {
    const f64x16 product = mul64(weight, splat64(scale->inverse_std[row]));
    return scale->blend ? add64(product, sub64(splat64(1.0), weight)) : product;
}

/* ---- forward ------------------------------------------------------------------------------ */

/* Moves the rounding error of the centre into the shift. Without an error the shift stays as it
 * is. */
NORMA_STEP f32x16 row_shift(const struct norma_row_apply *work, f64x16 factor, int64_t row,
                            int64_t column, int count) {
    if (work->residue[row] == 0.0) {
        return work->shift ? get32(work->shift + column, count) : splat32(work->no_shift);
    }
    const f64x16 shift =
        work->shift ? get32_wide(work->shift + column, count) : splat64((double)work->no_shift);
    return narrow(add64(shift, mul64(splat64(work->residue[row]), factor)));
}

NORMA_STEP void apply_rows_step(const struct norma_row_apply *work, bool nontemporal, int64_t row,
                                int rows, int64_t column, int count) {
    const f64x16 weight = row_weight(&work->scale, column, count);
    for (int r = 0; r < rows; r++) {
        const int64_t at = (row + r) * work->length + column;
        const f64x16 factor = row_factor(&work->scale, weight, row + r);
        const f32x16 d = sub32(get(work->x, at, count), splat32(work->centre[row + r]));
        f32x16 y = fma32(d, narrow(factor), row_shift(work, factor, row + r, column, count));
        if (work->residual) {
            y = add32(y, get(work->residual, at, count));
        }
        if (work->relu) {
            y = relu_mask(y, y);
        }
        put_or_stream(work->y, at, count, y, nontemporal);
    }
}

NORMA_STEP void apply_some_rows(const struct norma_row_apply *work, bool nontemporal, int64_t row,
                                int rows) {
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        apply_rows_step(work, nontemporal, row, rows, c, NORMA_LANES);
    }
    if (c < work->length) {
        apply_rows_step(work, nontemporal, row, rows, c, (int)(work->length - c));
    }
}

static void apply_rows(const struct norma_row_apply *work) {
    const struct norma_row_apply own = *work;
    const bool nontemporal = own.nontemporal && rows_are_aligned(own.y, own.length);
    int64_t r = 0;
    for (; r + SCALED_ROWS <= own.rows; r += SCALED_ROWS) {
        apply_some_rows(&own, nontemporal, r, SCALED_ROWS);
    }
    for (; r < own.rows; r++) {
        apply_some_rows(&own, nontemporal, r, 1);
    }
    if (nontemporal) {
        stream_fence();
    }
}

/* ---- backward ----------------------------------------------------------------------------- */

NORMA_STEP f32x16 row_dy(const struct norma_row_gradient *work, int64_t at, int count) {
    const f32x16 dy = get(work->dy, at, count);
    return work->y ? relu_mask(dy, get(work->y, at, count)) : dy;
}

/* Returns x - mean. An absent lane has x = centre, because an infinity elsewhere in the row must
 * not meet its dy, which is 0. */
NORMA_STEP f64x16 row_deviation(const struct norma_row_gradient *work, int64_t row, int64_t at,
                                int count) {
    return sub64(get_wide_filled(work->x, at, count, work->centre[row]), splat64(work->mean[row]));
}

NORMA_STEP void row_sums_step(const struct norma_row_gradient *work, int64_t row, int rows,
                              int64_t column, int count, struct products *sums) {
    const f64x16 weight = row_weight(&work->scale, column, count);
    f64x16 column_dy = get64(work->column_dy + column, count);
    f64x16 column_product = get64(work->column_product + column, count);
    for (int r = 0; r < rows; r++) {
        const int64_t at = (row + r) * work->length + column;
        const f64x16 dy = widen(row_dy(work, at, count));
        const f64x16 d = row_deviation(work, row + r, at, count);
        const f64x16 weighted = mul64(weight, dy);
        sums[r].dy = add64(sums[r].dy, weighted);
        sums[r].product = fma64(weighted, d, sums[r].product);
        column_dy = add64(column_dy, dy);
        column_product = fma64(mul64(splat64(work->factor[row + r]), dy), d, column_product);
    }
    put64(work->column_dy + column, count, column_dy);
    put64(work->column_product + column, count, column_product);
}

/* Adds columns [first, last), which are at most a chunk, to the sums of their rows. */
NORMA_STEP void row_sums_of_chunk(const struct norma_row_gradient *work, int64_t row, int rows,
                                  int64_t first, int64_t last) {
    struct products sums[ROWS_OF_SUMS] = {{splat64(0.0), splat64(0.0)},
                                          {splat64(0.0), splat64(0.0)}};
    int64_t c = first;
    for (; c + NORMA_LANES <= last; c += NORMA_LANES) {
        row_sums_step(work, row, rows, c, NORMA_LANES, sums);
    }
    if (c < last) {
        row_sums_step(work, row, rows, c, (int)(last - c), sums);
    }
    for (int r = 0; r < rows; r++) {
        work->dy_sum[row + r] += sum64(sums[r].dy);
        work->product[row + r] += sum64(sums[r].product);
    }
}

NORMA_STEP void sum_some_rows(const struct norma_row_gradient *work, int64_t row, int rows) {
    for (int r = 0; r < rows; r++) {
        work->dy_sum[row + r] = 0.0;
        work->product[row + r] = 0.0;
    }
    for (int64_t c = 0; c < work->length; c += NORMA_CHUNK) {
        const int64_t end = c + NORMA_CHUNK < work->length ? c + NORMA_CHUNK : work->length;
        row_sums_of_chunk(work, row, rows, c, end);
    }
}

static void row_sums(const struct norma_row_gradient *work) {
    const struct norma_row_gradient own = *work;
    int64_t r = 0;
    for (; r + ROWS_OF_SUMS <= own.rows; r += ROWS_OF_SUMS) {
        sum_some_rows(&own, r, ROWS_OF_SUMS);
    }
    for (; r < own.rows; r++) {
        sum_some_rows(&own, r, 1);
    }
}

NORMA_STEP void row_gradient_step(const struct norma_row_gradient *work, bool nontemporal,
                                  int64_t row, int rows, int64_t column, int count) {
    const f64x16 weight = row_weight(&work->scale, column, count);
    for (int r = 0; r < rows; r++) {
        const int64_t at = (row + r) * work->length + column;
        const f32x16 dy = row_dy(work, at, count);
        const f32x16 d = sub32(get(work->x, at, count), splat32(work->centre[row + r]));
        if (work->dresidual) {
            put(work->dresidual, at, count, dy);
        }
        const f32x16 rest =
            fma32(d, splat32(work->x_scale[row + r]), splat32(work->constant[row + r]));
        const f32x16 dy_scale = narrow(row_factor(&work->scale, weight, row + r));
        put_or_stream(work->dx, at, count, fma32(dy, dy_scale, rest), nontemporal);
    }
}

NORMA_STEP void gradient_of_some_rows(const struct norma_row_gradient *work, bool nontemporal,
                                      int64_t row, int rows) {
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        row_gradient_step(work, nontemporal, row, rows, c, NORMA_LANES);
    }
    if (c < work->length) {
        row_gradient_step(work, nontemporal, row, rows, c, (int)(work->length - c));
    }
}

static void row_gradient(const struct norma_row_gradient *work) {
    const struct norma_row_gradient own = *work;
    const bool nontemporal = own.nontemporal && rows_are_aligned(own.dx, own.length);
    int64_t r = 0;
    for (; r + SCALED_ROWS <= own.rows; r += SCALED_ROWS) {
        gradient_of_some_rows(&own, nontemporal, r, SCALED_ROWS);
    }
    for (; r < own.rows; r++) {
        gradient_of_some_rows(&own, nontemporal, r, 1);
    }
    if (nontemporal) {
        stream_fence();
    }
}

/* Rows that have statistics of their own and share the parameters of their columns: layer
 * normalization, root mean square normalization and unitization of single positions. Part of
 * template.h.
 *
 * Elsewhere a coefficient serves a plane or a column, and is computed in double. Here every element
 * has its own, gamma r, and an element in double costs four times one in float. So forward x^ is
 * computed in float by the coefficients of its row, and y from it by those of its column: one more
 * rounding, three instructions. A few rows at a time share the loads of their columns' parameters.
 *
 * Unitization's factor w r + 1 - w stays in double.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

enum {
    /* Rows that share one conversion of the parameters to double. */
    SCALED_ROWS = 4,
    /* Rows whose parameters are floats are taken one by one, as rows of a power of two of bytes lie
     * in the same places of the L1 cache. Those whose parameters fill that cache are taken in
     * pairs. */
    LONG_ROW = 2048,
    /* The same where the sums of the rows stay in registers, which allow fewer. */
    ROWS_OF_SUMS = 2
};

NORMA_STEP f64x16 row_weight(const struct norma_row_scale *scale, int64_t column, int count) {
    return scale->weight ? get32_wide(scale->weight + column, count) : splat64(scale->number);
}

NORMA_STEP f32x16 row_weight32(const struct norma_row_scale *scale, int64_t column, int count) {
    return scale->weight ? get32(scale->weight + column, count) : splat32((float)scale->number);
}

/* Returns w r + 1 - w. It is computed in double, as w need not lie between 0 and 1: then the terms
 * may cancel. */
NORMA_STEP f32x16 blended_factor(const struct norma_row_scale *scale, f64x16 weight, int64_t row) {
    const f64x16 product = mul64(weight, splat64(scale->inverse_std[row]));
    return narrow(add64(product, sub64(splat64(1.0), weight)));
}

/* ---- forward ------------------------------------------------------------------------------ */

/* The coefficients of some rows, where no store can change them. */
struct row_affines {
    float centre[2], factor[2], constant[2];
};

NORMA_STEP struct row_affines affines_of_rows(const struct norma_row_apply *work, int64_t row,
                                              int rows) {
    struct row_affines affines;
    for (int r = 0; r < rows; r++) {
        affines.centre[r] = work->centre[row + r];
        affines.factor[r] = work->factor[row + r];
        affines.constant[r] = work->constant[row + r];
    }
    return affines;
}

NORMA_STEP f32x16 standardize(const struct row_affines *rows, int r, f32x16 x) {
    return fma32(sub32(x, splat32(rows->centre[r])), splat32(rows->factor[r]),
                 splat32(rows->constant[r]));
}

NORMA_STEP void finish_row(const struct norma_row_apply *work, bool nontemporal, int64_t at,
                           int count, f32x16 y) {
    if (work->residual) {
        y = add32(y, get(work->residual, at, count));
    }
    if (work->relu) {
        y = relu_mask(y, y);
    }
    put_or_stream(work->y, at, count, y, nontemporal);
}

NORMA_STEP void standardize_step(const struct norma_row_apply *work, bool nontemporal,
                                 const struct row_affines *affines, int64_t row, int rows,
                                 int64_t column, int count) {
    const f32x16 weight = row_weight32(&work->scale, column, count);
    const f32x16 shift = work->shift ? get32(work->shift + column, count) : splat32(work->no_shift);
    for (int r = 0; r < rows; r++) {
        const int64_t at = (row + r) * work->length + column;
        const f32x16 standardized = standardize(affines, r, get(work->x, at, count));
        finish_row(work, nontemporal, at, count, fma32(standardized, weight, shift));
    }
}

NORMA_STEP void standardize_some_rows(const struct norma_row_apply *work, bool nontemporal,
                                      int64_t row, int rows) {
    const struct row_affines affines = affines_of_rows(work, row, rows);
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        standardize_step(work, nontemporal, &affines, row, rows, c, NORMA_LANES);
    }
    if (c < work->length) {
        standardize_step(work, nontemporal, &affines, row, rows, c, (int)(work->length - c));
    }
}

NORMA_STEP void blend_rows_step(const struct norma_row_apply *work, bool nontemporal, int64_t row,
                                int rows, int64_t column, int count) {
    const f64x16 weight = row_weight(&work->scale, column, count);
    for (int r = 0; r < rows; r++) {
        const int64_t at = (row + r) * work->length + column;
        const f32x16 factor = blended_factor(&work->scale, weight, row + r);
        finish_row(work, nontemporal, at, count, mul32(get(work->x, at, count), factor));
    }
}

NORMA_STEP void blend_some_rows(const struct norma_row_apply *work, bool nontemporal, int64_t row,
                                int rows) {
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        blend_rows_step(work, nontemporal, row, rows, c, NORMA_LANES);
    }
    if (c < work->length) {
        blend_rows_step(work, nontemporal, row, rows, c, (int)(work->length - c));
    }
}

NORMA_STEP void standardize_rows(const struct norma_row_apply *work, bool nontemporal) {
    int64_t r = 0;
    for (; work->length > LONG_ROW && r + 2 <= work->rows; r += 2) {
        standardize_some_rows(work, nontemporal, r, 2);
    }
    for (; r < work->rows; r++) {
        standardize_some_rows(work, nontemporal, r, 1);
    }
}

NORMA_STEP void blend_rows(const struct norma_row_apply *work, bool nontemporal) {
    int64_t r = 0;
    for (; r + SCALED_ROWS <= work->rows; r += SCALED_ROWS) {
        blend_some_rows(work, nontemporal, r, SCALED_ROWS);
    }
    for (; r < work->rows; r++) {
        blend_some_rows(work, nontemporal, r, 1);
    }
}

static void apply_rows(const struct norma_row_apply *work) {
    const struct norma_row_apply own = *work;
    const bool nontemporal = own.nontemporal && rows_are_aligned(own.y, own.length);
    if (own.scale.blend) {
        blend_rows(&own, nontemporal);
    } else {
        standardize_rows(&own, nontemporal);
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

/* Returns the factors of dy in `rows` rows. */
NORMA_STEP void dy_scales(const struct norma_row_scale *scale, bool blend, int64_t row, int rows,
                          int64_t column, int count, f32x16 *scales) {
    if (blend) {
        const f64x16 weight = row_weight(scale, column, count);
        for (int r = 0; r < rows; r++) {
            scales[r] = blended_factor(scale, weight, row + r);
        }
        return;
    }
    const f32x16 weight = row_weight32(scale, column, count);
    for (int r = 0; r < rows; r++) {
        scales[r] = mul32(weight, splat32((float)scale->inverse_std[row + r]));
    }
}

NORMA_STEP void row_gradient_step(const struct norma_row_gradient *work, bool blend,
                                  bool nontemporal, int64_t row, int rows, int64_t column,
                                  int count) {
    f32x16 scales[SCALED_ROWS];
    dy_scales(&work->scale, blend, row, rows, column, count, scales);
    for (int r = 0; r < rows; r++) {
        const int64_t at = (row + r) * work->length + column;
        const f32x16 dy = row_dy(work, at, count);
        const f32x16 d = sub32(get(work->x, at, count), splat32(work->centre[row + r]));
        if (work->dresidual) {
            put(work->dresidual, at, count, dy);
        }
        const f32x16 rest =
            fma32(d, splat32(work->x_scale[row + r]), splat32(work->constant[row + r]));
        put_or_stream(work->dx, at, count, fma32(dy, scales[r], rest), nontemporal);
    }
}

NORMA_STEP void gradient_of_some_rows(const struct norma_row_gradient *work, bool blend,
                                      bool nontemporal, int64_t row, int rows) {
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        row_gradient_step(work, blend, nontemporal, row, rows, c, NORMA_LANES);
    }
    if (c < work->length) {
        row_gradient_step(work, blend, nontemporal, row, rows, c, (int)(work->length - c));
    }
}

NORMA_STEP void gradient_of_rows(const struct norma_row_gradient *work, bool blend,
                                 bool nontemporal) {
    const int together = blend ? SCALED_ROWS : 2;
    int64_t r = 0;
    for (; (blend || work->length > LONG_ROW) && r + together <= work->rows; r += together) {
        gradient_of_some_rows(work, blend, nontemporal, r, together);
    }
    for (; r < work->rows; r++) {
        gradient_of_some_rows(work, blend, nontemporal, r, 1);
    }
}

static void row_gradient(const struct norma_row_gradient *work) {
    const struct norma_row_gradient own = *work;
    const bool nontemporal = own.nontemporal && rows_are_aligned(own.dx, own.length);
    if (own.scale.blend) {
        gradient_of_rows(&own, true, nontemporal);
    } else {
        gradient_of_rows(&own, false, nontemporal);
    }
    if (nontemporal) {
        stream_fence();
    }
}

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
    LONG_ROW = 2048
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

/* Returns x of a row. An absent lane has x = centre, because an infinity elsewhere in the row must
 * not meet its dy, which is 0. */
NORMA_STEP f32x16 row_x(const struct norma_row_gradient *work, int64_t row, int64_t at, int count) {
    const f32x16 x = get(work->x, at, count);
    return count == NORMA_LANES ? x : join_lanes(x, count, splat32(work->centre[row]));
}

/* ---- sums in double ----------------------------------------------------------------------- */

/* Returns x - mean. */
NORMA_STEP f64x16 row_deviation(const struct norma_row_gradient *work, int64_t row, int64_t at,
                                int count) {
    return sub64(get_wide_filled(work->x, at, count, work->centre[row]), splat64(work->mean[row]));
}

NORMA_STEP struct products add_to_row_in_double(const struct norma_row_gradient *work, int64_t row,
                                                int64_t column, int count, struct products sums) {
    const int64_t at = row * work->length + column;
    const f64x16 dy = widen(row_dy(work, at, count));
    const f64x16 weighted =
        work->scale.weight ? mul64(get32_wide(work->scale.weight + column, count), dy) : dy;
    return (struct products){
        add64(sums.dy, weighted),
        fma64(weighted, row_deviation(work, row, at, count), sums.product),
    };
}

/* Sums a row again, whose sums in float are out of range. */
static __attribute__((noinline)) void sum_row_in_double(const struct norma_row_gradient *work,
                                                        int64_t row) {
    struct products sums = {splat64(0.0), splat64(0.0)};
    int64_t c = 0;
    for (; c + NORMA_LANES <= work->length; c += NORMA_LANES) {
        sums = add_to_row_in_double(work, row, c, NORMA_LANES, sums);
    }
    if (c < work->length) {
        sums = add_to_row_in_double(work, row, c, (int)(work->length - c), sums);
    }
    work->dy_sum[row] = sum64(sums.dy);
    work->product[row] = sum64(sums.product);
}

/* ---- sums of blocks ----------------------------------------------------------------------- */

/* Rows [row, row + rows) of `vectors` vectors from a column on, of which the last has `tail`
 * elements. In a block the elements of a column are added in float, those of its first half and of
 * its second by themselves; and of a row, those of CHAIN vectors. */
struct row_block {
    int64_t row, column;
    int rows, vectors, tail;
    bool is_moderate; /* all factors of these rows are */
};

enum { BLOCK_ROWS = 8, HALF_BLOCK = BLOCK_ROWS / 2, BLOCK_VECTORS = 8, CHAIN = 4 };

struct column_sums {
    double dy, product;
};

NORMA_STEP int lanes_at(struct row_block block, int vector) {
    return vector + 1 < block.vectors ? NORMA_LANES : block.tail;
}

/* The terms that a row has in common for the sums of its columns: dy times
 * (x - mean) factor RAISED = fma(x - centre, factor, constant). */
struct row_terms {
    float centre, factor, constant;
};

/* Standardized elements are raised by this. Otherwise those below 2^-126 would lose digits, which a
 * large dy would show; raised ones, of a moderate factor, would have to be below 2^-189, and the
 * difference of two floats is not. Nor is the constant: it is 0 unless the mean was computed again,
 * which is then of 4 deviations and more, so that its residue is of 2^-91 at least. Products of
 * 2^63 and more are no numbers, and taken again. */
#define RAISED 0x1p64

/* Checks whether a row may be summed in float; false for NaN. */
static inline bool is_moderate_factor(double factor) {
    return fabs(factor) >= 0x1p-40 && fabs(factor) <= 0x1p40;
}

NORMA_STEP struct row_terms terms_of_row(const struct norma_row_gradient *work, int64_t row) {
    const double residue = (double)work->centre[row] - work->mean[row];
    const double factor = work->factor[row] * RAISED;
    return (struct row_terms){work->centre[row], (float)factor, (float)(residue * factor)};
}

/* Adds a row of a block to the sums of its columns, and returns its own with what is added. */
NORMA_STEP struct products add_row(const struct norma_row_gradient *work, struct row_block block,
                                   int r, bool first_row, struct row_terms terms,
                                   struct products sums, f32x16 *column_dy,
                                   f32x16 *column_product) {
    for (int first = 0; first < block.vectors; first += CHAIN) {
        struct chain chain = {splat32(0.0f), splat32(0.0f)};
        for (int v = first; v < first + CHAIN && v < block.vectors; v++) {
            const int count = lanes_at(block, v);
            const int64_t column = block.column + v * NORMA_LANES;
            const int64_t at = (block.row + r) * work->length + column;
            const f32x16 dy = row_dy(work, at, count);
            const f32x16 d = sub32(row_x(work, block.row + r, at, count), splat32(terms.centre));
            const f32x16 weighted =
                work->scale.weight ? mul32(get32(work->scale.weight + column, count), dy) : dy;
            const f32x16 scaled = fma32(d, splat32(terms.factor), splat32(terms.constant));
            column_dy[v] = first_row ? dy : add32(column_dy[v], dy);
            column_product[v] =
                first_row ? mul32(dy, scaled) : fma32(dy, scaled, column_product[v]);
            chain.dy = add32(chain.dy, weighted);
            chain.product = fma32(weighted, d, chain.product);
        }
        sums.dy = add64(sums.dy, widen(chain.dy));
        sums.product = add64(sums.product, widen(chain.product));
    }
    return sums;
}

/* Checks whether all sums of columns are numbers: 0 times an infinity or a NaN is none. */
NORMA_STEP bool are_columns_finite(struct row_block block, const f32x16 *column_dy,
                                   const f32x16 *column_product) {
    f32x16 zeros = splat32(0.0f);
    for (int v = 0; v < block.vectors; v++) {
        zeros = fma32(column_dy[v], splat32(0.0f), zeros);
        zeros = fma32(column_product[v], splat32(0.0f), zeros);
    }
    return sum64(widen(zeros)) == 0.0;
}

NORMA_STEP void add_to_columns(const struct norma_row_gradient *work, struct row_block block,
                               const f32x16 *column_dy, const f32x16 *column_product) {
    for (int v = 0; v < block.vectors; v++) {
        const int count = lanes_at(block, v);
        double *dy = work->column_dy + block.column + v * NORMA_LANES;
        double *product = work->column_product + block.column + v * NORMA_LANES;
        put64(dy, count, add64(get64(dy, count), widen(column_dy[v])));
        const f64x16 lowered = mul64(widen(column_product[v]), splat64(1.0 / RAISED));
        put64(product, count, add64(get64(product, count), lowered));
    }
}

/* Returns the sums of one column of a block in double. */
NORMA_STEP struct column_sums sum_column(const struct norma_row_gradient *work,
                                         struct row_block block, int64_t column) {
    struct column_sums sums = {0.0, 0.0};
    for (int64_t row = block.row; row < block.row + block.rows; row++) {
        const int64_t at = row * work->length + column;
        const bool blocked = work->y && element_value(element_at(work->y, at)) <= 0.0f;
        const double dy = blocked ? 0.0 : (double)element_value(element_at(work->dy, at));
        const double x = (double)element_value(element_at(work->x, at));
        sums.dy += dy;
        sums.product += work->factor[row] * dy * (x - work->mean[row]);
    }
    return sums;
}

/* Adds a block to the sums of its columns where some sums in float are no numbers. These are taken
 * again in double, and only these: no column depends on what the others hold. All are, where a
 * factor is not moderate. */
static __attribute__((noinline)) void
add_to_columns_one_by_one(const struct norma_row_gradient *work, struct row_block block,
                          const f32x16 *column_dy, const f32x16 *column_product) {
    for (int v = 0; v < block.vectors; v++) {
        float dy[NORMA_LANES], product[NORMA_LANES];
        store32(dy, column_dy[v]);
        store32(product, column_product[v]);
        for (int i = 0; i < lanes_at(block, v); i++) {
            const int64_t column = block.column + v * NORMA_LANES + i;
            struct column_sums sums = {(double)dy[i], (double)product[i] / RAISED};
            const bool finite = fabs(sums.dy) <= DBL_MAX && fabs(sums.product) <= DBL_MAX;
            if (!block.is_moderate || !finite) {
                sums = sum_column(work, block, column);
            }
            work->column_dy[column] += sums.dy;
            work->column_product[column] += sums.product;
        }
    }
}

/* Adds up to half of the rows of a block, from number r on. */
NORMA_STEP void add_rows(const struct norma_row_gradient *work, struct row_block block, int r,
                         const struct row_terms *terms, struct products *sums, f32x16 *column_dy,
                         f32x16 *column_product) {
    sums[r] = add_row(work, block, r, true, terms[r], sums[r], column_dy, column_product);
    for (int k = r + 1; k < r + HALF_BLOCK && k < block.rows; k++) {
        sums[k] = add_row(work, block, k, false, terms[k], sums[k], column_dy, column_product);
    }
}

NORMA_STEP void sum_block(const struct norma_row_gradient *work, struct row_block block,
                          const struct row_terms *terms, struct products *sums) {
    f32x16 column_dy[BLOCK_VECTORS], column_product[BLOCK_VECTORS];
    add_rows(work, block, 0, terms, sums, column_dy, column_product);
    if (block.rows > HALF_BLOCK) {
        f32x16 second_dy[BLOCK_VECTORS], second_product[BLOCK_VECTORS];
        add_rows(work, block, HALF_BLOCK, terms, sums, second_dy, second_product);
        for (int v = 0; v < block.vectors; v++) {
            column_dy[v] = add32(column_dy[v], second_dy[v]);
            column_product[v] = add32(column_product[v], second_product[v]);
        }
    }
    if (block.is_moderate && are_columns_finite(block, column_dy, column_product)) {
        add_to_columns(work, block, column_dy, column_product);
    } else {
        add_to_columns_one_by_one(work, block, column_dy, column_product);
    }
}

/* Adds columns [first, last), which are at most a chunk, to the sums of their rows. */
NORMA_STEP void sum_chunk_of_rows(const struct norma_row_gradient *work, int64_t row, int rows,
                                  int64_t first, int64_t last) {
    struct row_terms terms[BLOCK_ROWS];
    f64x16 zero = splat64(0.0);
    struct products sums[BLOCK_ROWS] = {{zero, zero}, {zero, zero}, {zero, zero}, {zero, zero},
                                        {zero, zero}, {zero, zero}, {zero, zero}, {zero, zero}};
    bool is_moderate = true;
    for (int r = 0; r < rows; r++) {
        terms[r] = terms_of_row(work, row + r);
        is_moderate = is_moderate && is_moderate_factor(work->factor[row + r]);
    }
    const int64_t block_columns = (int64_t)BLOCK_VECTORS * NORMA_LANES;
    int64_t c = first;
    for (; c + block_columns <= last; c += block_columns) {
        sum_block(work, (struct row_block){row, c, rows, BLOCK_VECTORS, NORMA_LANES, is_moderate},
                  terms, sums);
    }
    if (c < last) {
        const int vectors = (int)((last - c + NORMA_LANES - 1) / NORMA_LANES);
        const int tail = (int)(last - c) - (vectors - 1) * NORMA_LANES;
        sum_block(work, (struct row_block){row, c, rows, vectors, tail, is_moderate}, terms, sums);
    }
    for (int r = 0; r < rows; r++) {
        work->dy_sum[row + r] += sum64(sums[r].dy);
        work->product[row + r] += sum64(sums[r].product);
    }
}

/* Checks whether the sums of a row in float lost nothing. Products are off by as much as those in
 * template_gradient.h. Besides, a weighted dy below the normal range is off by 2^-150, which
 * |x - centre| <= sqrt(n) / factor raises, n = 2^32 at most. */
static inline bool are_row_sums_in_range(double dy, double product, double factor, double least) {
    const double smaller = fabs(factor) < 1.0 ? fabs(factor) : 1.0;
    return is_moderate_factor(factor) && are_sums_in_range(dy, product * smaller, 0x1p10 * least);
}

/* Completes the sums of a row: moves them from the centre to the mean, and multiplies by the weight
 * that all columns share. */
NORMA_STEP void finish_row_sums(const struct norma_row_gradient *work, int64_t row, double least) {
    if (are_row_sums_in_range(work->dy_sum[row], work->product[row], work->factor[row], least)) {
        work->product[row] += (work->centre[row] - work->mean[row]) * work->dy_sum[row];
    } else {
        sum_row_in_double(work, row);
    }
    if (!work->scale.weight) {
        work->dy_sum[row] *= work->scale.number;
        work->product[row] *= work->scale.number;
    }
}

NORMA_STEP void sum_some_rows(const struct norma_row_gradient *work, int64_t row, int rows) {
    for (int r = 0; r < rows; r++) {
        work->dy_sum[row + r] = 0.0;
        work->product[row + r] = 0.0;
    }
    for (int64_t c = 0; c < work->length; c += NORMA_CHUNK) {
        const int64_t end = c + NORMA_CHUNK < work->length ? c + NORMA_CHUNK : work->length;
        sum_chunk_of_rows(work, row, rows, c, end);
    }
    for (int r = 0; r < rows; r++) {
        finish_row_sums(work, row + r, least_product(work->length));
    }
}

static void row_sums(const struct norma_row_gradient *work) {
    const struct norma_row_gradient own = *work;
    int64_t r = 0;
    for (; r + BLOCK_ROWS <= own.rows; r += BLOCK_ROWS) {
        sum_some_rows(&own, r, BLOCK_ROWS);
    }
    if (r < own.rows) {
        sum_some_rows(&own, r, (int)(own.rows - r));
    }
}

/* ---- gradient ----------------------------------------------------------------------------- */

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

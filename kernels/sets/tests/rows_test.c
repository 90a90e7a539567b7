/* The primitives for rows: every set gives the bits of the definition below, and writes nothing
 * else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdalign.h>

#include "kernels/sets/tests/available_sets.h"

enum {
    MOST_COLUMNS = 2 * NORMA_CHUNK + 48,
    MOST_ROWS = 9,
    MOST = 3 * MOST_COLUMNS + 2 * NORMA_LANES,
    GUARD = 4 * NORMA_LANES /* elements after the output, which must not be written */
};

static alignas(64) float x[MOST], dy[MOST], y[MOST], residual[MOST];
static alignas(64) float expected[2][MOST], got[2][MOST];
static float weight[MOST_COLUMNS], shift[MOST_COLUMNS];
static float centre[MOST_ROWS], x_scale[MOST_ROWS], constant[MOST_ROWS];
static float row_factor[MOST_ROWS], row_constant[MOST_ROWS];
static double inverse_std[MOST_ROWS], mean[MOST_ROWS], factor[MOST_ROWS];

struct sums {
    double dy[MOST_ROWS], product[MOST_ROWS];
    double column_dy[MOST_COLUMNS + GUARD], column_product[MOST_COLUMNS + GUARD];
};
static struct sums earlier_sums, expected_sums, got_sums;

static void setup(void) {
    fill(x, MOST, 1000.0f, 1);
    fill(dy, MOST, 0.1f, 2);
    fill(y, MOST, 0.0f, 3);
    fill(residual, MOST, 0.0f, 4);
    fill(weight, MOST_COLUMNS, 0.3f, 5);
    fill(shift, MOST_COLUMNS, 0.2f, 6);
    fill(centre, MOST_ROWS, 1000.0f, 7);
    fill(x_scale, MOST_ROWS, 0.1f, 8);
    fill(constant, MOST_ROWS, 0.1f, 9);
    for (int i = 0; i < MOST_ROWS; i++) {
        inverse_std[i] = 1.0 / (1.5 + i);
        mean[i] = (double)centre[i] - (i % 3 == 0 ? 0.0 : 1e-5 / i);
        row_factor[i] = (float)inverse_std[i];
        row_constant[i] = i % 3 == 0 ? -0.0f : 1e-5f / (float)i; /* -0 keeps the sign of a zero */
        factor[i] = 0.75 - 0.0625 * i;
    }
    for (int i = 0; i < MOST_ROWS; i++) {
        earlier_sums.dy[i] = earlier_sums.product[i] = 1e9;
    }
    for (int i = 0; i < MOST_COLUMNS + GUARD; i++) {
        earlier_sums.column_dy[i] = 0.25 * i;
        earlier_sums.column_product[i] = -0.5 * i;
    }
    for (int i = 0; i < MOST; i += 5) {
        y[i] = i % 2 ? 0.0f : -0.0f;
    }
    for (int i = 0; i < MOST_COLUMNS; i += 7) {
        shift[i] = -0.0f;
    }
}

/* A matrix, `offset` floats after an aligned address. */
struct matrix {
    int64_t rows, columns, offset;
};

/* Returns the bytes of a buffer up to the end of the guard after the matrix. */
static size_t reach(struct matrix m) {
    return (size_t)(m.offset + m.rows * m.columns + GUARD) * sizeof(float);
}

typedef void matrix_check(struct matrix m, int kind);

/* Bits of `kind`. */
enum { RELU = 1, ADD = 2, STREAMED = 4, IN_PLACE = 8, BLEND = 16, PARAMETERS = 32, KINDS = 64 };

static void for_each_matrix(matrix_check *check) {
    static const int64_t columns[] = {1, 2, 7, 15, 16, 17, 31, 32, 33, 48, 100};
    for (int kind = 0; kind < KINDS; kind++) {
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
            for (int64_t rows = 1; rows <= MOST_ROWS; rows++) {
                check((struct matrix){rows, columns[c], 0}, kind);
                check((struct matrix){rows, columns[c], 1 + (rows + kind) % 15}, kind);
            }
        }
    }
    check((struct matrix){3, NORMA_CHUNK, 0}, PARAMETERS);
    check((struct matrix){3, NORMA_CHUNK + 1, 0}, PARAMETERS);
    check((struct matrix){2, MOST_COLUMNS - 9, 0}, BLEND);
}

static void expect_same(const char *name, struct matrix m, int kind, const void *a, const void *b,
                        size_t bytes, const char *what) {
    cr_assert(memcmp(a, b, bytes) == 0, "%s: %s of %lld rows, %lld columns, from %lld, kind %d",
              name, what, (long long)m.rows, (long long)m.columns, (long long)m.offset, kind);
}

static struct norma_row_scale scale_of(int kind) {
    return (struct norma_row_scale){.weight = kind & PARAMETERS ? weight : NULL,
                                    .number = 0.7,
                                    .inverse_std = inverse_std,
                                    .blend = kind & BLEND};
}

/* ---- the definition ----------------------------------------------------------------------- */

static double define_weight(int kind, int64_t column) {
    return kind & PARAMETERS ? (double)weight[column] : 0.7;
}

static float define_blended(int kind, int64_t row, int64_t column) {
    const double w = define_weight(kind, column);
    return (float)(w * inverse_std[row] + (1.0 - w));
}

/* Returns the factor of dy. */
static float define_factor(int kind, int64_t row, int64_t column) {
    return kind & BLEND ? define_blended(kind, row, column)
                        : (float)define_weight(kind, column) * (float)inverse_std[row];
}

static float open_gate(float value, float gate) {
    return gate <= 0.0f ? 0.0f : value;
}

static float define_standardized(int kind, int64_t row, int64_t column, int64_t at) {
    const float w = kind & PARAMETERS ? weight[column] : 0.7f;
    const float b = kind & PARAMETERS ? shift[column] : -0.0f;
    return fmaf(fmaf(x[at] - centre[row], row_factor[row], row_constant[row]), w, b);
}

static float define_y(int kind, int64_t row, int64_t column, int64_t at) {
    float value = kind & BLEND ? x[at] * define_blended(kind, row, column)
                               : define_standardized(kind, row, column, at);
    value = kind & ADD ? value + residual[at] : value;
    return kind & (RELU | ADD) ? open_gate(value, value) : value;
}

static float define_dy(int kind, int64_t at) {
    return kind & RELU ? open_gate(dy[at], y[at]) : dy[at];
}

static float define_dx(int kind, int64_t row, int64_t column, int64_t at) {
    const float rest = fmaf(x[at] - centre[row], x_scale[row], constant[row]);
    return fmaf(define_dy(kind, at), define_factor(kind, row, column), rest);
}

static double add_lanes(double *lane) {
    for (int half = NORMA_LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            lane[i] += lane[i + half];
        }
    }
    return lane[0];
}

/* Sums a row chunk by chunk, in lanes: four vectors in float, and these in double. */
static void define_row_sums(struct matrix m, int kind, int64_t row) {
    enum { CHAINED = 4 * NORMA_LANES };
    for (int64_t first = 0; first < m.columns; first += NORMA_CHUNK) {
        double sum[NORMA_LANES] = {0}, product[NORMA_LANES] = {0};
        float chain[NORMA_LANES] = {0}, product_chain[NORMA_LANES] = {0};
        const int64_t last = first + NORMA_CHUNK < m.columns ? first + NORMA_CHUNK : m.columns;
        for (int64_t c = first; c < last; c++) {
            const int64_t at = m.offset + row * m.columns + c, lane = c % NORMA_LANES;
            const float dy_at = define_dy(kind, at);
            const float weighted = kind & PARAMETERS ? weight[c] * dy_at : dy_at;
            chain[lane] += weighted;
            product_chain[lane] = fmaf(weighted, x[at] - centre[row], product_chain[lane]);
            if ((c + NORMA_LANES - first) / CHAINED > (c - first) / CHAINED ||
                c + NORMA_LANES >= last) {
                sum[lane] += (double)chain[lane];
                product[lane] += (double)product_chain[lane];
                chain[lane] = product_chain[lane] = 0.0f;
            }
        }
        expected_sums.dy[row] += add_lanes(sum);
        expected_sums.product[row] += add_lanes(product);
    }
    const double number = kind & PARAMETERS ? 1.0 : 0.7;
    const double residue = (double)centre[row] - mean[row];
    expected_sums.product[row] += residue * expected_sums.dy[row];
    expected_sums.dy[row] *= number;
    expected_sums.product[row] *= number;
}

/* The sums of the elements of a column in up to four rows, in float. */
struct quad {
    float dy, product;
};

static struct quad define_quad(struct matrix m, int kind, int64_t first, int64_t last, int64_t c) {
    struct quad sum = {0.0f, 0.0f};
    for (int64_t r = first; r < last && r < m.rows; r++) {
        const int64_t at = m.offset + r * m.columns + c;
        const double residue = (double)centre[r] - mean[r], raised = factor[r] * 0x1p64;
        const float scaled = fmaf(x[at] - centre[r], (float)raised, (float)(residue * raised));
        const float value = define_dy(kind, at);
        sum.dy = r == first ? value : sum.dy + value;
        sum.product = r == first ? value * scaled : fmaf(value, scaled, sum.product);
    }
    return sum;
}

static void define_sums(struct matrix m, int kind) {
    for (int64_t r = 0; r < m.rows; r++) {
        expected_sums.dy[r] = 0.0;
        expected_sums.product[r] = 0.0;
        define_row_sums(m, kind, r);
    }
    for (int64_t c = 0; c < m.columns; c++) {
        for (int64_t r = 0; r < m.rows; r += 8) {
            const struct quad a = define_quad(m, kind, r, r + 4, c);
            const struct quad b = define_quad(m, kind, r + 4, r + 8, c);
            const bool both = r + 4 < m.rows;
            expected_sums.column_dy[c] += (double)(both ? a.dy + b.dy : a.dy);
            expected_sums.column_product[c] +=
                (double)(both ? a.product + b.product : a.product) * 0x1p-64;
        }
    }
}

/* ---- the primitives ----------------------------------------------------------------------- */

static void check_apply(struct matrix m, int kind) {
    const float *const before = kind & IN_PLACE ? x : dy;
    memcpy(expected[0], before, reach(m));
    for (int64_t r = 0; r < m.rows; r++) {
        for (int64_t c = 0; c < m.columns; c++) {
            const int64_t at = m.offset + r * m.columns + c;
            expected[0][at] = define_y(kind, r, c, at);
        }
    }
    FOR_EACH_SET(set) {
        memcpy(got[0], before, reach(m));
        set->apply_rows(
            &(struct norma_row_apply){.x = (kind & IN_PLACE ? got[0] : x) + m.offset,
                                      .residual = kind & ADD ? residual + m.offset : NULL,
                                      .y = got[0] + m.offset,
                                      .length = m.columns,
                                      .rows = m.rows,
                                      .scale = scale_of(kind),
                                      .centre = centre,
                                      .factor = row_factor,
                                      .constant = row_constant,
                                      .shift = kind & PARAMETERS ? shift : NULL,
                                      .no_shift = -0.0f,
                                      .relu = kind & (RELU | ADD),
                                      .nontemporal = kind & STREAMED});
        expect_same(set->name, m, kind, got[0], expected[0], reach(m), "y");
    }
}

static struct norma_row_gradient gradient_of(struct matrix m, int kind) {
    return (struct norma_row_gradient){.x = x + m.offset,
                                       .dy = (kind & IN_PLACE ? got[0] : dy) + m.offset,
                                       .y = kind & RELU ? y + m.offset : NULL,
                                       .dx = got[0] + m.offset,
                                       .dresidual = kind & ADD ? got[1] + m.offset : NULL,
                                       .length = m.columns,
                                       .rows = m.rows,
                                       .scale = scale_of(kind),
                                       .centre = centre,
                                       .mean = mean,
                                       .factor = factor,
                                       .dy_sum = got_sums.dy,
                                       .product = got_sums.product,
                                       .column_dy = got_sums.column_dy,
                                       .column_product = got_sums.column_product,
                                       .x_scale = x_scale,
                                       .constant = constant,
                                       .nontemporal = kind & STREAMED};
}

static void check_gradient(struct matrix m, int kind) {
    const float *const before = kind & IN_PLACE ? dy : x;
    memcpy(expected[0], before, reach(m));
    memcpy(expected[1], x, reach(m));
    for (int64_t r = 0; r < m.rows; r++) {
        for (int64_t c = 0; c < m.columns; c++) {
            const int64_t at = m.offset + r * m.columns + c;
            expected[0][at] = define_dx(kind, r, c, at);
            expected[1][at] = kind & ADD ? define_dy(kind, at) : x[at];
        }
    }
    FOR_EACH_SET(set) {
        memcpy(got[0], before, reach(m));
        memcpy(got[1], x, reach(m));
        const struct norma_row_gradient work = gradient_of(m, kind);
        set->row_gradient(&work);
        expect_same(set->name, m, kind, got[0], expected[0], reach(m), "dx");
        expect_same(set->name, m, kind, got[1], expected[1], reach(m), "dresidual");
    }
}

static void copy_sums(struct sums *to, const struct sums *from, int64_t columns) {
    const size_t bytes = (size_t)(columns + GUARD) * sizeof(double);
    memcpy(to->dy, from->dy, sizeof to->dy);
    memcpy(to->product, from->product, sizeof to->product);
    memcpy(to->column_dy, from->column_dy, bytes);
    memcpy(to->column_product, from->column_product, bytes);
}

static void expect_sums(const char *name, struct matrix m, int kind) {
    const size_t rows = sizeof got_sums.dy, columns = (size_t)(m.columns + GUARD) * sizeof(double);
    expect_same(name, m, kind, got_sums.dy, expected_sums.dy, rows, "sums of dy");
    expect_same(name, m, kind, got_sums.product, expected_sums.product, rows, "sums of products");
    expect_same(name, m, kind, got_sums.column_dy, expected_sums.column_dy, columns, "dbeta");
    expect_same(name, m, kind, got_sums.column_product, expected_sums.column_product, columns,
                "dgamma");
}

/* Sums a row in double, as where its factor is not moderate. */
static void define_row_in_double(struct matrix m, int kind, int64_t row) {
    double sum[NORMA_LANES] = {0}, product[NORMA_LANES] = {0};
    const double number = kind & PARAMETERS ? 1.0 : 0.7;
    for (int64_t c = 0; c < m.columns; c++) {
        const int64_t at = m.offset + row * m.columns + c, lane = c % NORMA_LANES;
        const double w = kind & PARAMETERS ? (double)weight[c] : 1.0;
        const double weighted = w * (double)define_dy(kind, at);
        sum[lane] += weighted;
        product[lane] = fma(weighted, (double)x[at] - mean[row], product[lane]);
    }
    expected_sums.dy[row] = number * add_lanes(sum);
    expected_sums.product[row] = number * add_lanes(product);
}

/* Sums a column in double, as where any of its factors is not moderate. */
static void define_column_in_double(struct matrix m, int kind, int64_t column) {
    double sum = 0.0, product = 0.0;
    for (int64_t r = 0; r < m.rows; r++) {
        const int64_t at = m.offset + r * m.columns + column;
        const double value = (double)define_dy(kind, at);
        sum += value;
        product += factor[r] * value * ((double)x[at] - mean[r]);
    }
    expected_sums.column_dy[column] = earlier_sums.column_dy[column] + sum;
    expected_sums.column_product[column] = earlier_sums.column_product[column] + product;
}

/* The sums of columns are added to earlier ones, and those of rows begin at 0. */
static void check_sums(struct matrix m, int kind) {
    copy_sums(&expected_sums, &earlier_sums, m.columns);
    define_sums(m, kind);
    FOR_EACH_SET(set) {
        copy_sums(&got_sums, &earlier_sums, m.columns);
        const struct norma_row_gradient work = gradient_of(m, kind & ~IN_PLACE);
        set->row_sums(&work);
        expect_sums(set->name, m, kind);
    }
}

/* Gives the third row a factor that is not moderate. */
static void check_sums_in_double(struct matrix m, int kind) {
    copy_sums(&expected_sums, &earlier_sums, m.columns);
    factor[2] = 0x1.2345678p-41;
    define_sums(m, kind);
    define_row_in_double(m, kind, 2);
    for (int64_t c = 0; c < m.columns; c++) {
        define_column_in_double(m, kind, c);
    }
    FOR_EACH_SET(set) {
        copy_sums(&got_sums, &earlier_sums, m.columns);
        const struct norma_row_gradient work = gradient_of(m, kind);
        set->row_sums(&work);
        expect_sums(set->name, m, kind);
    }
}

TestSuite(template_rows, .init = setup);

Test(template_rows, apply_is_as_defined) {
    for_each_matrix(check_apply);
}

Test(template_rows, gradient_is_as_defined) {
    for_each_matrix(check_gradient);
}

Test(template_rows, sums_are_as_defined) {
    for_each_matrix(check_sums);
}

/* Factors beyond 2^40 or below 2^-40 are of deviations that may take products out of the range. */
Test(template_rows, sums_are_in_double_if_a_factor_is_not_moderate) {
    check_sums_in_double((struct matrix){5, 33, 0}, 0);
    check_sums_in_double((struct matrix){8, 129, 1}, RELU | PARAMETERS);
}

/* Stages down the columns of matrices with any number of rows, against double loops.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/spans/spans.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "kernels/sets/tests/available_sets.h"

/* ---- matrices ----------------------------------------------------------------------------- */

/* `columns` of rows that are `stride` long. The memory ends with the columns of the last row. */
struct matrix {
    int64_t rows, columns, stride;
};

static size_t elements(struct matrix m) {
    return m.rows > 0 ? (size_t)((m.rows - 1) * m.stride + m.columns) : 0;
}

static float *make(struct matrix m, float mean, uint32_t seed) {
    float *values = malloc((elements(m) + (elements(m) == 0)) * sizeof *values);
    fill(values, elements(m), mean, seed);
    return values;
}

typedef void matrix_check(struct matrix m);

/* Takes numbers of rows up to a fold and beyond; dense rows, and parts of longer ones. */
static void for_each_height(int64_t columns, matrix_check *check) {
    for (int64_t rows = 0; rows <= 40; rows += rows < 20 ? 1 : 5) {
        check((struct matrix){rows, columns, columns});
        check((struct matrix){rows, columns, columns + 3});
    }
}

/* Takes numbers of rows around whole chunks as well, in turn. */
static void for_each_chunking(int64_t columns, matrix_check *check) {
    const int64_t chunk = norma_chunk_rows(columns);
    const int64_t edges[] = {chunk - 1, chunk, chunk + 1, 2 * chunk + 7};
    for_each_height(columns, check);
    check((struct matrix){edges[columns / 2 % 4], columns, columns});
    check((struct matrix){norma_chunk_rows(columns + 3) + 1, columns, columns + 3});
}

static void for_each_matrix(void (*for_each)(int64_t columns, matrix_check *check),
                            matrix_check *check) {
    for (int64_t columns = 1; columns <= 70; columns++) {
        for_each(columns, check);
    }
    for (int64_t columns = NORMA_COLUMNS - 1; columns <= NORMA_COLUMNS; columns++) {
        for_each(columns, check);
    }
}

/* Returns a plan that has no more than the fastest set. */
static const struct norma_plan *fastest(void) {
    static struct norma_plan plan;
    size_t index = 0;
    while (!norma_set_at(index)->available()) {
        index++;
    }
    plan.set = norma_set_at(index);
    return &plan;
}

/* ---- chunks and rows ---------------------------------------------------------------------- */

/* A chunk has 256 long rows. With at most 64 channels a long row has whole vectors. */
Test(columns, chunks_have_256_long_rows) {
    static const struct {
        int64_t channels, rows;
    } expected[] = {{1, 4096},  {2, 2048}, {3, 4096},  {4, 1024},  {8, 512},
                    {15, 4096}, {16, 256}, {20, 1024}, {40, 512},  {48, 256},
                    {63, 4096}, {64, 256}, {65, 256},  {1000, 256}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const int64_t rows = expected[i].rows;
        cr_assert(norma_chunk_rows(expected[i].channels) == rows, "%lld channels",
                  (long long)expected[i].channels);
        cr_assert(norma_row_chunks(expected[i].channels, rows) == 1);
        cr_assert(norma_row_chunks(expected[i].channels, rows + 1) == 2);
        cr_assert(norma_row_chunks(expected[i].channels, 1) == 1);
    }
}

/* For every pattern of two labels, from every first row on: the rows are those of the label, in
 * order, and no two parts touch. */
Test(columns, rows_of_a_label_come_together) {
    enum { POSITIONS = 9 };
    for (int pattern = 0; pattern < 1 << POSITIONS; pattern++) {
        uint8_t labels[POSITIONS + 1] = {[POSITIONS] = 1};
        for (int i = 0; i < POSITIONS; i++) {
            labels[i] = (uint8_t)(pattern >> i & 1);
        }
        for (int first = 0; first < POSITIONS; first++) {
            int seen = 0;
            int64_t end = first - 1;
            struct norma_rows rows = {first, 0};
            while (norma_next_rows(labels, 1, POSITIONS, &rows)) {
                cr_assert(rows.first > end && rows.count > 0);
                for (int64_t i = rows.first; i < rows.first + rows.count; i++) {
                    cr_assert(i < POSITIONS && labels[i] == 1);
                    seen |= 1 << i;
                }
                end = rows.first + rows.count;
            }
            cr_assert(seen == (pattern >> first << first), "pattern %x from %d", pattern, first);
        }
    }
}

/* ---- moments ------------------------------------------------------------------------------ */

/* Checks the moments against sums in long double. */
static void expect_moments(struct matrix m, const float *x, const double *mean, const double *m2) {
    for (int64_t c = 0; c < m.columns; c++) {
        long double sum = 0, squares = 0;
        for (int64_t r = 0; r < m.rows; r++) {
            sum += x[r * m.stride + c];
        }
        const long double middle = sum / m.rows;
        for (int64_t r = 0; r < m.rows; r++) {
            const long double d = x[r * m.stride + c] - middle;
            squares += d * d;
        }
        const long double spread = sqrtl(squares / m.rows);
        cr_assert(fabsl(mean[c] - middle) <= 1e-12L * spread + 0x1p-52L * fabsl(middle),
                  "%lld rows, %lld columns, %lld apart: mean[%lld]", (long long)m.rows,
                  (long long)m.columns, (long long)m.stride, (long long)c);
        cr_assert(fabsl(m2[c] - squares) <= 1e-11L * squares,
                  "%lld rows, %lld columns, %lld apart: m2[%lld] is %g, should be %Lg",
                  (long long)m.rows, (long long)m.columns, (long long)m.stride, (long long)c, m2[c],
                  squares);
    }
}

static double chunk_mean[NORMA_COLUMNS], chunk_m2[NORMA_COLUMNS];
static const struct norma_column_buffers buffers = {.chunk = {chunk_mean, chunk_m2}};

enum { GUARD = NORMA_LANES };

/* Results, and a guard after them. */
struct moments {
    double mean[NORMA_COLUMNS + GUARD], m2[NORMA_COLUMNS + GUARD];
};

static void expect_guards(int64_t columns, const double *values) {
    for (int64_t c = columns; c < columns + GUARD; c++) {
        cr_assert(values[c] == 77.0, "written behind %lld columns", (long long)columns);
    }
}

static struct moments moments_of(struct matrix m, const float *x) {
    struct moments moments;
    for (int c = 0; c < NORMA_COLUMNS + GUARD; c++) {
        moments.mean[c] = moments.m2[c] = 77.0;
    }
    norma_column_moments(fastest(), (struct norma_matrix){x, m.rows, m.stride, m.columns},
                         (struct norma_moment_arrays){moments.mean, moments.m2}, &buffers);
    expect_guards(m.columns, moments.mean);
    expect_guards(m.columns, moments.m2);
    return moments;
}

static void check_moments(struct matrix m) {
    if (m.rows > 0) {
        float *x = make(m, 0.25f, (uint32_t)(m.rows + m.columns));
        const struct moments moments = moments_of(m, x);
        expect_moments(m, x, moments.mean, moments.m2);
        free(x);
    }
}

Test(columns, moments_are_right) {
    for_each_matrix(for_each_chunking, check_moments);
}

/* Checks data whose deviations are units in the last place of the mean, or all zero. */
static void check_huge_moments(struct matrix m) {
    if (m.rows > 0) {
        float *x = make(m, 0.0f, 3);
        for (size_t i = 0; i < elements(m); i++) {
            x[i] = i % (size_t)m.stride % 3 == 0 ? 1e18f : 1e18f * (1.0f + 0x1p-18f * x[i]);
        }
        const struct moments moments = moments_of(m, x);
        expect_moments(m, x, moments.mean, moments.m2);
        free(x);
    }
}

Test(columns, moments_survive_means_far_beyond_the_deviations) {
    for_each_chunking(3, check_huge_moments);
    for_each_chunking(16, check_huge_moments);
    for_each_chunking(37, check_huge_moments);
    for_each_chunking(67, check_huge_moments);
}

/* Checks that a column with a NaN or infinity has no finite moments, and that the others keep their
 * bits. */
static void check_lone_nan(struct matrix m) {
    static const float values[] = {NAN, INFINITY, -INFINITY};
    if (m.rows < 2) {
        return;
    }
    float *x = make(m, 0.0f, 5);
    const struct moments before = moments_of(m, x);
    for (int i = 0; i < 3; i++) {
        const int64_t spoiled = (m.rows + i) % m.columns, row = (m.rows - 1) * i / 2;
        const float kept = x[row * m.stride + spoiled];
        x[row * m.stride + spoiled] = values[i];
        const struct moments after = moments_of(m, x);
        for (int64_t c = 0; c < m.columns; c++) {
            if (c == spoiled) {
                cr_assert(isnan(after.m2[c]) && !isfinite(after.mean[c]));
            } else {
                cr_assert(after.mean[c] == before.mean[c] && after.m2[c] == before.m2[c],
                          "%lld rows, %lld columns: %lld changes with %lld", (long long)m.rows,
                          (long long)m.columns, (long long)c, (long long)spoiled);
            }
        }
        x[row * m.stride + spoiled] = kept;
    }
    free(x);
}

Test(columns, moments_of_a_column_do_not_see_the_others) {
    const int64_t columns[] = {2, 3, 16, 20, 37, 64, 65, 256};
    for (int i = 0; i < 8; i++) {
        for_each_chunking(columns[i], check_lone_nan);
    }
}

Test(columns, moments_of_a_matrix_have_any_number_of_columns) {
    enum { MOST = 2 * NORMA_COLUMNS + 45 };
    const int64_t numbers[] = {NORMA_COLUMNS - 1, NORMA_COLUMNS,     NORMA_COLUMNS + 1,
                               NORMA_COLUMNS + 7, 2 * NORMA_COLUMNS, MOST};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const int64_t columns = numbers[i];
        const struct matrix m = {37, columns, columns};
        float *x = make(m, -0.5f, 6);
        double mean[MOST + GUARD], m2[MOST + GUARD];
        for (int c = 0; c < MOST + GUARD; c++) {
            mean[c] = m2[c] = 77.0;
        }
        norma_moments_of_matrix(fastest(), (struct norma_matrix){x, m.rows, m.stride, columns},
                                (struct norma_moment_arrays){mean, m2}, &buffers);
        expect_moments(m, x, mean, m2);
        expect_guards(columns, mean);
        expect_guards(columns, m2);
        free(x);
    }
}

/* Checks that chunks, merged here, give the moments of all rows. */
static void check_chunks(struct matrix m) {
    const int64_t chunk = norma_chunk_rows(m.stride);
    if (m.rows <= chunk) {
        return;
    }
    float *x = make(m, 0.5f, 7);
    const struct moments whole = moments_of(m, x);
    struct moments parts, next;
    for (int64_t r = 0; r < m.rows; r += chunk) {
        const int64_t rows = m.rows - r < chunk ? m.rows - r : chunk;
        struct moments *part = r == 0 ? &parts : &next;
        norma_chunk_column_moments(
            fastest(), (struct norma_matrix){x + r * m.stride, rows, m.stride, m.columns},
            (struct norma_moment_arrays){part->mean, part->m2});
        for (int64_t c = 0; r > 0 && c < m.columns; c++) {
            const double n = (double)r, k = (double)rows, d = next.mean[c] - parts.mean[c];
            parts.mean[c] += d * (k / (n + k));
            parts.m2[c] += next.m2[c] + d * d * (n * k / (n + k));
        }
    }
    for (int64_t c = 0; c < m.columns; c++) {
        cr_assert(fabs(parts.mean[c] - whole.mean[c]) <= 1e-14);
        cr_assert(fabs(parts.m2[c] - whole.m2[c]) <= 1e-14 * whole.m2[c]);
    }
    free(x);
}

Test(columns, moments_of_chunks_merge_to_those_of_the_whole) {
    for_each_matrix(for_each_chunking, check_chunks);
}

/* ---- affine ------------------------------------------------------------------------------- */

static float coefficient(int64_t column, int which) {
    return 0.5f + (float)((column * 7 + which * 3) % 11) * 0.125f;
}

struct coefficients {
    float of[4][NORMA_COLUMNS];
};

static struct coefficients coefficients_of(int64_t columns) {
    struct coefficients all;
    for (int which = 0; which < 4; which++) {
        for (int64_t c = 0; c < NORMA_COLUMNS; c++) {
            all.of[which][c] = c < columns ? coefficient(c, which) : NAN;
        }
    }
    return all;
}

/* Checks that elements between the rows keep their values. */
static void expect_gaps(struct matrix m, const float *got, const float *before, const char *what) {
    for (int64_t r = 0; r + 1 < m.rows; r++) {
        for (int64_t at = r * m.stride + m.columns; at < (r + 1) * m.stride; at++) {
            cr_assert(got[at] == before[at], "%lld rows, %lld columns: %s writes between the rows",
                      (long long)m.rows, (long long)m.columns, what);
        }
    }
}

static float applied(const struct coefficients *all, float x, float residual, int64_t c, int kind) {
    float y = fmaf(x - all->of[0][c], all->of[1][c], all->of[2][c]);
    y = kind == 2 ? y + residual : y;
    return kind > 0 && y <= 0.0f ? 0.0f : y;
}

static void expect_applied(struct matrix m, const struct coefficients *all, const float *x,
                           const float *residual, int kind, const float *y) {
    for (int64_t r = 0; r < m.rows; r++) {
        for (int64_t c = 0; c < m.columns; c++) {
            const int64_t at = r * m.stride + c;
            cr_assert(y[at] == applied(all, x[at], residual[at], c, kind % 3),
                      "%lld rows, %lld columns, %lld apart, kind %d: [%lld]", (long long)m.rows,
                      (long long)m.columns, (long long)m.stride, kind, (long long)at);
        }
    }
}

static void check_apply(struct matrix m) {
    const struct coefficients all = coefficients_of(m.columns);
    float *x = make(m, 0.75f, 11), *residual = make(m, 0.0f, 12), *y = make(m, 0.0f, 13);
    const size_t bytes = elements(m) * sizeof *x;
    float *before = make(m, 0.0f, 13);
    for (int kind = 0; kind < 6; kind++) {
        const bool in_place = kind >= 3;
        memcpy(y, in_place ? x : before, bytes);
        norma_apply_columns(fastest(),
                            &(struct norma_apply){.x = in_place ? y : x,
                                                  .residual = kind % 3 == 2 ? residual : NULL,
                                                  .y = y,
                                                  .length = m.columns,
                                                  .spans = m.rows,
                                                  .centre = all.of[0],
                                                  .scale = all.of[1],
                                                  .shift = all.of[2],
                                                  .relu = kind % 3 > 0},
                            m.stride);
        expect_applied(m, &all, x, residual, kind, y);
        expect_gaps(m, y, in_place ? x : before, "apply");
    }
    free(x);
    free(residual);
    free(y);
    free(before);
}

Test(columns, apply_is_right_with_every_epilogue_and_in_place) {
    for_each_matrix(for_each_height, check_apply);
}

/* ---- gradient ----------------------------------------------------------------------------- */

struct backward {
    float *x, *dy, *y;
};

static struct backward backward_of(struct matrix m) {
    struct backward all = {make(m, 0.5f, 21), make(m, 0.01f, 22), make(m, 0.0f, 23)};
    const float special[] = {0.0f, -0.0f, NAN};
    for (size_t i = 0; i < elements(m); i += 7) {
        all.y[i] = special[i % 3];
    }
    return all;
}

static void free_backward(struct backward all) {
    free(all.x);
    free(all.dy);
    free(all.y);
}

static float counted(const struct backward *all, int64_t at, bool gated) {
    return gated && all->y[at] <= 0.0f ? 0.0f : all->dy[at];
}

static void expect_sums(struct matrix m, const struct backward *all, bool gated, bool in_double,
                        const double *dy_sum, const double *product) {
    const long double roundoff = in_double ? 0x1p-46L : 0x1p-24L;
    for (int64_t c = 0; c < m.columns; c++) {
        long double sum = 0, sum_product = 0, scale = 0, product_scale = 0;
        for (int64_t r = 0; r < m.rows; r++) {
            const int64_t at = r * m.stride + c;
            const long double dy = counted(all, at, gated);
            const long double both = dy * ((long double)all->x[at] - coefficient(c, 0));
            sum += dy;
            sum_product += both;
            scale += fabsl(dy);
            product_scale += fabsl(both);
        }
        cr_assert(fabsl(dy_sum[c] - sum) <= 4 * roundoff * scale &&
                      fabsl(product[c] - sum_product) <= 6 * roundoff * product_scale,
                  "%lld rows, %lld columns, %lld apart, gated %d: [%lld]", (long long)m.rows,
                  (long long)m.columns, (long long)m.stride, gated, (long long)c);
    }
}

static void check_sums(struct matrix m) {
    const struct coefficients all = coefficients_of(m.columns);
    const struct backward in = backward_of(m);
    for (int kind = 0; kind < 4; kind++) {
        const bool gated = kind & 1, in_double = kind & 2;
        struct moments sums; /* mean has those of dy, m2 those of products */
        for (int c = 0; c < NORMA_COLUMNS + GUARD; c++) {
            sums.mean[c] = sums.m2[c] = 77.0;
        }
        norma_gradient_sums_columns(fastest(),
                                    &(struct norma_gradient_sums){.x = in.x,
                                                                  .dy = in.dy,
                                                                  .y = gated ? in.y : NULL,
                                                                  .length = m.columns,
                                                                  .spans = m.rows,
                                                                  .centre = all.of[0],
                                                                  .dy_sum = sums.mean,
                                                                  .product = sums.m2,
                                                                  .in_double = in_double},
                                    m.stride, &buffers);
        expect_sums(m, &in, gated, in_double, sums.mean, sums.m2);
        expect_guards(m.columns, sums.mean);
        expect_guards(m.columns, sums.m2);
    }
    free_backward(in);
}

Test(columns, sums_are_right) {
    for_each_matrix(for_each_chunking, check_sums);
}

static float gradient(const struct coefficients *all, float x, float dy, int64_t c, bool with_x) {
    const float inner = fmaf(x - all->of[0][c], all->of[2][c], all->of[3][c]);
    return with_x ? fmaf(dy, all->of[1][c], inner) : dy * all->of[1][c];
}

static void expect_gradient(struct matrix m, const struct coefficients *all,
                            const struct backward *in, int kind, const float *dx,
                            const float *dresidual) {
    for (int64_t r = 0; r < m.rows; r++) {
        for (int64_t c = 0; c < m.columns; c++) {
            const int64_t at = r * m.stride + c;
            const float dy = counted(in, at, kind & 1);
            cr_assert(dx[at] == gradient(all, in->x[at], dy, c, kind & 2) &&
                          (!(kind & 1) || dresidual[at] == dy),
                      "%lld rows, %lld columns, %lld apart, kind %d: [%lld]", (long long)m.rows,
                      (long long)m.columns, (long long)m.stride, kind, (long long)at);
        }
    }
}

static void check_gradient(struct matrix m) {
    const struct coefficients all = coefficients_of(m.columns);
    const struct backward in = backward_of(m);
    float *dx = make(m, 0.0f, 24), *dresidual = make(m, 0.0f, 25), *before = make(m, 0.0f, 24);
    for (int kind = 0; kind < 8; kind++) {
        const bool gated = kind & 1, with_x = kind & 2, in_place = kind & 4;
        memcpy(dx, in_place ? in.dy : before, elements(m) * sizeof *dx);
        norma_gradient_columns(
            fastest(),
            &(struct norma_gradient_apply){.x = with_x ? in.x : NULL,
                                           .dy = in_place ? dx : in.dy,
                                           .y = gated ? in.y : NULL,
                                           .dx = dx,
                                           .dresidual = gated ? dresidual : NULL,
                                           .length = m.columns,
                                           .spans = m.rows,
                                           .centre = with_x ? all.of[0] : NULL,
                                           .dy_scale = all.of[1],
                                           .x_scale = with_x ? all.of[2] : NULL,
                                           .constant = with_x ? all.of[3] : NULL},
            m.stride);
        expect_gradient(m, &all, &in, kind, dx, dresidual);
        expect_gaps(m, dx, in_place ? in.dy : before, "gradient");
    }
    free_backward(in);
    free(dx);
    free(dresidual);
    free(before);
}

Test(columns, gradient_is_right_in_every_kind) {
    for_each_matrix(for_each_height, check_gradient);
}

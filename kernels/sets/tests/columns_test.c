/* The primitives for columns: every set gives the same bits, and writes nothing else.
 * spans/tests/columns_test.c checks that they are right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <stdalign.h>

#include "kernels/sets/tests/available_sets.h"

enum {
    MOST_COLUMNS = 272, /* a multiple of a cache line's floats */
    MOST_ROWS = 40,
    GUARD = 4 * NORMA_LANES, /* elements after the output, which must not be written */
    MOST = MOST_COLUMNS * MOST_ROWS + NORMA_LANES + GUARD
};

static alignas(64) float x[MOST], dy[MOST], y[MOST], residual[MOST];
static alignas(64) float expected[2][MOST], got[2][MOST];
static float coefficients[4][MOST_COLUMNS];
static double expected_sums[2][MOST_COLUMNS + 1], sums[2][MOST_COLUMNS + 1];

static void setup(void) {
    fill(x, MOST, 1000.0f, 1);
    fill(dy, MOST, 0.1f, 2);
    fill(y, MOST, 0.0f, 3);
    fill(residual, MOST, 0.0f, 4);
    for (uint32_t i = 0; i < 4; i++) {
        fill(coefficients[i], MOST_COLUMNS, i == 0 ? 1000.0f : 0.2f, 5 + i);
    }
    for (int i = 0; i < MOST; i += 5) {
        y[i] = i % 2 ? 0.0f : -0.0f;
    }
}

/* Part of a matrix, `offset` floats after an aligned address. */
struct part {
    int64_t rows, columns, stride, offset;
};

/* Returns the floats of a buffer up to the end of the guard after the part. */
static int64_t reach(struct part part) {
    return part.offset + part.rows * part.stride + GUARD;
}

static size_t reached_bytes(struct part part) {
    return (size_t)reach(part) * sizeof(float);
}

typedef void part_check(struct part part);

static void for_each_part(part_check *check) {
    static const int64_t columns[] = {1,  2,  3,  4,  7,  8,  9,  15, 16, 17,  23,  24,
                                      31, 32, 33, 47, 48, 49, 63, 64, 65, 100, 255, 256};
    static const int64_t rows[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 40};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        const int64_t whole = (columns[c] + NORMA_LANES - 1) / NORMA_LANES * NORMA_LANES;
        const int64_t strides[] = {columns[c], columns[c] + 3, whole};
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            for (int s = 0; s < 3; s++) {
                check((struct part){rows[r], columns[c], strides[s], 0});
                check((struct part){rows[r], columns[c], strides[s], 1 + (int64_t)r % 15});
            }
        }
    }
}

static void expect_same(const struct norma_set *set, struct part part, const void *a, const void *b,
                        size_t bytes, const char *what) {
    cr_assert(memcmp(a, b, bytes) == 0, "%s: %s of %lld rows, %lld columns, %lld apart, from %lld",
              set->name, what, (long long)part.rows, (long long)part.columns,
              (long long)part.stride, (long long)part.offset);
}

/* ---- sums --------------------------------------------------------------------------------- */

static void moments_of(const struct norma_set *set, struct part part,
                       double (*to)[MOST_COLUMNS + 1]) {
    memset(to, 0x55, sizeof sums);
    set->moments_columns(x + part.offset, part.rows, part.stride, part.columns, to[0], to[1]);
}

static void check_moments(struct part part) {
    moments_of(portable(), part, expected_sums);
    FOR_EACH_SET(set) {
        moments_of(set, part, sums);
        expect_same(set, part, sums, expected_sums, sizeof sums, "moments");
    }
}

static void sums_of(const struct norma_set *set, struct part part, bool gated,
                    double (*to)[MOST_COLUMNS + 1]) {
    memset(to, 0x55, sizeof sums);
    set->gradient_sums_columns(&(struct norma_gradient_sums){.x = x + part.offset,
                                                             .dy = dy + part.offset,
                                                             .y = gated ? y + part.offset : NULL,
                                                             .length = part.columns,
                                                             .spans = part.rows,
                                                             .centre = coefficients[0],
                                                             .dy_sum = to[0],
                                                             .product = to[1]},
                               part.stride);
}

static void check_sums(struct part part) {
    for (int gated = 0; gated < 2; gated++) {
        sums_of(portable(), part, gated, expected_sums);
        FOR_EACH_SET(set) {
            sums_of(set, part, gated, sums);
            expect_same(set, part, sums, expected_sums, sizeof sums, gated ? "gated sums" : "sums");
        }
    }
}

/* Checks that `portable`, which the others are compared with, does not write beyond the columns. */
static void check_guards(struct part part) {
    double untouched[MOST_COLUMNS + 1];
    memset(untouched, 0x55, sizeof untouched);
    moments_of(portable(), part, expected_sums);
    const size_t behind = (size_t)(MOST_COLUMNS + 1 - part.columns) * sizeof(double);
    for (int i = 0; i < 2; i++) {
        expect_same(portable(), part, expected_sums[i] + part.columns, untouched, behind, "guard");
    }
    sums_of(portable(), part, true, expected_sums);
    for (int i = 0; i < 2; i++) {
        expect_same(portable(), part, expected_sums[i] + part.columns, untouched, behind, "guard");
    }
}

TestSuite(template_columns, .init = setup);

Test(template_columns, moments_have_the_same_bits) {
    for_each_part(check_moments);
}

Test(template_columns, gradient_sums_have_the_same_bits) {
    for_each_part(check_sums);
}

Test(template_columns, sums_end_with_the_columns) {
    for_each_part(check_guards);
}

/* ---- affine ------------------------------------------------------------------------------- */

/* Bits of `kind`. */
enum { RELU = 1, RESIDUAL = 2, STREAMED = 4, IN_PLACE = 8, KINDS = 16 };

static void apply(const struct norma_set *set, struct part part, int kind, float (*to)[MOST]) {
    memcpy(to[0], kind & IN_PLACE ? x : dy, reached_bytes(part));
    set->apply_columns(
        &(struct norma_apply){.x = (kind & IN_PLACE ? to[0] : x) + part.offset,
                              .residual = kind & RESIDUAL ? residual + part.offset : NULL,
                              .y = to[0] + part.offset,
                              .length = part.columns,
                              .spans = part.rows,
                              .centre = coefficients[0],
                              .scale = coefficients[1],
                              .shift = coefficients[2],
                              .relu = kind & (RELU | RESIDUAL),
                              .nontemporal = kind & STREAMED},
        part.stride);
}

/* Streamed stores, and results in place, change no bit. */
static void check_apply(struct part part) {
    for (int kind = 0; kind < KINDS; kind++) {
        apply(portable(), part, kind & ~STREAMED, expected);
        FOR_EACH_SET(set) {
            apply(set, part, kind, got);
            expect_same(set, part, got[0], expected[0], reached_bytes(part), "apply");
        }
    }
}

Test(template_columns, apply_has_the_same_bits) {
    for_each_part(check_apply);
}

enum { GATED = 1, WITH_X = 2 };

/* Computes dx, and dresidual where there is a gate. */
static void gradient(const struct norma_set *set, struct part part, int kind, float (*to)[MOST]) {
    const float *const in = kind & IN_PLACE ? to[0] : dy;
    memcpy(to[0], kind & IN_PLACE ? dy : x, reached_bytes(part));
    memcpy(to[1], x, reached_bytes(part));
    set->gradient_apply_columns(
        &(struct norma_gradient_apply){.x = kind & WITH_X ? x + part.offset : NULL,
                                       .dy = in + part.offset,
                                       .y = kind & GATED ? y + part.offset : NULL,
                                       .dx = to[0] + part.offset,
                                       .dresidual = kind & GATED ? to[1] + part.offset : NULL,
                                       .length = part.columns,
                                       .spans = part.rows,
                                       .centre = coefficients[0],
                                       .dy_scale = coefficients[1],
                                       .x_scale = coefficients[2],
                                       .constant = coefficients[3],
                                       .nontemporal = kind & STREAMED},
        part.stride);
}

static void check_gradient(struct part part) {
    for (int kind = 0; kind < KINDS; kind++) {
        gradient(portable(), part, kind & ~STREAMED, expected);
        FOR_EACH_SET(set) {
            gradient(set, part, kind, got);
            expect_same(set, part, got[0], expected[0], reached_bytes(part), "dx");
            expect_same(set, part, got[1], expected[1], reached_bytes(part), "dresidual");
        }
    }
}

Test(template_columns, gradient_has_the_same_bits) {
    for_each_part(check_gradient);
}

/* Checks that elements outside of the columns keep their bits. */
static void check_gaps(struct part part) {
    apply(portable(), part, RELU, got);
    gradient(portable(), part, GATED, expected);
    for (int64_t i = 0; i < reach(part); i++) {
        const int64_t at = i - part.offset;
        const bool inside =
            at >= 0 && at / part.stride < part.rows && at % part.stride < part.columns;
        cr_assert(inside ||
                      (got[0][i] == dy[i] && expected[0][i] == x[i] && expected[1][i] == x[i]),
                  "%lld rows, %lld columns, %lld apart: [%lld]", (long long)part.rows,
                  (long long)part.columns, (long long)part.stride, (long long)i);
    }
}

Test(template_columns, affines_leave_what_is_between_the_columns) {
    for_each_part(check_gaps);
}

/* A multiply-add is rounded once, even where the processor has no such instruction. Rounding twice
 * gives another result too seldom for other tests to notice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels/sets/tests/available_sets.h"

#include <criterion/criterion.h>
#include <math.h>

static bool same(float a, float b) {
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static void expect_fma(float a, float b, float c) {
    FOR_EACH_SET(set) {
        float y;
        set->apply(&(struct norma_apply){.x = &a,
                                         .y = &y,
                                         .length = 1,
                                         .spans = 1,
                                         .centre = (float[]){0.0f},
                                         .scale = &b,
                                         .shift = &c});
        cr_assert(same(y, fmaf(a, b, c)), "%s: fma(%a, %a, %a) = %a, not %a", set->name, (double)a,
                  (double)b, (double)c, (double)fmaf(a, b, c), (double)y);
    }
}

/* Sums just below, just above and at the middle between two floats, all of which double rounds to
 * the middle. */
Test(fused, floats_beside_a_middle) {
    static const float up = 1.0f + 0x1p-23f, down = 1.0f - 0x1p-23f;
    static const float sums[] = {1.0f, 1.0f + 0x1p-23f, 2.0f, 2.0f - 0x1p-23f};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        for (int sign = 0; sign < 4; sign++) {
            const float product = sign & 1 ? -0x1p-24f : 0x1p-24f;
            const float sum = sign & 2 ? -sums[i] : sums[i];
            expect_fma(up, product * down, sum);
            expect_fma(down, product * down, sum);
            expect_fma(up, product * up, sum);
            expect_fma(1.0f, product, sum);
        }
    }
}

Test(fused, floats_of_every_magnitude) {
    static const float magnitudes[] = {0x1p-149f, 0x1p-126f, 0x1p-75f, 0x1p-24f,
                                       1.0f,      0x1p+24f,  0x1p+64f, 0x1p+127f};
    enum { MAGNITUDES = sizeof magnitudes / sizeof *magnitudes, ROUNDS = 30 };
    float random[3 * ROUNDS];
    fill(random, 3 * ROUNDS, 0.0f, 1);
    for (int i = 0; i < MAGNITUDES * MAGNITUDES * MAGNITUDES; i++) {
        for (int round = 0; round < ROUNDS; round++) {
            expect_fma(random[3 * round] * magnitudes[i % MAGNITUDES],
                       random[3 * round + 1] * magnitudes[i / MAGNITUDES % MAGNITUDES],
                       random[3 * round + 2] * magnitudes[i / MAGNITUDES / MAGNITUDES]);
        }
    }
}

Test(fused, floats_that_are_no_numbers) {
    static const float values[] = {0.0f, -0.0f, 1.0f, -1.0f, INFINITY, -INFINITY, NAN};
    enum { VALUES = sizeof values / sizeof *values };
    for (int i = 0; i < VALUES * VALUES * VALUES; i++) {
        expect_fma(values[i % VALUES], values[i / VALUES % VALUES], values[i / VALUES / VALUES]);
    }
}

/* Checks the sum of dy (x - centre) over two rows of one column; so few are summed in double. */
static void expect_sum(float centre, const float *x, const float *dy) {
    const double d[2] = {(double)x[0] - (double)centre, (double)x[1] - (double)centre};
    const double expected = fma((double)dy[1], d[1], (double)dy[0] * d[0]);
    FOR_EACH_SET(set) {
        double dy_sum, product;
        set->gradient_sums_columns(&(struct norma_gradient_sums){.x = x,
                                                                 .dy = dy,
                                                                 .length = 1,
                                                                 .spans = 2,
                                                                 .centre = &centre,
                                                                 .dy_sum = &dy_sum,
                                                                 .product = &product},
                                   1);
        cr_assert((isnan(product) && isnan(expected)) || product == expected, "%s: %a, not %a",
                  set->name, product, expected);
    }
}

/* The second product is 2^-53 (1 + 2^-69) or 2^-53 (1 - 2^-69), which double rounds to 2^-53: half
 * of the distance from 1 to the next double. */
Test(fused, doubles_beside_a_middle) {
    for (int sign = 0; sign < 8; sign++) {
        const float first = sign & 1 ? -1.0f : 1.0f, second = sign & 2 ? -1.0f : 1.0f;
        const float e = sign & 4 ? -0x1p-23f : 0x1p-23f;
        expect_sum(-0x1p-99f, (float[]){1.0f, 0x1p-53f * (1.0f - e)},
                   (float[]){first, second * (1.0f + e)});
    }
}

Test(fused, doubles_that_are_no_numbers) {
    static const float values[] = {1.0f, INFINITY, -INFINITY, NAN};
    for (int i = 0; i < 16; i++) {
        expect_sum(0.0f, (float[]){values[i % 4], 2.0f}, (float[]){1.0f, values[i / 4]});
        expect_sum(0.0f, (float[]){1.0f, values[i % 4]}, (float[]){values[i / 4], 2.0f});
    }
}

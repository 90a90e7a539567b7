/* The comparisons of magnitudes by their bits are those of doubles, and miss no coefficient that is
 * not normal as a float.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <criterion/criterion.h>
#include <stdbool.h>

#include "kernels/stages/in_double.h"

/* Magnitudes on both sides of every border of float and of double. */
static const double magnitudes[] = {0.0,
                                    0x1p-1074,
                                    0x1p-1022,
                                    0x1p-150,
                                    0x1p-149,
                                    0x1.fffffep-127,
                                    0x1.fffffffffffffp-127,
                                    0x1p-126,
                                    0x1.0000000000001p-126,
                                    1.0,
                                    0x1p101,
                                    0x1p102,
                                    0x1p126,
                                    0x1.fffffep127,
                                    0x1.fffffe0000001p127,
                                    0x1p128,
                                    DBL_MAX,
                                    (double)INFINITY,
                                    (double)NAN};

enum { COUNT = sizeof magnitudes / sizeof *magnitudes };

static bool is_normal_or_zero(double value) {
    const double magnitude = fabs(value);
    return magnitude == 0.0 || (magnitude >= (double)FLT_MIN && magnitude <= (double)FLT_MAX);
}

Test(in_double, values_that_are_not_normal_as_floats_are_found) {
    for (int i = 0; i < COUNT; i++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            const double value = sign * magnitudes[i];
            const bool may_leave = norma_may_leave_float(value) < 0;
            cr_expect_eq(may_leave, !is_normal_or_zero(value), "%a", value);
            cr_expect(!norma_leaves_float(value) || may_leave, "%a", value);
            cr_expect(!norma_is_centre_far(value) || norma_may_be_centre_far(value) < 0, "%a",
                      value);
        }
    }
}

Test(in_double, overflows_are_found) {
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < COUNT; k++) {
            for (int sign = -1; sign <= 1; sign += 2) {
                const double a = magnitudes[i], b = sign * magnitudes[k];
                cr_expect(!norma_may_overflow(a, 0.0, 2.0, b) ||
                              norma_may_exceed_float(a, 0.0, 2.0, b) < 0,
                          "%a, %a", a, b);
            }
        }
        cr_expect(!norma_may_overflow(1.0, magnitudes[i], 2.0, 1.0) ||
                      norma_may_exceed_float(1.0, magnitudes[i], 2.0, 1.0) < 0,
                  "%a", magnitudes[i]);
    }
}

Test(in_double, magnitudes_are_compared_as_doubles_are) {
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < COUNT; k++) { /* in ascending order, NaN last */
            cr_expect_eq(norma_beyond(-magnitudes[i], magnitudes[k]) < 0, i > k, "%a and %a",
                         magnitudes[i], magnitudes[k]);
        }
    }
}

Test(in_double, a_choice_by_zero_keeps_all_bits) {
    for (int i = 0; i < COUNT; i++) {
        const double chosen = norma_if_zero(magnitudes[i], -0.0, 5.0);
        cr_expect(i == 0 ? chosen == 0.0 && signbit(chosen) : chosen == 5.0, "%a", magnitudes[i]);
        cr_expect(signbit(norma_if_zero(-magnitudes[i], -0.0, -5.0)), "%a", magnitudes[i]);
    }
}

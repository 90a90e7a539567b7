/* Bytes of each operator, counted by hand: 2 x 3 x 20 elements are 120, 480 bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "traffic.h"

#include <criterion/criterion.h>

static void expect(const char *text, int64_t moved, int64_t footprint) {
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_OK);
    cr_expect_eq(norma_bytes_moved(&problem), moved, "%s: %lld bytes", text,
                 (long long)norma_bytes_moved(&problem));
    cr_expect_eq(norma_bytes_copied(&problem), 960, "%s", text);
    cr_expect_eq(norma_footprint(&problem), footprint, "%s: footprint %lld", text,
                 (long long)norma_footprint(&problem));
}

Test(traffic, bytes_by_operator) {
    /* x, y; gamma, beta, running mean and variance, mean and inverse std of each channel */
    expect("bn:2x3x4x5", 960, 960 + 6 * 12);
    expect("bn:2x3x4x5:pass=inf", 960, 960 + 4 * 12);
    /* statistics of each plane */
    expect("in:2x3x4x5", 960, 960 + 2 * 12 + 2 * 24);
    expect("gn:2x3x4x5", 960, 960 + 2 * 12 + 2 * 8);
    /* the style is read once; with given statistics it is small and not counted */
    expect("adain:2x3x4x5", 1440, 1440 + 2 * 24);
    expect("adain:2x3x4x5:style=2", 960 + 2 * 3 * 2 * 4, 960 + 48 + 2 * 24);
    expect("adain:2x3x4x5:style=stats", 960, 960 + 2 * 24 + 2 * 24);
    /* alpha of each element is as large as a sample; one norm a sample */
    expect("unit:2x3x4x5:alpha=0.5", 960, 960 + 8);
    expect("unit:2x3x4x5:alpha=channel", 960, 960 + 12 + 8);
    expect("unit:2x3x4x5:alpha=element", 960 + 240, 960 + 240 + 8);
}

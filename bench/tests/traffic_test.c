/* Bytes of each operator and pass, counted by hand: 2 x 3 x 20 elements are 120, 480 bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/traffic.h"

#include <criterion/criterion.h>

static void expect_ceiling(const char *text, int64_t moved, int64_t footprint, int64_t ceiling) {
    struct norma_problem problem;
    cr_assert_eq(norma_problem_parse(text, &problem, NULL), NORMA_STATUS_OK, "%s", text);
    cr_expect_eq(bench_bytes_moved(&problem), moved, "%s: %lld bytes", text,
                 (long long)bench_bytes_moved(&problem));
    cr_expect_eq(bench_footprint(&problem), footprint, "%s: footprint %lld", text,
                 (long long)bench_footprint(&problem));
    cr_expect_eq(bench_bytes_of_ceiling(&problem), ceiling, "%s: ceiling %lld", text,
                 (long long)bench_bytes_of_ceiling(&problem));
}

static void expect(const char *text, int64_t moved, int64_t footprint) {
    expect_ceiling(text, moved, footprint, 960);
}

Test(traffic, forward_bytes_by_operator) {
    /* x, y; gamma, beta, running mean and variance, mean and inverse std of each channel */
    expect("bn:2x3x4x5", 960, 960 + 6 * 12);
    expect("bn:2x3x4x5:pass=inf", 960, 960 + 4 * 12);
    /* statistics of each plane */
    expect("in:2x3x4x5", 960, 960 + 2 * 12 + 2 * 24);
    expect("gn:2x3x4x5", 960, 960 + 2 * 12 + 2 * 8);
    /* a row of the table for each style, an index for each sample */
    expect("cin:2x3x4x5:styles=4", 960, 960 + 2 * 48 + 8 + 2 * 24);
    /* the style is read once; with given statistics it is small and not counted; statistics of
     * content and style, a loss of each sample */
    expect("adain:2x3x4x5", 1440, 1440 + 4 * 24 + 8);
    expect("adain:2x3x4x5:style=2", 960 + 2 * 3 * 2 * 4, 960 + 48 + 4 * 24 + 8);
    expect("adain:2x3x4x5:style=stats", 960, 960 + 4 * 24 + 8);
    /* alpha of each element is as large as a sample; one norm a sample */
    expect("unit:2x3x4x5:alpha=0.5", 960, 960 + 8);
    expect("unit:2x3x4x5:alpha=channel", 960, 960 + 12 + 8);
    expect("unit:2x3x4x5:alpha=element", 960 + 240, 960 + 240 + 8);
}

Test(traffic, what_an_epilogue_adds) {
    expect("in:2x3x4x5:epilogue=relu", 960, 960 + 2 * 12 + 2 * 24);
    expect_ceiling("in:2x3x4x5:epilogue=add_relu", 1440, 1440 + 2 * 12 + 2 * 24, 1440);
    /* backward reads y too, and writes the gradient of the residual */
    expect_ceiling("in:2x3x4x5:pass=bwd,epilogue=relu", 1920, 1920 + 3 * 12 + 2 * 24, 1440);
    expect_ceiling("in:2x3x4x5:pass=bwd,epilogue=add_relu", 2400, 2400 + 3 * 12 + 2 * 24, 1440);
}

Test(traffic, a_label_is_one_byte) {
    /* 20 positions for each of 2 samples; labels are counted as what they are */
    expect("adain:2x3x4x5:style=stats,regions=2", 960 + 40, 960 + 40 + 2 * 48 + 2 * 48);
}

Test(traffic, backward_bytes_by_operator) {
    /* x, dy, dx; gamma, dgamma, dbeta, mean and inverse std */
    expect_ceiling("bn:2x3x4x5:pass=bwd", 1440, 1440 + 5 * 12, 1440);
    expect_ceiling("bn:2x3x4x5:pass=inf_bwd", 1440, 1440 + 5 * 12, 1440);
    expect_ceiling("in:2x3x4x5:pass=bwd", 1440, 1440 + 3 * 12 + 2 * 24, 1440);
    expect_ceiling("gn:2x3x4x5:pass=bwd", 1440, 1440 + 3 * 12 + 2 * 8, 1440);
    /* a style is read, and its gradient written */
    expect_ceiling("adain:2x3x4x5:pass=bwd,style=2", 1440 + 2 * 48, 1440 + 2 * 48 + 4 * 24, 1440);
    expect_ceiling("unit:2x3x4x5:pass=bwd,alpha=element", 1440 + 2 * 240, 1440 + 2 * 240 + 8, 1440);
}

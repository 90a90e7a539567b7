/* Checks roofs by level, peaks, operations of operators, and points.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/figures/roofline.h"
#include "plots/tests/fixture.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

/* Two cores: L1d of 32 KiB each, an L2 of 1 MiB shared by both. */
#define TWO_CORES                                                                                  \
    "{\"type\":\"machine\",\"schema\":1,\"id\":\"m1\",\"topology\":{\"caches\":["                  \
    "{\"level\":1,\"type\":\"data\",\"bytes\":32768,\"count\":2},"                                 \
    "{\"level\":2,\"type\":\"unified\",\"bytes\":1048576,\"count\":1}]}}\n"
#define MEMORY(kernel, threads, footprint, gbps)                                                   \
    "{\"type\":\"memory\",\"schema\":1,\"kernel\":\"" kernel "\",\"threads\":" threads             \
    ",\"footprint\":" footprint ",\"gbps\":" gbps "}\n"
#define COMPUTE(kernel, threads, gflops)                                                           \
    "{\"type\":\"compute\",\"schema\":1,\"kernel\":\"" kernel "\",\"threads\":" threads            \
    ",\"gflops\":" gflops "}\n"

static void open_text(struct fixture *fixture, const char *text) {
    *fixture = (struct fixture){0};
    fixture_add_text(fixture, text);
    plot_view_create(&fixture->view, &fixture->results);
}

Test(roofs, are_the_quickest_of_each_level) {
    struct fixture fixture;
    open_text(&fixture,
              TWO_CORES MEMORY("copy", "1", "4096", "90") MEMORY("read", "1", "32768", "100")
                  MEMORY("read", "1", "40000", "99") MEMORY("read", "1", "65536", "50")
                      MEMORY("copy", "1", "1048576", "60") MEMORY("copy", "1", "1100000", "40")
                          MEMORY("copy", "1", "4194304", "10"));
    struct plot_roof roofs[PLOT_MAX_ROOFS];
    cr_assert_eq(plot_roofs(&fixture.view, 0, 1, roofs), 3);
    cr_expect_str_eq(roofs[0].name, "L1d");
    cr_expect_eq(roofs[0].speed->rate, 100);
    cr_expect_eq(roofs[1].speed->rate, 60, "not 99, which L1d serves in part");
    cr_expect_str_eq(roofs[2].name, "memory");
    cr_expect_eq(roofs[2].speed->rate, 10, "not 40, which L2 serves in part");
    cr_expect_eq(plot_roof_of(roofs, 3, 32768), 0);
    cr_expect_eq(plot_roof_of(roofs, 3, 32769), 1);
    cr_expect_eq(plot_roof_of(roofs, 3, 1e12), 2);
    fixture_destroy(&fixture);
}

Test(roofs, two_threads_have_the_caches_of_two_cores) {
    struct fixture fixture;
    open_text(&fixture,
              TWO_CORES MEMORY("copy", "2", "65536", "90") MEMORY("copy", "1", "65536", "50"));
    struct plot_roof roofs[PLOT_MAX_ROOFS];
    plot_roofs(&fixture.view, 0, 2, roofs);
    cr_expect_eq(roofs[0].capacity, 65536);
    cr_expect_eq(roofs[1].capacity, 1048576, "there is only one L2");
    cr_assert_not_null(roofs[0].speed);
    cr_expect_eq(roofs[0].speed->rate, 90);
    cr_expect_null(roofs[1].speed);
    cr_expect_eq(plot_memory_next_threads(&fixture.view, 0, 0), 1);
    cr_expect_eq(plot_memory_next_threads(&fixture.view, 0, 1), 2);
    cr_expect_eq(plot_memory_next_threads(&fixture.view, 0, 2), 0);
    fixture_destroy(&fixture);
}

Test(roofs, the_last_record_counts) {
    struct fixture fixture;
    open_text(&fixture,
              TWO_CORES MEMORY("copy", "1", "4096", "90") MEMORY("copy", "1", "4096", "80")
                  COMPUTE("fma32", "1", "7") COMPUTE("fma32", "1", "5") COMPUTE("fma64", "1", "3")
                      COMPUTE("fma32", "2", "9"));
    struct plot_roof roofs[PLOT_MAX_ROOFS];
    const struct plot_speed **list;
    plot_roofs(&fixture.view, 0, 1, roofs);
    cr_expect_eq(roofs[0].speed->rate, 80);
    cr_expect_eq(plot_memory_list(&fixture.view, 0, 1, &list), 1);
    free(list);
    cr_expect_eq(plot_compute_peak(&fixture.view, 0, 1, "fma32")->rate, 5);
    cr_expect_eq(plot_compute_peak(&fixture.view, 0, 2, "fma32")->rate, 9);
    cr_expect_null(plot_compute_peak(&fixture.view, 0, 2, "fma64"));
    fixture_destroy(&fixture);
}

static double flops_of(const char *op, const char *pass, const char *variant) {
    struct plot_measurement measurement = {
        .op = (char *)op, .pass = (char *)pass, .variant = (char *)variant};
    return plot_flops(&measurement);
}

Test(flops, of_operators_and_passes) {
    cr_expect_eq(flops_of("bn", "fwd", ""), 8);
    cr_expect_eq(flops_of("bn", "inf", ""), 4);
    cr_expect_eq(flops_of("bn", "bwd", ""), 9);
    cr_expect_eq(flops_of("bn", "inf_bwd", ""), 6);
    cr_expect_eq(flops_of("gn", "bwd", "g=32,eps=1"), 13);
    cr_expect_eq(flops_of("rms", "fwd", ""), 4);
    cr_expect(isnan(flops_of("bn", "fwd", "epilogue=relu")), "a variant was not counted");
    cr_expect(isnan(flops_of("new", "fwd", "")));
    cr_expect(isnan(flops_of("ln", "inf_bwd", "")));
}

/* n c s of a record is 8 * 64 * 3136, its bytes are 1e6, its footprint 1 MiB: in the L2. */
Test(points, are_geometric_means_by_level) {
    struct record records[3];
    char *lines[3];
    for (int i = 0; i < 3; i++) {
        records[i] = record_default();
        records[i].median = i == 1 ? 4e-3 : 1e-3;
    }
    records[1].problem = "bn:9x64x56x56";
    records[2].implementation = "avx2";
    for (int i = 0; i < 3; i++) {
        lines[i] = record_line(records[i]);
    }
    char *text = tool_text(TWO_CORES "%s%s%s" MEMORY("copy", "1", "1048576", "60")
                               COMPUTE("fma32", "1", "500"),
                           lines[0], lines[1], lines[2]);
    struct fixture fixture;
    open_text(&fixture, text);
    struct plot_point *points;
    double intensity = 8.0 * 8 * 64 * 3136 / 1e6;
    cr_assert_eq(plot_points(&fixture.view, 0, 1, &points), 1);
    cr_expect_eq(points[0].problems, 2, "the fastest set alone");
    cr_expect_eq(points[0].roof, 1);
    cr_expect_float_eq(points[0].intensity, intensity, 1e-9);
    cr_expect_float_eq(points[0].gflops, intensity * 0.5, 1e-9, "of 1 and of 1/4 GB/s");
    cr_expect_float_eq(points[0].bound, 500, 1e-9, "the peak is below the slope");
    free(points);
    cr_expect_eq(plot_points(&fixture.view, 0, 2, &points), 0);
    free(points);
    for (int i = 0; i < 3; i++) {
        free(lines[i]);
    }
    free(text);
    fixture_destroy(&fixture);
}

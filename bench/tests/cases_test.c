/* What a sweep runs: shapes × micro-batches × passes × operators, each problem once; shards.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/shapes/cases.h"
#include "bench/tests/files.h"
#include "verify/harness/tool/tool.h"

TestSuite(cases, .init = make_folder, .fini = remove_folder);

static struct bench_cases cases;
static struct tool_message error;

static struct bench_sweep_axes axes_of(int64_t first, int64_t second) {
    struct bench_sweep_axes axes = {.micro_batch_count = 2, .micro_batches = {first, second}};
    axes.pass_chosen[NORMA_PASS_FORWARD] = true;
    axes.layout_chosen[NORMA_LAYOUT_NCS] = true;
    return axes;
}

static void add(const char *text, const struct bench_sweep_axes *axes) {
    struct bench_shape_set set;
    write_text(text);
    cr_assert(bench_shape_set_read(test_path, &set, &error), "%s", error.text);
    cr_assert(bench_cases_add_set(&cases, &set, axes, &error), "%s", error.text);
    bench_shape_set_free(&set);
}

static const struct bench_case *find(const char *text) {
    for (size_t i = 0; i < cases.count; i++) {
        if (strcmp(cases.items[i].text, text) == 0) {
            return &cases.items[i];
        }
    }
    return NULL;
}

Test(cases, product_of_all_axes) {
    struct bench_sweep_axes axes = axes_of(1, 4);
    axes.pass_chosen[NORMA_PASS_INFERENCE] = true;
    add("8@4x4\n16@2\n", &axes);
    cr_expect_eq(cases.count, (size_t)(2 * 2 * 2 * NORMA_OPERATOR_COUNT));
    cr_expect_not_null(find("bn:4x8x4x4"));
    cr_expect_not_null(find("bn:1x16x2:pass=inf"));
    cr_expect_not_null(find("gn:1x16x2:g=16"), "the default number of groups");
    bench_cases_free(&cases);
}

Test(cases, passes_that_an_operator_has_not_are_left_out) {
    struct bench_sweep_axes axes = axes_of(1, 4);
    axes.pass_chosen[NORMA_PASS_BACKWARD] = true;
    axes.pass_chosen[NORMA_PASS_INFERENCE_BACKWARD] = true;
    add("8@4x4\n", &axes);
    cr_expect_not_null(find("in:4x8x4x4:pass=bwd"));
    cr_expect_not_null(find("bn:4x8x4x4:pass=inf_bwd"));
    cr_expect_not_null(find("bin:4x8x4x4:pass=inf_bwd"));
    cr_expect_null(find("in:4x8x4x4:pass=inf_bwd"));
    /* each operator forward and backward, bn and bin in inference as well, with two batches */
    cr_expect_eq(cases.count, (size_t)(2 * (2 * NORMA_OPERATOR_COUNT + 2)));
    bench_cases_free(&cases);
}

Test(cases, both_layouts) {
    struct bench_sweep_axes axes = axes_of(1, 4);
    axes.layout_chosen[NORMA_LAYOUT_NSC] = true;
    add("8@4x4\n", &axes);
    cr_expect_eq(cases.count, (size_t)(2 * 2 * NORMA_OPERATOR_COUNT));
    cr_expect_not_null(find("bn:4x8x4x4"));
    cr_expect_not_null(find("bn:4x8x4x4:layout=nsc"));
    bench_cases_free(&cases);
}

Test(cases, the_command_line_wins_over_the_set) {
    struct bench_sweep_axes axes = axes_of(1, 4);
    add("operators in\nmb7 8@4x4\n16@2\n", &axes);
    cr_expect_eq(cases.count, 3);
    cr_expect_not_null(find("in:7x8x4x4"));
    cr_expect_not_null(find("in:4x16x2"));
    bench_cases_free(&cases);
    axes.micro_batches_given = true;
    axes.operators_given = true;
    axes.operator_chosen[NORMA_OPERATOR_BN] = true;
    add("operators in\nmb7 8@4x4\n", &axes);
    cr_expect_eq(cases.count, 2);
    cr_expect_not_null(find("bn:1x8x4x4"));
    cr_expect_not_null(find("bn:4x8x4x4"));
    bench_cases_free(&cases);
}

Test(cases, a_problem_of_several_layers_is_one_case) {
    struct bench_sweep_axes axes = axes_of(2, 2);
    axes.operators_given = true;
    axes.operator_chosen[NORMA_OPERATOR_BN] = true;
    add("8@4x4 *3\n8@4x4 *2\n", &axes);
    cr_assert_eq(cases.count, 1);
    cr_assert_eq(cases.items[0].origin_count, 1);
    cr_assert(bench_cases_add_problem(&cases, "bn:2x8x4x4", &error));
    cr_assert(bench_cases_add_problem(&cases, "bn:2x8x4x4", &error));
    cr_assert_eq(cases.count, 1);
    cr_assert_eq(cases.items[0].origin_count, 2);
    cr_expect_str_eq(cases.items[0].origins[0].shapes, "file");
    cr_expect_str_eq(cases.items[0].origins[1].shapes, "");
    cr_expect_eq(cases.items[0].origins[1].count, 1);
    bench_cases_free(&cases);
}

Test(cases, counts_of_equal_layers_add_up) {
    struct bench_sweep_axes axes = axes_of(2, 3);
    add("operators bn\n8@4x4 *3\n8@4x4 *2\n", &axes);
    cr_expect_eq(cases.count, 2);
    cr_expect_eq(cases.items[0].origins[0].count, 5);
    bench_cases_free(&cases);
}

Test(cases, problems_by_themselves) {
    cr_assert(bench_cases_add_problem(&cases, "in:2x8x4x4:eps=0", &error));
    cr_expect_str_eq(cases.items[0].origins[0].layer, "8@4x4");
    cr_assert_not(bench_cases_add_problem(&cases, "in:2y8", &error));
    cr_expect(strstr(error.text, "in:2y8: column 5: "), "%s", error.text);
    cr_assert_not(bench_cases_add_problem(&cases, "in:2x0x4", &error));
    cr_expect(strstr(error.text, "an empty tensor cannot be timed"), "%s", error.text);
    bench_cases_free(&cases);
}

Test(cases, files_of_problems) {
    write_text("# two\nbn:2x8x4x4   # resnet\n\n  in:1x3\n");
    cr_assert(bench_cases_add_file(&cases, test_path, &error), "%s", error.text);
    cr_expect_eq(cases.count, 2);
    write_text("bn:2x8x4x4\n  in:1y3\n");
    cr_assert_not(bench_cases_add_file(&cases, test_path, &error));
    cr_expect(strstr(error.text, "file.txt:2:7: "), "%s", error.text);
    write_text("# none\n");
    cr_assert_not(bench_cases_add_file(&cases, test_path, &error));
    cr_expect(strstr(error.text, "expected problems"), "%s", error.text);
    cr_assert_not(bench_cases_add_file(&cases, "/nowhere/x", &error));
    cr_expect(strstr(error.text, "cannot open /nowhere/x"), "%s", error.text);
    bench_cases_free(&cases);
}

enum { SHARDS = 4, SHARDED = 19 };

static void make_sharded(void) {
    for (int i = 1; i <= SHARDED; i++) {
        char text[32];
        snprintf(text, sizeof text, "bn:%dx3", i);
        cr_assert(bench_cases_add_problem(&cases, text, &error));
    }
}

Test(cases, shards_share_nothing_and_lack_nothing) {
    int seen[SHARDED + 1] = {0};
    for (size_t shard = 1; shard <= SHARDS; shard++) {
        make_sharded();
        bench_cases_keep_shard(&cases, shard, SHARDS);
        cr_expect_geq(cases.count, (size_t)SHARDED / SHARDS);
        for (size_t i = 0; i < cases.count; i++) {
            seen[cases.items[i].problem.n]++;
        }
        bench_cases_free(&cases);
    }
    for (int i = 1; i <= SHARDED; i++) {
        cr_expect_eq(seen[i], 1, "problem %d is in %d shards", i, seen[i]);
    }
}

Test(cases, one_shard_is_everything) {
    make_sharded();
    bench_cases_keep_shard(&cases, 1, 1);
    cr_expect_eq(cases.count, (size_t)SHARDED);
    bench_cases_free(&cases);
}

/* Shape sets: every form of a line, and every error. The cases of a sweep: shapes × micro-batches ×
 * passes × layouts × operators, each problem once; shards.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/shapes/cases.h"
#include "bench/shapes/shape_files.h"
#include "bench/shapes/shape_set.h"
#include "bench/tests/files.h"
#include "reference/interface/interface.h"

/* ---- shape sets ----------------------------------------------------------------------------- */

TestSuite(shapes, .init = make_folder, .fini = remove_folder);

static struct bench_shape_set set;
static struct tool_message error;

static void expect_read(const char *text) {
    write_text(text);
    cr_assert(bench_shape_set_read(test_path, &set, &error), "%s: %s", text, error.text);
}

/* Checks that the message is the path followed by `rest`. */
static void expect_error(const char *text, const char *rest) {
    char wanted[600];
    write_text(text);
    cr_assert_not(bench_shape_set_read(test_path, &set, &error), "%s", text);
    snprintf(wanted, sizeof wanted, "%s%s", test_path, rest);
    cr_expect_str_eq(error.text, wanted);
    cr_expect_eq(set.count, 0);
    cr_expect_null(set.shapes);
}

Test(shapes, every_form_of_a_line) {
    expect_read("# comment\n\n64@56x56 *6 # six\n  4096\nmb2 32@16x224x224\r\nmb1,8\t33@27*3");
    cr_assert_eq(set.count, 4);
    cr_expect_str_eq(set.name, "file");
    cr_expect_str_eq(set.shapes[0].layer, "64@56x56");
    cr_expect_eq(set.shapes[0].channels, 64);
    cr_expect_eq(set.shapes[0].spatial_rank, 2);
    cr_expect_eq(set.shapes[0].spatial[1], 56);
    cr_expect_eq(set.shapes[0].count, 6);
    cr_expect_eq(set.shapes[0].micro_batch_count, 0);
    cr_expect_str_eq(set.shapes[1].layer, "4096");
    cr_expect_eq(set.shapes[1].spatial_rank, 0);
    cr_expect_eq(set.shapes[1].count, 1);
    cr_expect_str_eq(set.shapes[2].layer, "32@16x224x224");
    cr_expect_eq(set.shapes[2].spatial_rank, 3);
    cr_expect_eq(set.shapes[2].micro_batches[0], 2);
    cr_expect_eq(set.shapes[3].micro_batch_count, 2);
    cr_expect_eq(set.shapes[3].micro_batches[1], 8);
    cr_expect_eq(set.shapes[3].count, 3);
    bench_shape_set_free(&set);
}

Test(shapes, all_operators_unless_some_are_named) {
    expect_read("3@4\n");
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        cr_expect(set.shapes[0].for_operator[op]);
    }
    bench_shape_set_free(&set);
    expect_read("operators in, adain\n3@4\n");
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        cr_expect_eq(set.shapes[0].for_operator[op],
                     op == NORMA_OPERATOR_IN || op == NORMA_OPERATOR_ADAIN);
    }
    bench_shape_set_free(&set);
}

Test(shapes, operators_are_those_of_the_lines_below) {
    expect_read("3@4\noperators in\n3@4\n5@4\noperators gn\n3@4\n");
    cr_assert_eq(set.count, 4);
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        cr_expect(set.shapes[0].for_operator[op]);
        cr_expect_eq(set.shapes[1].for_operator[op], op == NORMA_OPERATOR_IN);
        cr_expect_eq(set.shapes[2].for_operator[op], op == NORMA_OPERATOR_IN);
        cr_expect_eq(set.shapes[3].for_operator[op], op == NORMA_OPERATOR_GN);
    }
    bench_shape_set_free(&set);
}

Test(shapes, errors_name_file_line_and_column) {
    expect_error("1@1\nx\n", ":2:1: expected 'operators', 'mb' or a number of channels, found 'x'");
    expect_error("64@\n", ":1:4: expected a spatial size, found the end");
    expect_error("64@5x\n", ":1:6: expected a spatial size, found the end");
    expect_error("64@5y6\n", ":1:5: expected 'x', '*' or the end of the line, found 'y'");
    expect_error("64 56\n", ":1:4: expected '@', '*' or the end of the line, found '5'");
    expect_error("64@1x2x3x4\n", ":1:10: expected at most 3 spatial sizes, found '4'");
    expect_error("64@5 *\n", ":1:7: expected how often the layer occurs, found the end");
    expect_error("64@5 *0\n", ":1:7: expected a number above 0, found '0'");
    expect_error("0@5\n", ":1:1: expected a number above 0, found '0'");
    expect_error("64@5 *2 3\n", ":1:9: expected 'x', '*' or the end of the line, found '3'");
    expect_error("mb 64@5\n", ":1:3: expected a micro-batch, found ' '");
    expect_error("mb2,64@5\n", ":1:7: expected ',' or a blank after the micro-batches, found '@'");
    expect_error("mb1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 64@5\n",
                 ":1:35: expected at most 16 micro-batches, found '1'");
    expect_error("999999999@5\n", ":1:1: expected a number of at most 268435456, found '9'");
    expect_error("268435456@268435456x268435456\n",
                 ":1:1: expected at most 2^40 elements a sample, found '2'");
    expect_error("operators bn,xx\n64@5\n", ":1:14: expected the name of an operator, found 'x'");
    expect_error("operators\n64@5\n", ":1:10: expected the name of an operator, found the end");
    expect_error("operators bn in\n64@5\n",
                 ":1:14: expected ',' or the end of the line, found 'i'");
    expect_error("64@-5\n", ":1:4: expected a spatial size, found '-'");
}

Test(shapes, nothing_in_it) {
    expect_error("", ": expected layers such as '64@56x56 *6', found none");
    expect_error("# only a comment\n", ": expected layers such as '64@56x56 *6', found none");
    expect_error("operators bn\n", ": expected layers such as '64@56x56 *6', found none");
}

Test(shapes, binary_junk) {
    write_bytes("64@5\n\0\1\2", 8);
    cr_assert_not(bench_shape_set_read(test_path, &set, &error));
    cr_expect(strstr(error.text, ":2:1: expected text, found byte 0x00"), "%s", error.text);
    expect_error("\177ELF", ":1:1: expected 'operators', 'mb' or a number of channels, found byte "
                            "0x7f");
}

Test(shapes, a_line_without_end) {
    cr_assert_not(bench_shape_set_read("/dev/zero", &set, &error));
    cr_expect_str_eq(error.text, "/dev/zero:1:4096: expected a line of at most 4095 characters");
}

Test(shapes, unreadable) {
    cr_assert_not(bench_shape_set_read("/nowhere/x.txt", &set, &error));
    cr_expect_str_eq(error.text, "cannot open /nowhere/x.txt: No such file or directory");
    cr_assert_not(bench_shape_set_read(test_folder, &set, &error));
    cr_expect(strstr(error.text, "cannot read"), "%s", error.text);
    cr_expect(strstr(error.text, "Is a directory"), "%s", error.text);
}

Test(shapes, an_unknown_name_lists_the_known) {
    cr_assert_not(bench_shape_set_read("resnet51", &set, &error));
    cr_expect(strstr(error.text, "no shape set 'resnet51'"), "%s", error.text);
    cr_expect(strstr(error.text, " resnet50 "), "%s", error.text);
}

Test(shapes, a_folder_of_ones_own_comes_first) {
    char path[96];
    snprintf(path, sizeof path, "%s/resnet50.txt", test_folder);
    write_text("3@4\n");
    cr_assert_eq(rename(test_path, path), 0);
    setenv("NORMA_SHAPES", test_folder, 1);
    cr_assert(bench_shape_set_read("resnet50", &set, &error), "%s", error.text);
    cr_expect_eq(set.count, 1);
    cr_expect_str_eq(set.name, "resnet50");
    bench_shape_set_free(&set);
    unlink(path);
}

/* Checks the numbers of normalization layers against those of the published networks. */
Test(shapes, the_sets_that_come_with_norma) {
    const struct {
        const char *name;
        int64_t layers;
    } known[] = {
        {"resnet110", 109}, {"resnet18", 20},      {"resnet50", 53},   {"densenet121", 121},
        {"johnson", 15},    {"inception-v3", 94},  {"unet3d", 4},      {"stable-diffusion", 20},
        {"vgg19-256", 4},   {"vgg19-512", 4},      {"odd", 12},        {"fully-connected", 4},
        {"gate", 2},        {"scaling", 3},        {"transformer", 7}, {"convnext", 23},
        {"small-sets", 26}, {"random-small", 200},
    };
    char names[300];
    bench_shape_file_names(names, sizeof names);
    size_t count = 1;
    for (const char *at = names; (at = strchr(at, ' ')); at++) {
        count++;
    }
    cr_expect_eq(count, sizeof known / sizeof known[0], "%s", names);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        cr_assert(bench_shape_set_read(known[i].name, &set, &error), "%s", error.text);
        int64_t layers = 0;
        for (size_t k = 0; k < set.count; k++) {
            layers += set.shapes[k].count;
        }
        cr_expect_eq(layers, known[i].layers, "%s: %lld", known[i].name, (long long)layers);
        bench_shape_set_free(&set);
    }
}

/* ---- cases ---------------------------------------------------------------------------------- */

TestSuite(cases, .init = make_folder, .fini = remove_folder);

static struct bench_cases cases;

static struct bench_sweep_axes axes_of(int64_t first, int64_t second) {
    struct bench_sweep_axes axes = {.micro_batch_count = 2, .micro_batches = {first, second}};
    axes.pass_chosen[NORMA_PASS_FORWARD] = true;
    axes.layout_chosen[NORMA_LAYOUT_NCS] = true;
    return axes;
}

static void add(const char *text, const struct bench_sweep_axes *axes) {
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
    cr_assert(bench_cases_add_problem(&cases, "bn:2x8x4x4", &axes, &error));
    cr_assert(bench_cases_add_problem(&cases, "bn:2x8x4x4", &axes, &error));
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
    cr_assert(
        bench_cases_add_problem(&cases, "in:2x8x4x4:eps=0", &(struct bench_sweep_axes){0}, &error));
    cr_expect_str_eq(cases.items[0].origins[0].layer, "8@4x4");
    cr_assert_not(bench_cases_add_problem(&cases, "in:2y8", &(struct bench_sweep_axes){0}, &error));
    cr_expect(strstr(error.text, "in:2y8: column 5: "), "%s", error.text);
    cr_assert_not(
        bench_cases_add_problem(&cases, "in:2x0x4", &(struct bench_sweep_axes){0}, &error));
    cr_expect(strstr(error.text, "an empty tensor cannot be timed"), "%s", error.text);
    bench_cases_free(&cases);
}

Test(cases, files_of_problems) {
    write_text("# two\nbn:2x8x4x4   # resnet\n\n  in:1x3\n");
    cr_assert(bench_cases_add_file(&cases, test_path, &(struct bench_sweep_axes){0}, &error), "%s",
              error.text);
    cr_expect_eq(cases.count, 2);
    write_text("bn:2x8x4x4\n  in:1y3\n");
    cr_assert_not(bench_cases_add_file(&cases, test_path, &(struct bench_sweep_axes){0}, &error));
    cr_expect(strstr(error.text, "file.txt:2:7: "), "%s", error.text);
    write_text("# none\n");
    cr_assert_not(bench_cases_add_file(&cases, test_path, &(struct bench_sweep_axes){0}, &error));
    cr_expect(strstr(error.text, "expected problems"), "%s", error.text);
    cr_assert_not(
        bench_cases_add_file(&cases, "/nowhere/x", &(struct bench_sweep_axes){0}, &error));
    cr_expect(strstr(error.text, "cannot open /nowhere/x"), "%s", error.text);
    bench_cases_free(&cases);
}

static int64_t set_size(const struct norma_problem *problem) {
    const int64_t spatial = norma_problem_spatial(problem);
    return problem->op == NORMA_OPERATOR_IN   ? spatial
           : problem->op == NORMA_OPERATOR_GN ? problem->c / problem->groups * spatial
                                              : problem->c * spatial;
}

static void add_known(const char *name) {
    const struct bench_sweep_axes axes = axes_of(1, 4);
    cr_assert(bench_shape_set_read(name, &set, &error), "%s", error.text);
    cr_assert(bench_cases_add_set(&cases, &set, &axes, &error), "%s", error.text);
    bench_shape_set_free(&set);
}

Test(cases, small_sets_are_small) {
    add_known("small-sets");
    cr_expect_geq(cases.count, 75);
    for (size_t i = 0; i < cases.count; i++) {
        const int64_t size = set_size(&cases.items[i].problem);
        cr_expect(size >= 2 && size <= 64, "%s: %lld", cases.items[i].text, (long long)size);
    }
    bench_cases_free(&cases);
}

Test(cases, random_small_shapes_are_small) {
    add_known("random-small");
    cr_expect_eq(cases.count, 200, "no problem is there twice: %zu", cases.count);
    for (size_t i = 0; i < cases.count; i++) {
        const int64_t elements = reference_elements(&cases.items[i].problem);
        cr_expect(elements >= 2 && elements <= 4096, "%s", cases.items[i].text);
    }
    bench_cases_free(&cases);
}

Test(cases, transformers_and_convnext_are_rows) {
    add_known("transformer");
    cr_expect_eq(cases.count, 7 * 5 * 2, "columns, rows and two operators");
    cr_expect_not_null(find("rms:1x768"));
    cr_expect_not_null(find("ln:4096x8192"));
    bench_cases_free(&cases);
    add_known("convnext");
    cr_expect_eq(cases.count, 5 * 3);
    cr_expect_not_null(find("ln:25088x96"), "8 images");
    cr_expect_not_null(find("ln:1568x768"));
    bench_cases_free(&cases);
}

enum { SHARDS = 4, SHARDED = 19 };

static void make_sharded(void) {
    for (int i = 1; i <= SHARDED; i++) {
        char text[32];
        snprintf(text, sizeof text, "bn:%dx3", i);
        cr_assert(bench_cases_add_problem(&cases, text, &(struct bench_sweep_axes){0}, &error));
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

/* The reader of shape sets: what it understands, and what it says of everything else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/shapes/shape_files.h"
#include "bench/shapes/shape_set.h"
#include "bench/tests/files.h"

TestSuite(shapes, .init = make_folder, .fini = remove_folder);

static struct bench_shape_set set;
static struct tool_message error;

static void expect_read(const char *text) {
    write_text(text);
    cr_assert(bench_shape_set_read(test_path, &set, &error), "%s: %s", text, error.text);
}

/* The message is the path followed by `rest`. */
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
        cr_expect(set.for_operator[op]);
    }
    bench_shape_set_free(&set);
    expect_read("operators in, adain\n3@4\n");
    for (int op = 0; op < NORMA_OPERATOR_COUNT; op++) {
        cr_expect_eq(set.for_operator[op], op == NORMA_OPERATOR_IN || op == NORMA_OPERATOR_ADAIN);
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

/* How many normalization layers the published networks have. */
Test(shapes, the_sets_that_come_with_norma) {
    const struct {
        const char *name;
        int64_t layers;
    } known[] = {
        {"resnet110", 109}, {"resnet18", 20},     {"resnet50", 53}, {"densenet121", 121},
        {"johnson", 15},    {"inception-v3", 94}, {"unet3d", 4},    {"stable-diffusion", 20},
        {"vgg19-256", 4},   {"vgg19-512", 4},     {"odd", 12},      {"fully-connected", 4},
        {"gate", 2},        {"scaling", 3},
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

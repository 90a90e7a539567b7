/* Checks what the reader takes, and its messages about what it refuses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/tests/sample_records.h"
#include "verify/harness/tool/tool.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Replaces the first occurrence of `from`, which must be there; the caller frees the text. */
static char *replaced(const char *text, const char *from, const char *to) {
    const char *at = strstr(text, from);
    cr_assert(at, "the test's own text lacks %s", from);
    return tool_text("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* Reads a machine record, a whole measurement and the given third line. */
static bool read_third_line(struct plot_results *results, const char *third,
                            struct plot_read_error *error) {
    char *line = record_line(record_default());
    char *text = tool_text("%s%s%s", MACHINE("m1"), line, third);
    bool sound = read_text(results, text, error);
    free(text);
    free(line);
    return sound;
}

/* Checks that a measurement with one part replaced is refused with this message. */
static void expect_refused(const char *from, const char *to, const char *message) {
    struct plot_results results = {0};
    struct plot_read_error error = {""};
    char *line = record_line(record_default());
    char *bad = replaced(line, from, to);
    cr_expect(!read_third_line(&results, bad, &error), "%s -> %s was taken", from, to);
    cr_expect(strstr(error.message, "file:3: ") == error.message, "%s", error.message);
    cr_expect(strstr(error.message, message), "%s -> %s: %s", from, to, error.message);
    free(bad);
    free(line);
    plot_results_free(&results);
}

static void expect_text_refused(const char *text, const char *message) {
    struct plot_results results = {0};
    struct plot_read_error error = {""};
    cr_expect(!read_text(&results, text, &error), "taken: %s", text);
    cr_expect(strstr(error.message, message), "%s", error.message);
    plot_results_free(&results);
}

Test(results, reads_every_field) {
    struct plot_results results = {0};
    struct plot_read_error error;
    cr_assert(read_third_line(&results, CONDITIONS, &error), "%s", error.message);
    cr_assert_eq(results.measurement_count, 1);
    const struct plot_measurement *m = &results.measurements[0];
    cr_expect_str_eq(m->problem, "bn:8x64x56x56");
    cr_expect_str_eq(m->op, "bn");
    cr_expect_str_eq(m->pass, "fwd");
    cr_expect_str_eq(m->layout, "ncs");
    cr_expect_str_eq(m->dtype, "f32");
    cr_expect_str_eq(m->shapes, "resnet50");
    cr_expect_str_eq(m->layer, "64@56x56");
    cr_expect_str_eq(m->implementation, "avx512");
    cr_expect_str_eq(m->kernel, "k");
    cr_expect_str_eq(m->cache, "hot");
    cr_expect_str_eq(m->variant, "");
    cr_expect(m->n == 8 && m->c == 64 && m->s == 3136 && m->threads == 1);
    cr_expect_eq(m->outcome, PLOT_DONE);
    cr_expect(m->share_of_bound == 0.25 && m->median == 1e-3 && m->low == 0.9e-3);
    cr_expect(m->high == 1.1e-3 && m->bytes == 1e6 && m->footprint == 1048576);
    cr_expect(m->gbps == 1 && m->ceiling_gbps == 2 && m->share == 0.5);
    cr_assert_eq(results.run_count, 1);
    cr_expect_str_eq(results.runs[0].id, "m1");
    cr_expect_str_eq(results.runs[0].revision, "r1");
    cr_expect_not_null(results.runs[0].conditions);
    plot_results_free(&results);
}

Test(results, what_has_no_time_needs_no_times) {
    struct plot_results results = {0};
    struct plot_read_error error;
    struct record record = record_default();
    record.median = 0;
    char *line = record_line(record);
    cr_assert(read_third_line(&results, line, &error), "%s", error.message);
    cr_expect_eq(results.measurements[1].outcome, PLOT_UNSUPPORTED);
    cr_expect_str_eq(results.measurements[1].reason, "no such thing");
    cr_expect(isnan(results.measurements[1].share_of_bound));
    free(line);
    plot_results_free(&results);
}

Test(results, null_share_of_bound_is_not_recorded) {
    struct plot_results results = {0};
    struct plot_read_error error;
    char *line = record_line(record_default());
    char *other = replaced(line, "\"share_of_bound\":0.25", "\"share_of_bound\":null");
    cr_assert(read_third_line(&results, other, &error), "%s", error.message);
    cr_expect(isnan(results.measurements[1].share_of_bound));
    free(other);
    free(line);
    plot_results_free(&results);
}

Test(results, the_uncertain_is_marked) {
    struct plot_results results = {0};
    struct plot_read_error error;
    struct record record = record_default();
    record.uncertain = true;
    char *line = record_line(record);
    cr_assert(read_third_line(&results, line, &error), "%s", error.message);
    cr_expect(!results.measurements[0].uncertain, "older records lack it");
    cr_expect(results.measurements[1].uncertain);
    free(line);
    plot_results_free(&results);
    expect_refused("\"high\":0.0011", "\"high\":0.0011,\"uncertain\":1", "\"time.uncertain\"");
}

Test(results, skips_types_keys_and_blank_lines_it_does_not_know) {
    struct plot_results results = {0};
    struct plot_read_error error;
    cr_expect(read_third_line(&results, "\n  \r\n{\"type\":\"weather\",\"schema\":9}\n", &error),
              "%s", error.message);
    char *line = record_line(record_default());
    char *other = replaced(line, "{", "{\"colour\":[1,{\"a\":2}],");
    cr_expect(read_third_line(&results, other, &error), "%s", error.message);
    free(other);
    free(line);
    plot_results_free(&results);
}

Test(results, variant_is_the_operators_own_keys) {
    struct plot_results results = {0};
    struct plot_read_error error;
    char *line = record_line(record_default());
    char *other = replaced(line, "bn:8x64x56x56", "gn:8x64x56x56:pass=bwd,g=4,layout=nsc,eps=1");
    cr_assert(read_third_line(&results, other, &error), "%s", error.message);
    cr_expect_str_eq(results.measurements[1].variant, "g=4,eps=1");
    free(other);
    free(line);
    plot_results_free(&results);
}

Test(results, a_nameless_layer_is_named_by_its_shape) {
    struct plot_results results = {0};
    struct plot_read_error error;
    char *line = record_line(record_default());
    char *other = replaced(line, "\"layer\":\"64@56x56\"", "\"layer\":\"\"");
    cr_assert(read_third_line(&results, other, &error), "%s", error.message);
    cr_expect_str_eq(results.measurements[1].layer, "64x56x56");
    free(other);
    free(line);
    plot_results_free(&results);
}

Test(results, a_problem_may_stand_for_further_shape_sets) {
    struct plot_results results = {0};
    struct plot_read_error error;
    char *line = record_line(record_default());
    char *other = replaced(line, "\"layer\":\"64@56x56\"",
                           "\"layer\":\"64@56x56\",\"also\":[{\"shapes\":\"resnet18\","
                           "\"layer\":\"conv2\",\"count\":4}]");
    cr_assert(read_third_line(&results, other, &error), "%s", error.message);
    cr_assert_eq(results.measurement_count, 3);
    cr_expect_str_eq(results.measurements[1].shapes, "resnet18");
    cr_expect_str_eq(results.measurements[1].layer, "conv2");
    cr_expect_eq(results.measurements[1].median, 1e-3);
    cr_expect_str_eq(results.measurements[2].shapes, "resnet50");
    free(other);
    free(line);
    plot_results_free(&results);
    expect_refused("\"cache\":\"hot\"", "\"cache\":\"hot\",\"also\":[{\"shapes\":\"x\"}]",
                   "\"also\"");
}

/* ---- what machines can do at all, digests ---------------------------------------------------- */

#define MEMORY                                                                                     \
    "{\"type\":\"memory\",\"schema\":1,\"kernel\":\"copy\",\"threads\":2,\"footprint\":4096,"      \
    "\"bytes\":4096,\"time\":{\"median\":1e-7},\"gbps\":40.96}\n"
#define COMPUTE                                                                                    \
    "{\"type\":\"compute\",\"schema\":1,\"kernel\":\"fma32\",\"threads\":2,\"gflops\":150}\n"
#define DIGEST                                                                                     \
    "{\"type\":\"digest\",\"schema\":1,\"digest\":\"5e8f8f30fe1981d9\",\"problems\":2334,"         \
    "\"seed\":1,\"level\":\"quick\"}\n"

Test(results, reads_ceilings_and_digests_of_the_machine_before_them) {
    struct plot_results results = {0};
    struct plot_read_error error;
    cr_assert(
        read_text(&results, MACHINE("m1") DIGEST MACHINE("m2") MEMORY COMPUTE CONDITIONS, &error),
        "%s", error.message);
    cr_assert(results.memory.count == 1 && results.compute.count == 1 && results.digest_count == 1);
    cr_expect_str_eq(results.memory.items[0].kernel, "copy");
    cr_expect(results.memory.items[0].threads == 2 && results.memory.items[0].footprint == 4096);
    cr_expect(results.memory.items[0].rate == 40.96 && results.memory.items[0].run == 1);
    cr_expect_str_eq(results.compute.items[0].kernel, "fma32");
    cr_expect(results.compute.items[0].rate == 150 && results.compute.items[0].run == 1);
    cr_expect_str_eq(results.digests[0].digest, "5e8f8f30fe1981d9");
    cr_expect_str_eq(results.digests[0].level, "quick");
    cr_expect(results.digests[0].problems == 2334 && results.digests[0].seed == 1);
    cr_expect_eq(results.digests[0].run, 0);
    plot_results_free(&results);
}

/* Checks that a record with one part replaced is refused with this message. */
static void expect_record_refused(const char *record, const char *from, const char *to,
                                  const char *message) {
    char *bad = replaced(record, from, to), *text = tool_text(MACHINE("m1") "%s", bad);
    expect_text_refused(text, message);
    free(text);
    free(bad);
}

Test(results, refuses_ceilings_and_digests_that_lack_something) {
    expect_record_refused(MEMORY, "\"kernel\"", "\"kern\"", "file:2: the memory lacks \"kernel\"");
    expect_record_refused(MEMORY, "4096,", "-4096,", "\"footprint\" of the memory");
    expect_record_refused(MEMORY, "40.96", "\"fast\"", "\"gbps\" of the memory");
    expect_record_refused(MEMORY, "\"threads\":2", "\"threads\":0", "\"threads\" of the memory");
    expect_record_refused(COMPUTE, "150", "0", "\"gflops\" of the compute");
    expect_record_refused(DIGEST, "\"5e8f8f30fe1981d9\"", "5", "\"digest\" of the digest");
    expect_record_refused(DIGEST, "2334", "\"all\"", "\"problems\" of the digest");
    expect_record_refused(DIGEST, "\"schema\":1", "\"schema\":2", "schema 2 is newer");
    expect_text_refused(MEMORY, "file:1: a memory record before any machine record");
    expect_text_refused(COMPUTE, "file:1: a compute record before any machine record");
    expect_text_refused(DIGEST, "file:1: a digest record before any machine record");
}

Test(results, refuses_missing_keys) {
    expect_refused("\"problem\":", "\"problems\":", "lacks \"problem\"");
    expect_refused("\"threads\":", "\"thread\":", "lacks \"threads\"");
    expect_refused("\"median\":", "\"mean\":", "lacks \"time.median\"");
    expect_refused("\"ceiling\":{", "\"floor\":{", "lacks \"ceiling.gbps\"");
    expect_refused("\"status\":", "\"state\":", "lacks \"status\"");
    expect_refused("\"schema\":1", "\"scheme\":1", "lacks \"schema\"");
}

Test(results, refuses_wrong_types_and_values) {
    expect_refused("\"problem\":\"bn:8x64x56x56\"", "\"problem\":7", "\"problem\"");
    expect_refused("\"kernel\":\"k\"", "\"kernel\":[]", "\"kernel\"");
    expect_refused("\"threads\":1", "\"threads\":0", "\"threads\"");
    expect_refused("\"threads\":1", "\"threads\":\"1\"", "\"threads\"");
    expect_refused("\"n\":8", "\"n\":-1", "\"n\"");
    expect_refused("\"n\":8", "\"n\":8.5", "\"n\"");
    expect_refused("\"median\":0.001", "\"median\":0", "\"time.median\"");
    expect_refused("\"median\":0.001", "\"median\":\"fast\"", "\"time.median\"");
    expect_refused("\"share\":0.5", "\"share\":-0.5", "\"share\"");
    expect_refused("\"share\":0.5", "\"share\":1e-300", "\"share\"");
    expect_refused("\"footprint\":1048576", "\"footprint\":1e300", "\"footprint\"");
    expect_refused("\"share_of_bound\":0.25", "\"share_of_bound\":\"\"", "\"share_of_bound\"");
    expect_refused("\"kernel\":", "\"kind\":\"other\",\"kernel\":", "\"kind\"");
    expect_refused("\"kernel\":", "\"kind\":1,\"kernel\":", "\"kind\"");
    expect_refused("\"status\":\"ok\"", "\"status\":\"fine\"", "\"status\"");
    expect_refused("\"time\":{\"median\":0.001,\"low\":0.0009,\"high\":0.0011}", "\"time\":3",
                   "lacks \"time.median\"");
}

Test(results, refuses_newer_schemas) {
    expect_refused("\"schema\":1", "\"schema\":2", "schema 2 is newer");
    expect_text_refused("{\"type\":\"machine\",\"schema\":2,\"id\":\"m\"}\n",
                        "file:1: schema 2 is newer");
}

Test(results, refuses_what_is_not_json) {
    expect_text_refused("<html>\n", "file:1: not JSON");
    expect_text_refused("<html>", "file:1: not JSON");
    expect_text_refused(MACHINE("m1") "{\"type\":\"meas\n" CONDITIONS, "file:2: not JSON");
    expect_text_refused("[1,2]\n", "file:1: expected a JSON object");
    expect_text_refused("{\"type\":3}\n", "file:1: expected a JSON object");
    expect_text_refused("{\"type\":\"machine\",\"type\":\"machine\"}\n", "file:1: not JSON");
}

Test(results, refuses_files_without_measurements) {
    expect_text_refused("", "file is empty");
    expect_text_refused(MACHINE("m1") CONDITIONS, "file holds no measurements");
    expect_text_refused("{\"type\":\"machine\",\"schema\":1}\n", "lacks \"id\"");
    expect_text_refused(CONDITIONS, "file:1: a conditions record before any machine");
    char *line = record_line(record_default());
    expect_text_refused(line, "file:1: a measurement record before any machine record");
    free(line);
}

Test(results, a_second_file_needs_its_own_machine) {
    struct plot_results results = {0};
    struct plot_read_error error;
    char *line = record_line(record_default());
    cr_assert(read_third_line(&results, "", &error));
    cr_expect(!read_text(&results, line, &error));
    cr_expect(strstr(error.message, "before any machine record"), "%s", error.message);
    free(line);
    plot_results_free(&results);
}

Test(results, ignores_an_incomplete_last_line, .init = cr_redirect_stderr) {
    struct plot_results results = {0};
    struct plot_read_error error;
    char *line = record_line(record_default());
    tool_program_begin("norma-plot", "");
    for (size_t length = 1; length + 2 < strlen(line); length += 7) {
        char *part = tool_text("%.*s", (int)length, line);
        cr_expect(read_third_line(&results, part, &error), "%s", error.message);
        cr_expect_eq(results.measurement_count, 1);
        plot_results_free(&results);
        free(part);
    }
    fflush(stderr);
    char note[256] = "";
    FILE *errors = cr_get_redirected_stderr();
    cr_expect_not_null(fgets(note, sizeof note, errors));
    cr_expect_str_eq(note,
                     "norma-plot: ignoring incomplete last line 3 of file (interrupted run)\n");
    free(line);
}

Test(results, a_whole_last_line_may_lack_its_end) {
    struct plot_results results = {0};
    struct plot_read_error error;
    char *line = record_line(record_default());
    line[strlen(line) - 1] = '\0';
    cr_assert(read_third_line(&results, line, &error), "%s", error.message);
    cr_expect_eq(results.measurement_count, 2);
    free(line);
    plot_results_free(&results);
}

/* The results file: written, read back, resumed; cut off lines and foreign files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/results/results_file.h"
#include "bench/tests/files.h"

TestSuite(results, .init = make_folder, .fini = remove_folder);

static struct bench_results results;
static struct tool_message error;

static json_t *machine(const char *id, const char *flags) {
    return json_pack("{s:s, s:s, s:{s:s}}", "type", "machine", "id", id, "build", "flags", flags);
}

static json_t *measurement(const char *problem, const char *status) {
    return json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:f}", "type", "measurement", "problem",
                     problem, "implementation", "avx2", "threads", 2, "cache", "hot", "status",
                     status, "gbps", 1.0 / 3);
}

static void write_run(void) {
    cr_assert(bench_results_create(&results, test_path, &error), "%s", error.text);
    cr_assert(bench_results_write(&results, machine("m1", "-O3"), &error));
    cr_assert(bench_results_write(&results, measurement("bn:1x2", "ok"), &error));
    cr_assert(bench_results_write(&results, measurement("bn:1x3", "unsupported"), &error));
    cr_assert(bench_results_write(&results, measurement("bn:1x4", "failed"), &error));
    cr_assert(bench_results_write(&results, measurement("bn:1x5", "skipped"), &error));
    cr_assert(bench_results_close(&results, &error));
}

static void append(const char *text) {
    FILE *file = fopen(test_path, "a");
    fputs(text, file);
    fclose(file);
}

static bool resume(const char *id, const char *flags) {
    json_t *record = machine(id, flags);
    bool resumed = bench_results_resume(&results, test_path, record, &error);
    json_decref(record);
    return resumed;
}

static bool has(const char *problem) {
    return bench_results_has(&results, problem, "avx2", 2, "hot");
}

static void close_results(void) {
    struct tool_message ignored;
    bench_results_close(&results, &ignored);
}

Test(results, what_is_written_is_read_back) {
    write_run();
    json_t *records = bench_results_read(test_path, NULL, &error);
    cr_assert_not_null(records, "%s", error.text);
    cr_assert_eq(json_array_size(records), 5);
    json_t *read = json_array_get(records, 1), *written = measurement("bn:1x2", "ok");
    cr_expect_float_eq(json_real_value(json_object_get(read, "gbps")), 1.0 / 3, 1e-6);
    json_object_del(read, "gbps");
    json_object_del(written, "gbps");
    cr_expect(json_equal(read, written));
    json_decref(written);
    json_decref(records);
}

Test(results, an_existing_file_is_not_overwritten) {
    write_run();
    cr_assert_not(bench_results_create(&results, test_path, &error));
    cr_expect(strstr(error.text, "--resume"), "%s", error.text);
    close_results();
    json_t *records = bench_results_read(test_path, NULL, &error);
    cr_expect_eq(json_array_size(records), 5);
    json_decref(records);
}

Test(results, an_empty_file_is_as_good_as_none) {
    write_text("");
    write_run();
}

Test(results, resuming_knows_what_is_done) {
    write_run();
    cr_assert(resume("m1", "-O3"), "%s", error.text);
    cr_expect(has("bn:1x2"));
    cr_expect(has("bn:1x3"), "unsupported stays unsupported");
    cr_expect_not(has("bn:1x4"), "a failed one is tried again");
    cr_expect_not(has("bn:1x5"), "a skipped one is tried again");
    cr_expect_not(bench_results_has(&results, "bn:1x2", "avx2", 1, "hot"));
    cr_expect_not(bench_results_has(&results, "bn:1x2", "avx512", 2, "hot"));
    cr_expect_not(bench_results_has(&results, "bn:1x2", "avx2", 2, "cold"));
    close_results();
}

Test(results, the_last_record_of_a_key_counts) {
    write_run();
    cr_assert(resume("m1", "-O3"));
    cr_assert(bench_results_write(&results, measurement("bn:1x2", "failed"), &error));
    cr_assert(bench_results_write(&results, measurement("bn:1x4", "ok"), &error));
    cr_assert(bench_results_close(&results, &error));
    cr_assert(resume("m1", "-O3"));
    cr_expect_not(has("bn:1x2"));
    cr_expect(has("bn:1x4"));
    close_results();
}

Test(results, a_line_cut_off_is_cut_out) {
    write_run();
    append("{\"type\":\"measurement\",\"problem\":\"bn:1x6\",\"impl");
    cr_assert(resume("m1", "-O3"), "%s", error.text);
    cr_assert(bench_results_write(&results, measurement("bn:1x7", "ok"), &error));
    cr_assert(bench_results_close(&results, &error));
    json_t *records = bench_results_read(test_path, NULL, &error);
    cr_assert_not_null(records, "%s", error.text);
    cr_expect_eq(json_array_size(records), 6);
    json_decref(records);
}

Test(results, a_complete_record_without_line_end_is_not_written) {
    write_run();
    append("{\"type\":\"measurement\"}");
    json_t *records = bench_results_read(test_path, NULL, &error);
    cr_expect_eq(json_array_size(records), 5);
    json_decref(records);
}

Test(results, resuming_what_is_not_there_starts_it) {
    cr_assert(resume("m1", "-O3"), "%s", error.text);
    cr_expect_not(has("bn:1x2"));
    close_results();
}

Test(results, resuming_on_another_machine_is_refused) {
    write_run();
    cr_assert_not(resume("m2", "-O3"));
    cr_expect(strstr(error.text, "another machine"), "%s", error.text);
    close_results();
    cr_assert_not(resume("m1", "-O2"));
    cr_expect(strstr(error.text, "another build"), "%s", error.text);
    close_results();
}

Test(results, a_machine_without_an_id_is_another) {
    append("{\"type\":\"machine\"}\n");
    cr_assert_not(resume("m1", "-O3"));
    cr_expect(strstr(error.text, "another machine (without an id, this is m1)"), "%s", error.text);
    close_results();
}

Test(results, foreign_files_are_left_alone) {
    write_text("{\"type\":\"measurement\"}\nnot json\n");
    cr_assert_not(resume("m1", "-O3"));
    cr_expect(strstr(error.text, "file.txt:2:"), "%s", error.text);
    close_results();
    write_text("{\"type\":\"measurement\"}\n");
    cr_assert_not(resume("m1", "-O3"));
    cr_expect(strstr(error.text, "expected a machine record"), "%s", error.text);
    close_results();
    write_text("[1,2]\n");
    cr_assert_not(resume("m1", "-O3"));
    cr_expect(strstr(error.text, "file.txt:1: expected a JSON object"), "%s", error.text);
    close_results();
    write_text("only words");
    cr_assert_not(resume("m1", "-O3"), "not even one line: not a file of ours to cut off");
    close_results();
}

Test(results, a_full_disk_is_noticed_at_once) {
    cr_assert(bench_results_create(&results, "/dev/full", &error), "%s", error.text);
    cr_assert_not(bench_results_write(&results, machine("m1", "-O3"), &error));
    cr_expect(strstr(error.text, "cannot write /dev/full: No space left"), "%s", error.text);
    close_results();
}

Test(results, unwritable) {
    cr_assert_not(bench_results_create(&results, "/nowhere/x", &error));
    cr_expect_str_eq(error.text, "cannot write /nowhere/x: No such file or directory");
    close_results();
}

/* The results file: written, read back and resumed, with lines cut off and foreign files. The
 * measurement record against results.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "bench/results/records.h"
#include "bench/results/results_file.h"
#include "bench/tests/files.h"

/* ---- the file ------------------------------------------------------------------------------- */

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
    json_t *records = bench_results_read(test_path, &error);
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
    json_t *records = bench_results_read(test_path, &error);
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
    cr_expect(bench_results_timed(&results, "bn:1x2", "avx2", 2, "hot"));
    cr_expect_not(bench_results_timed(&results, "bn:1x3", "avx2", 2, "hot"), "it has no time");
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
    json_t *records = bench_results_read(test_path, &error);
    cr_assert_not_null(records, "%s", error.text);
    cr_expect_eq(json_array_size(records), 6);
    json_decref(records);
}

Test(results, a_complete_record_without_line_end_is_not_written) {
    write_run();
    append("{\"type\":\"measurement\"}");
    json_t *records = bench_results_read(test_path, &error);
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

/* Resumes the file with a machine record that has one more member. Returns whether it was
 * accepted. */
static bool resume_with(const char *group, const char *name, json_t *value) {
    json_t *record = machine("m1", "-O3");
    json_t *members = *group ? json_object() : record;
    json_object_set_new(members, name, value);
    if (*group) {
        json_object_set_new(record, group, members);
    }
    const bool resumed = bench_results_resume(&results, test_path, record, &error);
    if (resumed) {
        bench_results_write(&results, json_incref(record), &error);
    }
    json_decref(record);
    close_results();
    return resumed;
}

Test(results, resuming_in_another_way_is_refused) {
    static const struct {
        const char *group, *name, *said;
    } members[] = {
        {"", "settings", "with other settings (settings: \"one\" and \"other\")"},
        {"", "profile", "with other profile"},
        {"os", "release", "with other system"},
        {"libraries", "onednn", "with other libraries"},
        {"libraries", "norma", "with another build"},
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        write_text("");
        cr_assert(resume_with(members[i].group, members[i].name, json_string("one")));
        cr_expect(resume_with(members[i].group, members[i].name, json_string("one")));
        cr_assert_not(resume_with(members[i].group, members[i].name, json_string("other")), "%s",
                      members[i].name);
        cr_expect(strstr(error.text, members[i].said), "%s", error.text);
    }
}

Test(results, what_changes_no_time_may_differ) {
    write_text("");
    cr_assert(resume_with("", "seed", json_integer(1)));
    cr_expect(resume_with("", "seed", json_integer(2)), "%s", error.text);
    cr_expect(resume_with("", "arguments", json_pack("[s]", "run")), "%s", error.text);
    cr_expect(resume_with("", "date", json_string("2027")), "%s", error.text);
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

Test(results, an_input_is_no_output) {
    write_run();
    tool_input_note(test_path);
    cr_assert_not(resume("m1", "-O3"));
    cr_expect(strstr(error.text, "it is an input"), "%s", error.text);
    close_results();
    cr_assert_not(bench_results_create(&results, test_path, &error));
    cr_expect(strstr(error.text, "it is an input"), "%s", error.text);
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

/* ---- the measurement record ----------------------------------------------------------------- */

static struct bench_case test_case;
static struct bench_origin origins[2] = {{"resnet50", "64@56x56", 6}, {"resnet18", "64@56x56", 4}};
static struct bench_entry entries[3];
static double samples[2] = {2e-3, 4e-3};

static struct bench_entry entry_of(const struct reference_implementation *implementation,
                                   double median) {
    return (struct bench_entry){
        .kernel = "k",
        .share_of_bound = 0.25,
        .contender = {.implementation = implementation,
                      .batch = 3,
                      .count = 2,
                      .samples = samples,
                      .estimate = {median, median / 2, median * 2}},
    };
}

static void open_all(void) {
    static const struct reference_implementation copy = {.name = "copy"},
                                                 stream = {.name = "stream"},
                                                 avx2 = {.name = "avx2"};
    cr_assert_eq(norma_problem_parse("adain:8x64x56x56", &test_case.problem, NULL),
                 NORMA_STATUS_OK);
    norma_problem_print(&test_case.problem, test_case.text, sizeof test_case.text);
    test_case.origins = origins;
    test_case.origin_count = 1;
    entries[0] = entry_of(&copy, 2e-3);
    entries[1] = entry_of(&stream, 1e-3);
    entries[2] = entry_of(&avx2, 3e-3);
    entries[0].is_ceiling = entries[1].is_ceiling = true;
}

TestSuite(records, .init = open_all);

static json_t *record_of(int which) {
    return bench_measurement_record(&test_case, 2, &entries[which], bench_best_ceiling(entries, 3));
}

static double number(json_t *record, const char *key) {
    return json_number_value(json_object_get(record, key));
}

static const char *string(json_t *record, const char *key) {
    return json_string_value(json_object_get(record, key));
}

Test(records, all_fields_of_a_measurement) {
    json_t *record = record_of(2);
    static const char *const keys[] = {"type",    "schema",         "problem", "operator", "pass",
                                       "layout",  "dtype",          "n",       "c",        "s",
                                       "spatial", "shapes",         "layer",   "count",    "kernel",
                                       "kind",    "implementation", "threads", "cache",    "status",
                                       "reason",  "share_of_bound", "time",    "bytes",    "gbps",
                                       "ceiling", "footprint",      "share"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        cr_expect_not_null(json_object_get(record, keys[i]), "%s", keys[i]);
    }
    cr_expect_eq(json_object_size(record), sizeof keys / sizeof keys[0]);
    cr_expect_str_eq(string(record, "problem"), "adain:8x64x56x56");
    cr_expect_str_eq(string(record, "operator"), "adain");
    cr_expect_str_eq(string(record, "pass"), "fwd");
    cr_expect_str_eq(string(record, "layout"), "ncs");
    cr_expect_str_eq(string(record, "dtype"), "f32");
    cr_expect_str_eq(string(record, "status"), "ok");
    cr_expect_str_eq(string(record, "cache"), "hot");
    cr_expect_eq(number(record, "s"), 3136);
    cr_expect_eq(number(record, "count"), 6);
    cr_expect_eq(json_array_size(json_object_get(record, "spatial")), 2);
    json_decref(record);
}

/* x, y and the style are 6422528 bytes each. */
Test(records, rates_and_shares) {
    json_t *record = record_of(2);
    json_t *ceiling = json_object_get(record, "ceiling");
    cr_expect_eq(number(record, "bytes"), 3 * 6422528);
    cr_expect_float_eq(number(record, "gbps"), 3 * 6422528 / 3e-3 / 1e9, 1e-9);
    cr_expect_str_eq(string(ceiling, "implementation"), "stream");
    cr_expect_float_eq(number(ceiling, "gbps"), 2 * 6422528 / 1e-3 / 1e9, 1e-9);
    cr_expect_float_eq(number(record, "share"), 0.5, 1e-9);
    json_t *time = json_object_get(record, "time");
    cr_expect_eq(number(time, "median"), 3e-3);
    cr_expect_eq(number(time, "batch"), 3);
    cr_expect_eq(json_array_size(json_object_get(time, "samples")), 2);
    json_decref(record);
}

Test(records, a_ceiling_moves_x_and_y_alone) {
    json_t *record = record_of(0);
    cr_expect_eq(number(record, "bytes"), 2 * 6422528);
    cr_expect_eq(number(record, "footprint"), 2 * 6422528);
    cr_expect_float_eq(number(record, "share"), 0.5, 1e-9, "relative to the better copy");
    json_decref(record);
}

Test(records, backward_is_compared_with_a_sum_of_two_images) {
    cr_assert_eq(norma_problem_parse("in:8x64x56x56:pass=bwd", &test_case.problem, NULL),
                 NORMA_STATUS_OK);
    json_t *record = record_of(2), *ceiling = record_of(1);
    cr_expect_str_eq(string(record, "pass"), "bwd");
    cr_expect_eq(number(record, "bytes"), 3 * 6422528);
    cr_expect_eq(number(ceiling, "bytes"), 3 * 6422528);
    cr_expect_float_eq(number(record, "share"), 1. / 3, 1e-9);
    json_decref(record);
    json_decref(ceiling);
}

Test(records, what_was_not_timed_has_a_reason_and_no_time) {
    static const char *const names[] = {"ok", "unsupported", "skipped", "failed"};
    for (int outcome = BENCH_NOT_SUPPORTED; outcome <= BENCH_FAILED; outcome++) {
        entries[2].outcome = (enum bench_outcome)outcome;
        snprintf(entries[2].reason, sizeof entries[2].reason, "because");
        json_t *record = record_of(2);
        cr_expect_str_eq(string(record, "status"), names[outcome]);
        cr_expect_str_eq(string(record, "reason"), "because");
        cr_expect_null(json_object_get(record, "time"));
        cr_expect_null(json_object_get(record, "gbps"));
        cr_expect_null(json_object_get(record, "ceiling"));
        cr_expect_null(json_object_get(record, "share"));
        json_decref(record);
    }
}

Test(records, other_sets_of_the_same_problem) {
    test_case.origin_count = 2;
    json_t *record = record_of(2);
    json_t *also = json_array_get(json_object_get(record, "also"), 0);
    cr_expect_str_eq(string(record, "shapes"), "resnet50");
    cr_expect_str_eq(string(also, "shapes"), "resnet18");
    cr_expect_eq(number(also, "count"), 4);
    json_decref(record);
}

Test(records, a_ceiling_that_was_not_timed_is_none) {
    entries[1].outcome = BENCH_SKIPPED;
    cr_expect_eq(bench_best_ceiling(entries, 3), &entries[0]);
    entries[0].outcome = BENCH_SKIPPED;
    cr_expect_null(bench_best_ceiling(entries, 3));
}

Test(records, other_work_during_the_samples) {
    entries[2].contender.disturbed = 3;
    entries[2].contender.uncertain = true;
    entries[2].contender.cpu = 1e-3;
    json_t *record = record_of(2), *time = json_object_get(record, "time");
    cr_expect_eq(number(time, "disturbed"), 3);
    cr_expect_eq(number(time, "cpu"), 1e-3);
    cr_expect(json_is_true(json_object_get(time, "uncertain")));
    json_decref(record);
}

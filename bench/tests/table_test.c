/* The table and the verdict on made-up samples.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/run/table.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 21 };

static const struct reference_implementation copy = {.name = "copy"},
                                             stream = {.name = "copy-stream"},
                                             idea = {.name = "idea"}, other = {.name = "avx512"},
                                             broken = {.name = "broken"};

/* Samples with a scatter of 1% around a time. */
struct times {
    double samples[SAMPLES];
};

static struct times around(double seconds) {
    struct times times;
    for (int i = 0; i < SAMPLES; i++) {
        times.samples[i] = seconds * (1 + 0.01 * (i * 8 % SAMPLES - SAMPLES / 2) / SAMPLES);
    }
    return times;
}

static struct bench_entry entry_of(const struct reference_implementation *implementation,
                                   struct times *times) {
    return (struct bench_entry){
        .kernel = "kernel",
        .is_ceiling = implementation == &copy || implementation == &stream,
        .contender = {.implementation = implementation,
                      .samples = times->samples,
                      .count = SAMPLES,
                      .estimate = bench_estimate_median(times->samples, SAMPLES, 1)},
    };
}

static size_t width;                 /* of the screen; 0: there is no limit */
static enum bench_table_order order; /* of the rows */

/* Returns what is printed; the caller must free it. */
static char *print(const struct bench_entry *entries, size_t count,
                   void (*printer)(const struct bench_table_view *, FILE *)) {
    static struct bench_case test_case = {.text = "in:2x16x1000"};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    norma_problem_parse(test_case.text, &test_case.problem, NULL);
    const struct bench_table_view view = {&test_case, 1, entries, count, &idea, 1, width, order};
    printer(&view, out);
    fclose(out);
    return text;
}

static void expect_verdict(double seconds_of_idea, double seconds_of_other, const char *expected) {
    struct times times[] = {around(seconds_of_idea), around(seconds_of_other)};
    const struct bench_entry entries[] = {entry_of(&idea, &times[0]), entry_of(&other, &times[1])};
    char *text = print(entries, 2, bench_verdict_print);
    cr_expect(strncmp(text, expected, strlen(expected)) == 0, "'%s' instead of '%s'", text,
              expected);
    free(text);
}

Test(table, the_verdict_follows_the_interval) {
    expect_verdict(1e-3, 1.12e-3, "idea is faster: avx512 takes 1.12 times its time [1.1");
    expect_verdict(1.12e-3, 1e-3, "idea is slower: it takes 1.12 times the time of avx512 [1.1");
    expect_verdict(1e-3, 1.0001e-3, "no difference larger than 5% between idea and avx512 [");
    expect_verdict(1e-3, 1.03e-3, "no difference larger than 5% between idea and avx512 [1.02");
    expect_verdict(1e-3, 1.0499e-3, "inconclusive: 5% between idea and avx512 cannot be told [");
}

static void expect_verdict_of(size_t count_of_idea, size_t count_of_other, const char *expected) {
    struct times times[] = {around(1), around(2)};
    struct bench_entry entries[] = {entry_of(&idea, &times[0]), entry_of(&other, &times[1])};
    entries[0].contender.count = count_of_idea;
    entries[1].contender.count = count_of_other;
    char *text = print(entries, 2, bench_verdict_print);
    cr_expect(strstr(text, expected), "%zu, %zu: %s", count_of_idea, count_of_other, text);
    free(text);
}

Test(table, few_samples_have_no_verdict) {
    expect_verdict_of(1, 1, "inconclusive");
    expect_verdict_of(3, 4, "inconclusive");
    expect_verdict_of(3, 5, "idea is faster");
    expect_verdict_of(4, 4, "idea is faster");
}

Test(table, uncertain_figures_have_no_verdict) {
    for (int which = 0; which < 2; which++) {
        struct times times[] = {around(1), around(2)};
        struct bench_entry entries[] = {entry_of(&idea, &times[0]), entry_of(&other, &times[1])};
        entries[which].contender.uncertain = true;
        char *text = print(entries, 2, bench_verdict_print);
        cr_expect(strstr(text, "inconclusive: idea and avx512 cannot be compared"), "%s", text);
        free(text);
    }
}

/* 2 x 16 x 1000 floats, read and written, are 256000 bytes. */
Test(table, rates_shares_and_ratios) {
    struct times times[] = {around(10e-6), around(20e-6), around(40e-6)};
    const struct bench_entry entries[] = {entry_of(&stream, &times[1]), entry_of(&copy, &times[0]),
                                          entry_of(&idea, &times[1]), entry_of(&other, &times[2])};
    char *text = print(entries, 4, bench_table_print);
    cr_expect(strstr(text, "in:2x16x1000, 1 thread\n"), "%s", text);
    cr_expect(strstr(text, "time / idea's"), "%s", text);
    cr_expect(strstr(text, "25.60  1.000 "), "the ceiling's own share: %s", text);
    cr_expect(strstr(text, "12.80  0.500 "), "half as fast: %s", text);
    cr_expect(strstr(text, "6.40  0.250  2.000 ["), "twice idea's time: %s", text);
    cr_expect(strstr(text, "kernel\n"), "the kernel: %s", text);
    cr_expect(strstr(text, " us  ["), "microseconds: %s", text);
    free(text);
}

Test(table, what_was_not_timed_has_its_reason) {
    struct times times = around(1);
    struct bench_entry entries[] = {entry_of(&idea, &times), entry_of(&broken, &times)};
    entries[1].outcome = BENCH_FAILED;
    snprintf(entries[1].reason, sizeof entries[1].reason, "crashed");
    char *text = print(entries, 2, bench_table_print);
    cr_expect(strstr(text, "broken          FAILED: crashed\n"), "%s", text);
    free(text);
    text = print(entries, 2, bench_verdict_print);
    cr_expect_str_eq(text, "\n", "no verdict on what was not timed");
    free(text);
}

Test(table, nothing_is_compared_with_a_first_that_failed) {
    struct times times = around(1);
    struct bench_entry entries[] = {entry_of(&idea, &times), entry_of(&other, &times)};
    entries[0].outcome = BENCH_FAILED;
    char *text = print(entries, 2, bench_table_print);
    cr_expect_not(strstr(text, "time /"), "%s", text);
    free(text);
}

/* ---- what speaks against figures ------------------------------------------------------------ */

Test(table, nothing_is_noted_where_nothing_happened) {
    struct times times[] = {around(10e-6), around(30e-6), around(9.5e-6)};
    const struct bench_entry entries[] = {entry_of(&copy, &times[0]), entry_of(&stream, &times[1]),
                                          entry_of(&idea, &times[2])};
    char *text = print(entries, 3, bench_table_notes_print);
    cr_expect_str_eq(text, "", "a stream that is slow in the cache, a kernel 5%% faster");
    free(text);
}

Test(table, disturbed_samples_are_told) {
    struct times times[] = {around(10e-6), around(20e-6)};
    struct bench_entry entries[] = {entry_of(&copy, &times[0]), entry_of(&idea, &times[1])};
    entries[1].contender.disturbed = 4;
    char *text = print(entries, 2, bench_table_notes_print);
    cr_expect(strstr(text, "4 of 46 samples were left out"), "%s", text);
    free(text);
}

Test(table, counters_have_a_line) {
    struct times times[] = {around(10e-6), around(20e-6)};
    struct bench_entry entries[] = {entry_of(&copy, &times[0]), entry_of(&idea, &times[1])};
    struct bench_counts *counts = &entries[1].contender.counts;
    *counts = (struct bench_counts){.executions = 10, .running = 0.5};
    counts->known[BENCH_EVENT_CYCLES] = counts->known[BENCH_EVENT_CONTEXT_SWITCHES] = true;
    counts->values[BENCH_EVENT_CYCLES] = 1234;
    counts->values[BENCH_EVENT_CONTEXT_SWITCHES] = 0.5;
    char *text = print(entries, 2, bench_table_notes_print);
    cr_expect_str_eq(text, "idea: cycles 1234 context_switches 0.5 (of one execution, all threads; "
                           "scaled, counted 50% of the time)\n");
    free(text);
}

Test(table, an_uncertain_figure_is_marked) {
    struct times times[] = {around(10e-3), around(15e-3)};
    struct bench_entry entries[] = {entry_of(&copy, &times[0]), entry_of(&idea, &times[1])};
    entries[1].contender.disturbed = SAMPLES;
    entries[1].contender.uncertain = true;
    char *text = print(entries, 2, bench_table_print);
    cr_expect(strstr(text, "  15? ms  ["), "%s", text);
    cr_expect(strstr(text, "   10 ms  ["), "%s", text);
    free(text);
    text = print(entries, 2, bench_table_notes_print);
    cr_expect(strstr(text, "? idea: uncertain, as other work had a core during 21 of 21 samples; "
                           "the time that it took is left out"),
              "%s", text);
    cr_expect_not(strstr(text, "were left out"), "%s", text);
    free(text);
}

Test(table, a_ceiling_below_what_it_limits_is_told) {
    struct times times[] = {around(15e-3), around(4.3e-3), around(5e-3)};
    const struct bench_entry entries[] = {entry_of(&copy, &times[0]), entry_of(&stream, &times[1]),
                                          entry_of(&idea, &times[2])};
    char *text = print(entries, 3, bench_table_notes_print);
    cr_expect(strstr(text, "? copy: no ceiling here, or disturbed, as copy-stream moves as much "
                           "3.5 times as fast"),
              "%s", text);
    cr_expect_not(strstr(text, "? copy-stream"), "%s", text);
    free(text);
    times[1] = around(6e-3);
    const struct bench_entry slower[] = {entries[0], entry_of(&stream, &times[1]), entries[2]};
    text = print(slower, 3, bench_table_notes_print);
    cr_expect(strstr(text, "? copy-stream: "), "the better one is slower than a kernel: %s", text);
    free(text);
}

/* ---- widths, orders and formats ------------------------------------------------------------- */

static size_t longest_line(const char *text) {
    size_t longest = 0;
    for (; *text; text += strcspn(text, "\n") + 1) {
        const size_t length = strcspn(text, "\n");
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* Returns the table of a slow idea, a faster set and two ceilings, one of which has failed. */
static char *print_four(void (*printer)(const struct bench_table_view *, FILE *)) {
    static struct times times[3];
    times[0] = around(10e-6), times[1] = around(20e-6), times[2] = around(40e-6);
    struct bench_entry entries[] = {entry_of(&stream, &times[0]), entry_of(&broken, &times[0]),
                                    entry_of(&idea, &times[2]), entry_of(&other, &times[1])};
    entries[1].outcome = BENCH_FAILED;
    snprintf(entries[1].reason, sizeof entries[1].reason, "is \"wrong\"");
    snprintf(entries[3].kernel, sizeof entries[3].kernel, "a kernel with a rather long name");
    return print(entries, 4, printer);
}

Test(table, an_old_terminal_has_what_matters_most) {
    width = 79;
    char *text = print_four(bench_table_print);
    cr_expect_leq(longest_line(text), 79, "%s", text);
    cr_expect(strstr(text, "time / idea's"), "%s", text);
    cr_expect(strstr(text, " 0.500 [0.499, 0.501]\n"), "the interval's end: %s", text);
    cr_expect(strstr(text, "GB/s"), "%s", text);
    cr_expect_not(strstr(text, "rather long"), "%s", text);
    free(text);
}

Test(table, no_screen_is_too_narrow_and_none_too_wide) {
    width = 0;
    char *text = print_four(bench_table_print);
    const size_t whole = longest_line(text);
    free(text);
    cr_expect_gt(whole, 100);
    for (width = 34; width < whole + 20; width++) {
        text = print_four(bench_table_print);
        cr_expect_leq(longest_line(text), width, "%zu: %s", width, text);
        cr_expect(strstr(text, "median"), "%zu: %s", width, text);
        cr_expect_eq(strstr(text, "rather long") != NULL, width >= whole, "%zu: %s", width, text);
        free(text);
    }
}

Test(table, sentences_are_broken_at_blanks) {
    static const char *const lines[] = {"inconclusive: 5% between idea and avx512\n",
                                        "cannot be told [1.0", "--time measure longer\n"};
    struct times times[] = {around(1e-3), around(1.0499e-3)};
    const struct bench_entry entries[] = {entry_of(&idea, &times[0]), entry_of(&other, &times[1])};
    width = 40;
    char *text = print(entries, 2, bench_verdict_print);
    cr_expect_leq(longest_line(text), width, "%s", text);
    for (int i = 0; i < 3; i++) {
        cr_expect(strstr(text, lines[i]), "%s", text);
    }
    free(text);
}

Test(table, a_reason_is_broken_under_itself) {
    struct times times = around(1);
    struct bench_entry entry = entry_of(&idea, &times);
    entry.outcome = BENCH_FAILED;
    snprintf(entry.reason, sizeof entry.reason, "one two three four five six seven");
    width = 40;
    char *text = print(&entry, 1, bench_table_print);
    cr_expect(strstr(text, "idea            FAILED: one two three\n"
                           "                four five six seven\n"),
              "%s", text);
    free(text);
}

Test(table, minimum_and_time_per_element) {
    char *text = print_four(bench_table_print);
    cr_expect(strstr(text, "minimum  ns/element"), "%s", text);
    cr_expect(strstr(text, "    9.952      0.3125   25.60  1.000"), "%s", text);
    free(text);
}

static void expect_order(enum bench_table_order wanted, const char *const names[4]) {
    order = wanted;
    char *text = print_four(bench_table_print), *at = text;
    for (int i = 0; i < 4; i++) {
        char line[40];
        snprintf(line, sizeof line, "\n%s ", names[i]);
        at = strstr(at, line);
        cr_assert(at, "%s is not in its place: %s", names[i], text);
    }
    free(text);
}

Test(table, rows_are_sorted) {
    expect_order(BENCH_ORDER_GIVEN, (const char *[]){"copy-stream", "broken", "idea", "avx512"});
    expect_order(BENCH_ORDER_TIME, (const char *[]){"copy-stream", "avx512", "idea", "broken"});
    expect_order(BENCH_ORDER_NAME, (const char *[]){"avx512", "broken", "copy-stream", "idea"});
}

static void print_csv(const struct bench_table_view *view, FILE *out) {
    bench_csv_print(view, true, out);
    bench_csv_print(view, false, out);
}

Test(table, comma_separated_values) {
    char *text = print_four(print_csv);
    cr_expect(strncmp(text, "problem,threads,implementation,status,median,low,", 49) == 0, "%s",
              text);
    cr_expect(strstr(text, "\"in:2x16x1000\",1,\"copy-stream\",ok,1e-05,"), "%s", text);
    cr_expect(strstr(text, ",9.95238e-06,0.3125,25.6,1,,,,\"kernel\",\"\",0\n"), "%s", text);
    cr_expect(strstr(text, "\"broken\",failed,,,,,,,,,,,\"kernel\",\"is \"\"wrong\"\"\",0\n"), "%s",
              text);
    cr_expect_eq(strstr(text + 1, "problem,"), NULL, "one heading");
    free(text);
}

static void print_markdown(const struct bench_table_view *view, FILE *out) {
    bench_markdown_print(view, true, out);
    bench_markdown_print(view, false, out);
}

Test(table, markdown) {
    char *text = print_four(print_markdown);
    cr_expect(strncmp(text, "| problem | threads | implementation | median | 95% interval |", 62) ==
                  0,
              "%s", text);
    cr_expect(strstr(text, "| in:2x16x1000 | 1 | avx512 | 20 us | ["), "%s", text);
    cr_expect(strstr(text, "| 1 | broken | FAILED: is \"wrong\" | | | | | | | |\n"), "%s", text);
    cr_expect_eq(strstr(text + 1, "| problem"), NULL, "one heading");
    free(text);
}

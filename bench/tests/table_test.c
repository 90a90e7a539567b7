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
                      .count = SAMPLES},
    };
}

/* Returns what is printed; the caller must free it. */
static char *print(const struct bench_entry *entries, size_t count,
                   void (*printer)(const struct bench_table_view *, FILE *)) {
    static struct bench_case test_case = {.text = "in:2x16x1000"};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    norma_problem_parse(test_case.text, &test_case.problem, NULL);
    const struct bench_table_view view = {&test_case, 1, entries, count, &idea, 1};
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
    expect_verdict(1e-3, 1.12e-3, "idea is 1.12 times as fast as avx512 [1.1");
    expect_verdict(1.12e-3, 1e-3, "idea is slower: it takes 1.12 times the time of avx512 [1.1");
    expect_verdict(1e-3, 1.0001e-3, "no significant difference between idea and avx512");
}

Test(table, few_samples_have_no_verdict) {
    struct times times[] = {around(1), around(2)};
    struct bench_entry entries[] = {entry_of(&idea, &times[0]), entry_of(&other, &times[1])};
    entries[1].contender.count = 2;
    char *text = print(entries, 2, bench_verdict_print);
    cr_expect(strstr(text, "too few samples"), "%s", text);
    free(text);
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

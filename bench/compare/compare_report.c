/* A comparison as a table, as Markdown, and as JSON Lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/compare/compare_report.h"

#include <stdio.h>
#include <string.h>

static bool is_shown(const struct bench_change *change, bool all) {
    return all || change->judgement.verdict != BENCH_NO_DIFFERENCE;
}

static bool is_any_shown(const struct bench_comparison *comparison, bool all) {
    for (size_t i = 0; i < comparison->count; i++) {
        if (is_shown(&comparison->changes[i], all)) {
            return true;
        }
    }
    return false;
}

static const char *revision_of(const struct bench_input *input) {
    const json_t *build = json_object_get(input->machine, "build");
    const char *revision = json_string_value(json_object_get(build, "revision"));
    return revision ? revision : "unknown";
}

static const char *dirt_of(const struct bench_input *input) {
    const json_t *build = json_object_get(input->machine, "build");
    return json_is_true(json_object_get(build, "dirty")) ? ", changed" : "";
}

/* Returns the time in the unit of most kernels, which all rows have, so that they can be
 * compared. */
static double microseconds(double seconds) {
    return seconds * 1e6;
}

static void print_estimate(char text[40], const struct bench_estimate *ratio) {
    snprintf(text, 40, "%.3f [%.3f, %.3f]", ratio->median, ratio->low, ratio->high);
}

/* ---- sentences of table and page ------------------------------------------------------------ */

/* Returns the median relative error of the ratios: half of the intervals are at most so wide to one
 * side. */
static double resolution_of(const struct bench_comparison *comparison) {
    double widths[comparison->count];
    for (size_t i = 0; i < comparison->count; i++) {
        widths[i] = bench_relative_error(&comparison->changes[i].ratio);
    }
    return bench_median(widths, comparison->count);
}

static void print_design(const struct bench_comparison *comparison) {
    static const char *const texts[] = {
        "the samples of one run each: Mann and Whitney's test",
        "rounds, not interleaved: Mann and Whitney's test",
        "interleaved rounds, in pairs: Wilcoxon's test",
    };
    printf("BASE is %s (revision %s%s, runs: %zu), ", comparison->base->name,
           revision_of(comparison->base), dirt_of(comparison->base), comparison->base->runs);
    printf("NEW is %s (revision %s%s, runs: %zu);\n", comparison->candidate->name,
           revision_of(comparison->candidate), dirt_of(comparison->candidate),
           comparison->candidate->runs);
    printf("%s; half of the ratios are known to ±%.1f%% or better.\n", texts[comparison->design],
           100 * resolution_of(comparison));
}

static void print_conclusion(const struct bench_comparison *comparison) {
    printf("%zu kernel%s: slower: %zu, faster: %zu, no difference larger than %g%%: %zu, "
           "inconclusive: %zu.\n",
           comparison->count, comparison->count == 1 ? "" : "s",
           bench_comparison_count(comparison, BENCH_SLOWER),
           bench_comparison_count(comparison, BENCH_FASTER), 100 * comparison->criterion.threshold,
           bench_comparison_count(comparison, BENCH_NO_DIFFERENCE),
           bench_comparison_count(comparison, BENCH_INCONCLUSIVE));
}

/* ---- the table ------------------------------------------------------------------------------ */

static int problem_width(const struct bench_comparison *comparison, bool all) {
    size_t width = strlen("problem");
    for (size_t i = 0; i < comparison->count; i++) {
        const size_t length = strlen(comparison->changes[i].base->problem);
        if (is_shown(&comparison->changes[i], all) && length > width) {
            width = length;
        }
    }
    return (int)width;
}

static void print_rows(const struct bench_comparison *comparison, bool all) {
    if (!is_any_shown(comparison, all)) {
        return;
    }
    const int width = problem_width(comparison, all);
    printf("%-*s  %-14s %7s %10s %10s  %-22s %5s %9s\n", width, "problem", "implementation",
           "threads", "BASE, us", "NEW, us", "NEW/BASE", "above", "p");
    for (size_t i = 0; i < comparison->count; i++) {
        const struct bench_change *change = &comparison->changes[i];
        if (is_shown(change, all)) {
            char ratio[40], verdict[BENCH_JUDGEMENT_TEXT];
            print_estimate(ratio, &change->ratio);
            bench_judgement_print(&change->judgement, "rounds", verdict);
            printf("%-*s  %-14s %7d %10.4g %10.4g  %-22s %5.2f %9.2g  %s\n", width,
                   change->base->problem, change->base->implementation, change->base->threads,
                   microseconds(change->before), microseconds(change->after), ratio,
                   change->test.superiority, change->adjusted, verdict);
        }
    }
    printf("\n");
}

static void print_mean(const struct bench_mean_change *mean) {
    char ratio[40];
    print_estimate(ratio, &mean->ratio);
    printf("%-12s %7zu  %s\n", mean->name, mean->count, ratio);
}

static void print_table(const struct bench_comparison *comparison, bool all) {
    print_design(comparison);
    printf("\n");
    print_rows(comparison, all);
    printf("%-12s %7s  NEW/BASE, geometric mean\n", "operator", "kernels");
    for (size_t i = 0; i < comparison->mean_count; i++) {
        print_mean(&comparison->means[i]);
    }
    if (comparison->ceilings.count > 0) {
        print_mean(&comparison->ceilings);
    }
    printf("\n");
    print_conclusion(comparison);
}

/* ---- Markdown ------------------------------------------------------------------------------- */

static void print_markdown_row(const struct bench_change *change) {
    char ratio[40], verdict[BENCH_JUDGEMENT_TEXT];
    bench_judgement_print(&change->judgement, "rounds", verdict);
    print_estimate(ratio, &change->ratio);
    printf("| `%s` | %s | %d | %.4g | %.4g | %s | %.2f | %.2g | %s |\n", change->base->problem,
           change->base->implementation, change->base->threads, microseconds(change->before),
           microseconds(change->after), ratio, change->test.superiority, change->adjusted, verdict);
}

static void print_markdown_rows(const struct bench_comparison *comparison, bool all) {
    printf(
        "\n| problem | implementation | threads | BASE, µs | NEW, µs | NEW/BASE | above | p | |\n"
        "|---|---|--:|--:|--:|--:|--:|--:|---|\n");
    for (size_t i = 0; i < comparison->count; i++) {
        if (is_shown(&comparison->changes[i], all)) {
            print_markdown_row(&comparison->changes[i]);
        }
    }
}

static void print_markdown_mean(const struct bench_mean_change *mean) {
    char ratio[40];
    print_estimate(ratio, &mean->ratio);
    printf("| %s | %zu | %s |\n", mean->name, mean->count, ratio);
}

static void print_markdown(const struct bench_comparison *comparison, bool all) {
    print_conclusion(comparison);
    if (is_any_shown(comparison, all)) {
        print_markdown_rows(comparison, all);
    }
    printf("\n| operator | kernels | NEW/BASE, geometric mean |\n|---|--:|--:|\n");
    for (size_t i = 0; i < comparison->mean_count; i++) {
        print_markdown_mean(&comparison->means[i]);
    }
    if (comparison->ceilings.count > 0) {
        print_markdown_mean(&comparison->ceilings);
    }
    printf("\n");
    print_design(comparison);
}

/* ---- JSON Lines ----------------------------------------------------------------------------- */

static const char *const verdict_keys[] = {
    [BENCH_NO_DIFFERENCE] = "no_difference",
    [BENCH_FASTER] = "faster",
    [BENCH_SLOWER] = "slower",
    [BENCH_INCONCLUSIVE] = "inconclusive",
};

static void print_record(json_t *record) {
    json_dumpf(record, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    printf("\n");
    json_decref(record);
}

static json_t *estimate_record(const struct bench_estimate *ratio) {
    return json_pack("{s:f, s:f, s:f}", "median", ratio->median, "low", ratio->low, "high",
                     ratio->high);
}

static json_t *change_record(const struct bench_change *change) {
    const struct bench_timed_case *base = change->base;
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:f, s:f, s:I, s:o, s:f, s:f, s:f, s:s, s:I, "
                     "s:b}",
                     "type", "change", "problem", base->problem, "operator", base->operator_name,
                     "implementation", base->implementation, "threads", base->threads, "cache",
                     base->cache, "base", change->before, "new", change->after, "count",
                     (json_int_t)change->count, "ratio", estimate_record(&change->ratio), "above",
                     change->test.superiority, "p", change->test.p, "adjusted_p", change->adjusted,
                     "verdict", verdict_keys[change->judgement.verdict], "needed",
                     (json_int_t)change->judgement.needed, "uncertain", change->uncertain);
}

static json_t *mean_record(const struct bench_mean_change *mean) {
    return json_pack("{s:s, s:s, s:I, s:o}", "type", "mean", "name", mean->name, "kernels",
                     (json_int_t)mean->count, "ratio", estimate_record(&mean->ratio));
}

static json_t *head_record(const struct bench_comparison *comparison) {
    static const char *const names[] = {"samples", "rounds", "pairs"};
    json_t *record =
        json_pack("{s:s, s:i, s:s, s:s, s:s, s:f, s:f, s:I}", "type", "comparison", "schema", 2,
                  "base", revision_of(comparison->base), "new", revision_of(comparison->candidate),
                  "design", names[comparison->design], "threshold", comparison->criterion.threshold,
                  "level", comparison->criterion.level, "kernels", (json_int_t)comparison->count);
    for (int verdict = 0; verdict <= BENCH_INCONCLUSIVE; verdict++) {
        const size_t count = bench_comparison_count(comparison, (enum bench_verdict)verdict);
        json_object_set_new(record, verdict_keys[verdict], json_integer((json_int_t)count));
    }
    json_object_set_new(record, "needed",
                        json_integer((json_int_t)bench_comparison_needs(comparison)));
    return record;
}

static void print_jsonl(const struct bench_comparison *comparison) {
    print_record(head_record(comparison));
    for (size_t i = 0; i < comparison->count; i++) {
        print_record(change_record(&comparison->changes[i]));
    }
    for (size_t i = 0; i < comparison->mean_count; i++) {
        print_record(mean_record(&comparison->means[i]));
    }
    if (comparison->ceilings.count > 0) {
        print_record(mean_record(&comparison->ceilings));
    }
}

void bench_comparison_print(const struct bench_comparison *comparison,
                            enum bench_compare_format format, bool all) {
    switch (format) {
    case BENCH_COMPARE_JSONL:
        print_jsonl(comparison);
        break;
    case BENCH_COMPARE_MARKDOWN:
        print_markdown(comparison, all);
        break;
    case BENCH_COMPARE_TABLE:
        print_table(comparison, all);
        break;
    }
}

/* The text of the table of a group of measurements, and of the verdict.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/measure/measure.h"
#include "bench/run/table.h"

#include <string.h>

enum { LONGEST_NAME = 32 };

/* With fewer samples, an interval means nothing. */
enum { LEAST_SAMPLES = 3 };

/* ---- the figures of an entry ---------------------------------------------------------------- */

static bool has_samples(const struct bench_entry *entry) {
    return entry->outcome == BENCH_TIMED && entry->contender.count > 0;
}

static struct bench_estimate estimate(const struct bench_table_view *view,
                                      const struct bench_entry *entry) {
    return bench_estimate_median(entry->contender.samples, entry->contender.count, view->seed);
}

static double median_of(const struct bench_entry *entry) {
    return bench_median(entry->contender.samples, entry->contender.count);
}

/* Returns the quicker of the ceilings so far; NULL if there is none. */
static const struct bench_entry *ceiling_of(const struct bench_table_view *view) {
    const struct bench_entry *best = NULL;
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_entry *entry = &view->entries[i];
        if (entry->is_ceiling && has_samples(entry) &&
            (!best || median_of(entry) < median_of(best))) {
            best = entry;
        }
    }
    return best;
}

static double rate(const struct bench_table_view *view, const struct bench_entry *entry) {
    return bench_gigabytes_per_second(&view->test_case->problem, entry, median_of(entry));
}

/* Returns the entry that the others are compared with; NULL if it is missing or not yet timed. */
static const struct bench_entry *first_of(const struct bench_table_view *view) {
    for (size_t i = 0; i < view->count; i++) {
        const struct bench_entry *entry = &view->entries[i];
        if (entry->contender.implementation == view->first && has_samples(entry)) {
            return entry;
        }
    }
    return NULL;
}

/* Returns the ratio of the entry's time to that of the first. */
static struct bench_estimate ratio_of(const struct bench_table_view *view,
                                      const struct bench_entry *entry,
                                      const struct bench_entry *first) {
    const struct bench_pair pair = {entry->contender.samples, first->contender.samples,
                                    entry->contender.count, first->contender.count};
    return bench_estimate_ratio(&pair, 1, BENCH_DRAW_SAMPLES, view->seed);
}

/* ---- the table ------------------------------------------------------------------------------ */

struct unit {
    const char *name;
    double seconds;
};

static struct unit unit_of(double seconds) {
    static const struct unit units[] = {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}};
    size_t i = 0;
    while (i < sizeof units / sizeof *units - 1 && seconds < units[i].seconds) {
        i++;
    }
    return units[i];
}

static int width_of_names(const struct bench_table_view *view) {
    size_t width = strlen("implementation");
    for (size_t i = 0; i < view->count; i++) {
        const size_t length = strlen(view->entries[i].contender.implementation->name);
        width = length > width ? length : width;
    }
    return (int)(width < LONGEST_NAME ? width : LONGEST_NAME);
}

/* Prints what matters most, which must fit into the width of an old terminal; the kernel comes
 * after it. */
static void print_times(const struct bench_table_view *view, const struct bench_entry *entry,
                        FILE *out) {
    const struct bench_estimate time = estimate(view, entry);
    const struct bench_entry *ceiling = ceiling_of(view);
    const struct unit unit = unit_of(time.median);
    char interval[48], share[16] = "";
    snprintf(interval, sizeof interval, "[%.4g, %.4g]", time.low / unit.seconds,
             time.high / unit.seconds);
    if (ceiling) {
        snprintf(share, sizeof share, "%.3f", rate(view, entry) / rate(view, ceiling));
    }
    fprintf(out, "  %7.4g %-2s  %-14s  %6.2f  %5s", time.median / unit.seconds, unit.name, interval,
            rate(view, entry), share);
}

static void print_ratio(const struct bench_table_view *view, const struct bench_entry *entry,
                        FILE *out) {
    const struct bench_entry *first = first_of(view);
    char text[64] = "";
    if (first && !entry->is_ceiling && entry != first) {
        const struct bench_estimate time = ratio_of(view, entry, first);
        snprintf(text, sizeof text, "%.3f [%.3f, %.3f]", time.median, time.low, time.high);
    }
    fprintf(out, "  %-20s", text);
}

static void print_row(const struct bench_table_view *view, const struct bench_entry *entry,
                      int width, FILE *out) {
    static const char *const outcomes[] = {
        [BENCH_TIMED] = "no sample yet",
        [BENCH_NOT_SUPPORTED] = "unsupported: ",
        [BENCH_SKIPPED] = "skipped: ",
        [BENCH_FAILED] = "FAILED: ",
    };
    fprintf(out, "%-*.*s", width, width, entry->contender.implementation->name);
    if (!has_samples(entry)) {
        fprintf(out, "  %s%s\n", outcomes[entry->outcome], entry->reason);
    } else {
        print_times(view, entry, out);
        print_ratio(view, entry, out);
        fprintf(out, "  %s\n", entry->kernel);
    }
}

void bench_table_print(const struct bench_table_view *view, FILE *out) {
    const int width = width_of_names(view);
    const struct bench_entry *first = first_of(view);
    char compared[48] = "";
    fprintf(out, "%s, %d thread%s\n", view->test_case->text, view->threads,
            view->threads == 1 ? "" : "s");
    if (first) {
        snprintf(compared, sizeof compared, "time / %.32s's",
                 first->contender.implementation->name);
    }
    fprintf(out, "%-*s  %10s  %-14s  %6s  %5s  %-20s  %s\n", width, "implementation", "median",
            "95% interval", "GB/s", "share", compared, "kernel");
    for (size_t i = 0; i < view->count; i++) {
        print_row(view, &view->entries[i], width, out);
    }
}

/* ---- the verdict ---------------------------------------------------------------------------- */

static void print_sentence(const struct bench_entry *first_entry, const struct bench_entry *entry,
                           struct bench_estimate ratio, FILE *out) {
    const char *first = first_entry->contender.implementation->name;
    const char *other = entry->contender.implementation->name;
    if (first_entry->contender.count < LEAST_SAMPLES || entry->contender.count < LEAST_SAMPLES) {
        fprintf(out, "too few samples to compare %s with %s\n", first, other);
    } else if (ratio.low > 1) {
        fprintf(out, "%s is %.2f times as fast as %s [%.2f, %.2f]\n", first, ratio.median, other,
                ratio.low, ratio.high);
    } else if (ratio.high < 1) {
        fprintf(out, "%s is slower: it takes %.2f times the time of %s [%.2f, %.2f]\n", first,
                1 / ratio.median, other, 1 / ratio.high, 1 / ratio.low);
    } else {
        fprintf(out,
                "no significant difference between %s and %s (interval [%.3f, %.3f]); --full "
                "measures longer\n",
                first, other, ratio.low, ratio.high);
    }
}

void bench_verdict_print(const struct bench_table_view *view, FILE *out) {
    const struct bench_entry *first = first_of(view);
    for (size_t i = 0; first && i < view->count; i++) {
        const struct bench_entry *entry = &view->entries[i];
        if (!entry->is_ceiling && entry != first && has_samples(entry)) {
            print_sentence(first, entry, ratio_of(view, entry, first), out);
        }
    }
    fputc('\n', out);
}

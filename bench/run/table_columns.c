/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/run/table_columns.h"

#include <stdio.h>
#include <string.h>

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

static void print_name(const struct bench_figures *figures, char text[BENCH_CELL]) {
    snprintf(text, BENCH_CELL, "%.32s", figures->entry->contender.implementation->name);
}

/* A figure that other work may have lengthened must not look like any other. */
static void print_median(const struct bench_figures *figures, char text[BENCH_CELL]) {
    const struct unit unit = unit_of(figures->time.median);
    snprintf(text, BENCH_CELL, "%.4g%s %-2s", figures->time.median / unit.seconds,
             figures->entry->contender.uncertain ? "?" : "", unit.name);
}

static void print_interval(const struct bench_figures *figures, char text[BENCH_CELL]) {
    const struct unit unit = unit_of(figures->time.median);
    snprintf(text, BENCH_CELL, "[%.4g, %.4g]", figures->time.low / unit.seconds,
             figures->time.high / unit.seconds);
}

/* Prints it in the unit of the median. */
static void print_minimum(const struct bench_figures *figures, char text[BENCH_CELL]) {
    snprintf(text, BENCH_CELL, "%.4g", figures->minimum / unit_of(figures->time.median).seconds);
}

static void print_per_value(const struct bench_figures *figures, char text[BENCH_CELL]) {
    snprintf(text, BENCH_CELL, "%.4g", figures->nanoseconds_per_value);
}

static void print_rate(const struct bench_figures *figures, char text[BENCH_CELL]) {
    snprintf(text, BENCH_CELL, "%.2f", figures->rate);
}

static void print_share(const struct bench_figures *figures, char text[BENCH_CELL]) {
    if (figures->share > 0) {
        snprintf(text, BENCH_CELL, "%.3f", figures->share);
    }
}

static void print_ratio(const struct bench_figures *figures, char text[BENCH_CELL]) {
    const struct bench_estimate ratio = figures->ratio;
    if (figures->compared) {
        snprintf(text, BENCH_CELL, "%.3f [%.3f, %.3f]", ratio.median, ratio.low, ratio.high);
    }
}

static void print_kernel(const struct bench_figures *figures, char text[BENCH_CELL]) {
    snprintf(text, BENCH_CELL, "%s", figures->entry->kernel);
}

const struct bench_column bench_columns[] = {
    {"implementation", 14, true, 0, print_name},   {"median", 10, false, 0, print_median},
    {"95% interval", 14, true, 2, print_interval}, {"minimum", 7, false, 5, print_minimum},
    {"ns/element", 10, false, 6, print_per_value}, {"GB/s", 6, false, 4, print_rate},
    {"share", 5, false, 3, print_share},           {NULL, 20, true, 1, print_ratio},
    {"kernel", 6, true, 7, print_kernel},
};

void bench_column_heading(const struct bench_table_view *view, size_t column,
                          char text[BENCH_CELL]) {
    const struct bench_entry *first = bench_first_of(view);
    text[0] = '\0';
    if (bench_columns[column].heading) {
        snprintf(text, BENCH_CELL, "%s", bench_columns[column].heading);
    } else if (first) {
        snprintf(text, BENCH_CELL, "time / %.32s's", first->contender.implementation->name);
    }
}

void bench_print_outcome(const struct bench_entry *entry, char *text, size_t size) {
    static const char *const outcomes[] = {
        [BENCH_TIMED] = "no sample yet",
        [BENCH_NOT_SUPPORTED] = "unsupported: ",
        [BENCH_SKIPPED] = "skipped: ",
        [BENCH_FAILED] = "FAILED: ",
    };
    snprintf(text, size, "%s%s", outcomes[entry->outcome], entry->reason);
}

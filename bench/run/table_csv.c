/* Comma-separated values (RFC 4180, with plain ends of lines): a line for each measurement.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/run/table.h"
#include "bench/run/table_columns.h"

#include <stdlib.h>

static void print_text(const char *text, FILE *out) {
    fputc('"', out);
    for (; *text; text++) {
        fputs(*text == '"' ? "\"\"" : (const char[]){*text, '\0'}, out);
    }
    fputc('"', out);
}

/* Prints a number, or nothing if it is not known. */
static void print_number(bool known, double number, FILE *out) {
    fprintf(out, known ? ",%.6g" : ",", number);
}

static void print_figures(const struct bench_figures *figures, FILE *out) {
    const struct {
        bool known;
        double number;
    } cells[] = {
        {figures->timed, figures->time.median},
        {figures->timed, figures->time.low},
        {figures->timed, figures->time.high},
        {figures->timed, figures->minimum},
        {figures->timed, figures->nanoseconds_per_value},
        {figures->timed, figures->rate},
        {figures->share > 0, figures->share},
        {figures->compared, figures->ratio.median},
        {figures->compared, figures->ratio.low},
        {figures->compared, figures->ratio.high},
    };
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        print_number(cells[i].known, cells[i].number, out);
    }
}

static void print_row(const struct bench_table_view *view, const struct bench_figures *figures,
                      FILE *out) {
    const struct bench_entry *entry = figures->entry;
    print_text(view->test_case->text, out);
    fprintf(out, ",%d,", view->threads);
    print_text(entry->contender.implementation->name, out);
    fprintf(out, ",%s", bench_outcome_name(entry->outcome));
    print_figures(figures, out);
    fputc(',', out);
    print_text(entry->kernel, out);
    fputc(',', out);
    print_text(entry->reason, out);
    fprintf(out, ",%d\n", entry->contender.uncertain);
}

void bench_csv_print(const struct bench_table_view *view, bool with_heading, FILE *out) {
    struct bench_figures *figures = bench_figures_of(view);
    if (with_heading) {
        fputs("problem,threads,implementation,status,median,low,high,minimum,ns_per_element,gbps,"
              "share,ratio,ratio_low,ratio_high,kernel,reason,uncertain\n",
              out);
    }
    for (size_t i = 0; i < view->count; i++) {
        print_row(view, &figures[i], out);
    }
    free(figures);
}

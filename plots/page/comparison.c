/* Writes figures of machines side by side, in the order of a buyer's questions: which is fastest
 * for which operator, how fast it is, which share of its limit that is, how it compares with the
 * peers, and how it scales with threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/figures/figures.h"
#include "plots/page/html.h"
#include "plots/page/page_parts.h"
#include "plots/read/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A table, whose rows are held back until it is known whether any has a figure. */
struct table {
    const char *heading, *text;
    const char *lacking; /* the sentence in its place if none has */
    bool threads;        /* whether it has a column for their number */
    struct tool_stream rows;
    size_t figures;
};

/* All operators, with the best configuration of each machine. */
struct page {
    FILE *out;
    struct table table; /* the table that is being written */
    const struct plot_view *view;
    size_t machine_count, operator_count;
    const struct plot_measurement **operators;
    struct plot_comparison *comparisons;
    const struct plot_configuration ***best;
};

/* A row of figures, one for each machine. */
struct row {
    size_t op;
    long long threads; /* 0: the table has no such column */
    size_t problems;
    const struct plot_estimate *figures;
    struct plot_short (*show)(double figure);
    const struct plot_configuration *const *chosen; /* named below the figures; NULL: not named */
};

static struct plot_short show_gbps(double figure) {
    return plot_show_rate(figure, "GB/s");
}

static struct plot_short show_speedup(double figure) {
    struct plot_short shown = plot_show_ratio(figure), with_sign;
    snprintf(with_sign.text, sizeof with_sign.text, "%.20s×", shown.text);
    return with_sign;
}

/* ---- tables -------------------------------------------------------------------------------- */

static void open_table(struct page *page, struct table table) {
    page->table = table;
    tool_stream_open(&page->table.rows);
}

static void write_head(const struct page *page) {
    size_t count = 0;
    struct plot_column *columns = tool_allocate(page->machine_count + 3, sizeof *columns);
    char **labels = tool_allocate(page->machine_count, sizeof *labels);
    columns[count++] = (struct plot_column){"operator", 0};
    if (page->table.threads) {
        columns[count++] = (struct plot_column){"threads", 1};
    }
    for (size_t m = 0; m < page->machine_count; m++) {
        labels[m] = plot_machine_label(page->view, m);
        columns[count++] = (struct plot_column){labels[m], 1};
    }
    columns[count++] =
        (struct plot_column){page->machine_count > 1 ? "common problems" : "problems", 1};
    plot_html_paragraph(page->out, "note", page->table.text);
    plot_html_table(page->out, "compared", columns, count);
    for (size_t m = 0; m < page->machine_count; m++) {
        free(labels[m]);
    }
    free(labels);
    free(columns);
}

static void close_table(struct page *page) {
    char *rows = tool_stream_close(&page->table.rows);
    plot_html_heading(page->out, 3, "", page->table.heading);
    if (page->table.figures > 0) {
        write_head(page);
        fputs(rows, page->out);
        plot_html_table_end(page->out);
    } else {
        plot_html_paragraph(page->out, "note absent", page->table.lacking);
    }
    free(rows);
}

static size_t count_known(const struct page *page, const struct plot_estimate *figures) {
    size_t known = 0;
    for (size_t m = 0; m < page->machine_count; m++) {
        known += isnan(figures[m].value) ? 0 : 1;
    }
    return known;
}

/* Checks whether a is above b for certain, and reads differently: a difference that is not shown is
 * none that a reader could trust. */
static bool beats(struct plot_estimate a, struct plot_estimate b,
                  struct plot_short (*show)(double)) {
    return plot_is_above(a, b) && strcmp(show(a.value).text, show(b.value).text) != 0;
}

/* A machine among those that have a figure in a row. A machine that no other one beats, and that
 * does not beat all of them, may be the best one or not. */
enum standing { BEST, UNDECIDED, BEATEN, NOT_COMPARED };

static enum standing standing_of(const struct page *page, const struct plot_estimate *figures,
                                 struct plot_short (*show)(double), size_t machine) {
    enum standing standing = BEST;
    if (isnan(figures[machine].value) || count_known(page, figures) < 2) {
        return NOT_COMPARED;
    }
    for (size_t m = 0; m < page->machine_count; m++) {
        if (m == machine || isnan(figures[m].value)) {
            continue;
        }
        if (beats(figures[m], figures[machine], show)) {
            return BEATEN;
        }
        standing = beats(figures[machine], figures[m], show) ? standing : UNDECIDED;
    }
    return standing;
}

/* Writes the interval, such as "47.1 – 49.3 GB/s". */
static void write_interval(FILE *out, const struct row *row, struct plot_estimate figure) {
    const struct plot_short low = row->show(figure.low), high = row->show(figure.high);
    fprintf(out, "<br><small>%.*s – %s</small>", (int)strcspn(low.text, " ×%"), low.text,
            high.text);
}

static void write_figure(struct page *page, const struct row *row, size_t machine) {
    FILE *out = page->table.rows.stream;
    const struct plot_estimate figure = row->figures[machine];
    if (isnan(figure.value)) {
        plot_html_number(out, NAN, "–");
        return;
    }
    page->table.figures++;
    bool best = standing_of(page, row->figures, row->show, machine) == BEST;
    fprintf(out, "<td class=\"n\" data-v=\"%.6g\">%s%s%s%s", figure.value, best ? "<b>" : "",
            row->show(figure.value).text, plot_mark(figure.uncertain), best ? "</b>" : "");
    write_interval(out, row, figure);
    if (row->chosen) {
        const struct plot_configuration *chosen = row->chosen[machine];
        fputs("<br><small>", out);
        plot_html_text(out, page->view->implementations[chosen->implementation].name);
        fprintf(out, ", %s</small>", plot_show_threads(chosen->threads).text);
    }
}

static void write_row(struct page *page, const struct row *row) {
    FILE *out = page->table.rows.stream;
    char *label = plot_operator_label(page->operators[row->op]);
    fputs("<tr>", out);
    plot_html_cell(out, label);
    if (row->threads != 0) {
        plot_html_count(out, (size_t)row->threads);
    }
    for (size_t m = 0; m < page->machine_count; m++) {
        write_figure(page, row, m);
    }
    plot_html_count(out, row->problems);
    fputs("</tr>\n", out);
    free(label);
}

/* Writes a table of one metric for the best configurations, with a row for each operator. */
static void write_metric(struct page *page, enum plot_metric metric,
                         struct plot_short (*show)(double), bool name_chosen) {
    struct plot_estimate *figures = tool_allocate(page->machine_count, sizeof *figures);
    for (size_t op = 0; op < page->operator_count; op++) {
        struct row row = {.op = op, .figures = figures, .show = show};
        row.problems =
            plot_comparison_means(&page->comparisons[op], metric, page->best[op], NULL, figures);
        row.chosen = name_chosen ? page->best[op] : NULL;
        write_row(page, &row);
    }
    close_table(page);
    free(figures);
}

/* Writes GB/s for each number of threads, with the set that is best with that number. */
static void write_by_threads(struct page *page) {
    const struct plot_configuration **best = tool_allocate(page->machine_count, sizeof(void *));
    struct plot_estimate *figures = tool_allocate(page->machine_count, sizeof *figures);
    for (size_t op = 0; op < page->operator_count; op++) {
        const struct plot_comparison *comparison = &page->comparisons[op];
        for (long long t = 0; (t = plot_comparison_next_threads(comparison, t)) != 0;) {
            struct row row = {.op = op, .threads = t, .figures = figures, .show = show_gbps};
            plot_comparison_best(comparison, t, best);
            row.problems = plot_comparison_means(comparison, PLOT_GBPS, best, NULL, figures);
            write_row(page, &row);
        }
    }
    close_table(page);
    free(figures);
    free(best);
}

static void write_scaling(struct page *page) {
    const struct plot_configuration **one = tool_allocate(page->machine_count, sizeof *one);
    const struct plot_configuration **many = tool_allocate(page->machine_count, sizeof *many);
    struct plot_estimate *figures = tool_allocate(page->machine_count, sizeof *figures);
    for (size_t op = 0; op < page->operator_count; op++) {
        const struct plot_comparison *comparison = &page->comparisons[op];
        for (long long t = 1; (t = plot_comparison_next_threads(comparison, t)) != 0;) {
            struct row row = {.op = op, .threads = t, .figures = figures, .show = show_speedup};
            for (size_t m = 0; m < page->machine_count; m++) {
                one[m] = plot_comparison_find(comparison, page->best[op][m], 1);
                many[m] = plot_comparison_find(comparison, page->best[op][m], t);
            }
            row.problems = plot_comparison_means(comparison, PLOT_GBPS, many, one, figures);
            if (row.problems > 0) {
                write_row(page, &row);
            }
        }
    }
    close_table(page);
    free(figures);
    free(many);
    free(one);
}

static bool has_several_threads(const struct page *page) {
    for (size_t op = 0; op < page->operator_count; op++) {
        const struct plot_comparison *comparison = &page->comparisons[op];
        if (plot_comparison_next_threads(comparison, 1) != 0 &&
            plot_comparison_next_threads(comparison, 0) == 1) {
            return true;
        }
    }
    return false;
}

/* ---- winners ------------------------------------------------------------------------------- */

/* The number of operators and passes by the standing of a machine in them. */
struct tally {
    size_t counts[NOT_COMPARED + 1];
    size_t compared; /* those in which it has a figure, and another machine too */
};

static void write_card(const struct page *page, size_t machine, const struct tally *tally) {
    char *label = plot_machine_label(page->view, machine);
    fprintf(page->out,
            "<div class=\"card\"><b>%zu of %zu</b><span>operators and passes are fastest on</span>"
            "<a href=\"#summary-%zu\">",
            tally->counts[BEST], tally->compared, machine);
    plot_html_text(page->out, label);
    fputs("</a>", page->out);
    if (tally->counts[UNDECIDED] > 0) {
        fprintf(page->out, "<small>%zu undecided</small>", tally->counts[UNDECIDED]);
    }
    fputs("</div>\n", page->out);
    free(label);
}

/* Counts how a machine stands in the rows of the first table. */
static struct tally tally_of(const struct page *page, size_t machine) {
    struct plot_estimate *figures = tool_allocate(page->machine_count, sizeof *figures);
    struct tally tally = {0};
    for (size_t op = 0; op < page->operator_count; op++) {
        plot_comparison_means(&page->comparisons[op], PLOT_GBPS, page->best[op], NULL, figures);
        tally.counts[standing_of(page, figures, show_gbps, machine)]++;
    }
    tally.compared = page->operator_count - tally.counts[NOT_COMPARED];
    free(figures);
    return tally;
}

static void write_cards(const struct page *page) {
    bool undecided = false;
    fputs("<div class=\"cards\">\n", page->out);
    for (size_t m = 0; m < page->machine_count; m++) {
        const struct tally tally = tally_of(page, m);
        if (tally.compared > 0) {
            write_card(page, m, &tally);
        }
        undecided = undecided || tally.counts[UNDECIDED] > 0;
    }
    fputs("</div>\n", page->out);
    if (undecided) {
        plot_html_paragraph(page->out, "note",
                            "Undecided: the machine may be the fastest or not, as the interval of "
                            "its figure overlaps with that of another, or reads the same, or other "
                            "work disturbed a measurement.");
    }
}

/* ---- the part ------------------------------------------------------------------------------ */

static struct page open_page(FILE *out, const struct plot_view *view) {
    struct page page = {.out = out, .view = view, .machine_count = view->machine_count};
    page.operator_count = plot_operators(view, &page.operators);
    page.comparisons = tool_allocate(page.operator_count, sizeof *page.comparisons);
    page.best = tool_allocate(page.operator_count, sizeof *page.best);
    for (size_t op = 0; op < page.operator_count; op++) {
        plot_comparison_create(&page.comparisons[op], view, page.operators[op]);
        page.best[op] = tool_allocate(page.machine_count, sizeof **page.best);
        plot_comparison_best(&page.comparisons[op], 0, page.best[op]);
    }
    return page;
}

static void close_page(struct page *page) {
    for (size_t op = 0; op < page->operator_count; op++) {
        plot_comparison_destroy(&page->comparisons[op]);
        free(page->best[op]);
    }
    free(page->best);
    free(page->comparisons);
    free(page->operators);
}

#define NO_SET_HAS_A_TIME                                                                          \
    "None of norma's sets has a time: norma-bench run without --impl measures them."

static void write_share(struct page *page) {
    open_table(page, (struct table){
                         .heading = "Share of the machine's own ceiling",
                         .text = "Geometric mean of the share of the better copy (backward: sum), "
                                 "with the set and threads of the first table. A slow machine can "
                                 "have a high share: it says how little is left to gain there.",
                         .lacking = NO_SET_HAS_A_TIME,
                     });
    write_metric(page, PLOT_SHARE, plot_show_percent, false);
}

static void write_speedup(struct page *page, enum plot_metric metric, enum plot_baseline baseline,
                          const char *text) {
    char *label = plot_baseline_label(page->view, baseline);
    char *heading = tool_text("Speed-up over %s", label);
    char *lacking = tool_text("Norma and %s have no problem in common: norma-bench run without "
                              "--impl measures both, where norma was built with it.",
                              page->view->peers);
    open_table(page, (struct table){.heading = heading, .text = text, .lacking = lacking});
    write_metric(page, metric, show_speedup, false);
    free(lacking);
    free(heading);
    free(label);
}

static void write_best(struct page *page, const struct plot_pictures *pictures) {
    bool several = page->machine_count > 1;
    open_table(
        page,
        (struct table){
            .heading = several ? "Which machine is fastest for what" : "Best set and threads",
            .text = several
                        ? "Geometric mean of GB/s (bytes that the pass must move, over the "
                          "median time), with the set and the number of threads for which "
                          "it is highest. All means of a row are over the same problems: "
                          "those that each machine has. Bold: the best of the row, if its "
                          "interval, below it, overlaps with no other. ?: other work "
                          "disturbed a measurement, and nothing is decided by the mean."
                        : "Geometric mean of GB/s (bytes that the pass must move, over the "
                          "median time), with the set and the number of threads for which "
                          "it is highest. Others whose intervals overlap with the one below the "
                          "figure may be as good.",
            .lacking = NO_SET_HAS_A_TIME,
        });
    write_metric(page, PLOT_GBPS, show_gbps, true);
    plot_report_machines_picture(page->out, page->view, pictures);
}

static void write_throughput(struct page *page) {
    open_table(page, (struct table){
                         .heading = "Absolute throughput by number of threads",
                         .text = "The same for each number of threads, with the set that is best "
                                 "with that number. Machines without it are not compared in "
                                 "the row. Rows with different numbers of problems cannot be "
                                 "compared; thread scaling is over the same problems.",
                         .lacking = NO_SET_HAS_A_TIME,
                         .threads = true,
                     });
    write_by_threads(page);
}

static void write_thread_scaling(struct page *page) {
    open_table(page, (struct table){
                         .heading = "Thread scaling",
                         .text = "The time with one thread divided by that with so many, for the "
                                 "set of the first table: geometric means over the problems that "
                                 "were measured with both. In the caches a team can at best divide "
                                 "the time by its size; where memory is the limit, its bandwidth "
                                 "limits the gain.",
                         .lacking = "No problem was measured with one thread and with more, with "
                                    "the set of the first table: norma-bench run --threads 1,2 "
                                    "measures both.",
                         .threads = true,
                     });
    write_scaling(page);
}

void plot_report_comparison(FILE *out, const struct plot_view *view,
                            const struct plot_pictures *pictures) {
    bool several = view->machine_count > 1;
    if (view->item_count == 0) {
        return;
    }
    struct page page = open_page(out, view);
    plot_html_heading(out, 2, "comparison", several ? "Machines compared" : "In absolute figures");
    if (several) {
        write_cards(&page);
    }
    write_best(&page, pictures);
    bool measured = page.table.figures > 0;
    if (several || has_several_threads(&page)) {
        write_throughput(&page);
    }
    if (several) {
        write_share(&page);
        write_speedup(&page, PLOT_OVER_SAME, PLOT_SAME_LAYOUT,
                      "Geometric mean of the peer's median time over norma's, with the set and "
                      "threads of the first table, both with the same number of threads on the "
                      "same machine.");
        write_speedup(&page, PLOT_OVER_FASTEST, PLOT_FASTEST_PEER,
                      "The same against whichever way of the peer is fastest for the problem, in "
                      "any layout.");
    }
    if (measured) {
        write_thread_scaling(&page);
    }
    close_page(&page);
}

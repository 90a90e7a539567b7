/* Writes the key figures: a few large ones for each number of threads, then a table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/figures/figures.h"
#include "plots/page/html.h"
#include "plots/page/page_parts.h"

#include <math.h>
#include <stdlib.h>

/* ---- cards --------------------------------------------------------------------------------- */

static void write_card(FILE *out, const char *figure, const char *text, const char *detail) {
    fputs("<div class=\"card\"><b>", out);
    plot_html_text(out, figure);
    fputs("</b><span>", out);
    plot_html_text(out, text);
    fputs("</span>", out);
    if (*detail != '\0') {
        fputs("<small>", out);
        plot_html_text(out, detail);
        fputs("</small>", out);
    }
    fputs("</div>\n", out);
}

static void write_speedup_card(FILE *out, const struct plot_view *view,
                               const struct plot_summary *summary, enum plot_baseline baseline) {
    const struct plot_estimate mean = plot_mean_of(&summary->ratios[baseline]);
    char *label = plot_baseline_label(view, baseline), *text = tool_text("the speed of %s", label);
    if (isnan(mean.value)) {
        write_card(out, "–", text, "not measured");
    } else {
        char *figure =
            tool_text("%s×%s", plot_show_ratio(mean.value).text, plot_mark(mean.uncertain));
        char *tally = plot_summary_tally(summary, baseline);
        char *detail =
            tool_text("%s; geometric mean, interval %s – %s×; problems from %s× to %s×", tally,
                      plot_show_ratio(mean.low).text, plot_show_ratio(mean.high).text,
                      plot_show_ratio(summary->slowest[baseline].ratio.value).text,
                      plot_show_ratio(summary->fastest[baseline].ratio.value).text);
        write_card(out, figure, text, detail);
        free(tally);
        free(figure);
        free(detail);
    }
    free(text);
    free(label);
}

static void write_cards(FILE *out, const struct plot_view *view, struct plot_summary *summary,
                        const char *heading) {
    char *done = tool_text("%zu of %zu problems have a time", summary->done, summary->problems);
    plot_html_heading(out, 3, "", heading);
    fputs("<div class=\"cards\">\n", out);
    write_speedup_card(out, view, summary, PLOT_SAME_LAYOUT);
    write_speedup_card(out, view, summary, PLOT_FASTEST_PEER);
    char *share = tool_text("%s%s", plot_show_percent(plot_median(&summary->shares)).text,
                            plot_mark(summary->shares_uncertain));
    write_card(out, share,
               "of the speed of a copy, backward of a sum (median share of the ceiling)", done);
    write_card(out, plot_show_share(plot_largest(&summary->shares_of_bound)).text,
               "largest share of the error bound", "above 1 would be a failure");
    fputs("</div>\n", out);
    free(share);
    free(done);
}

/* The measurements that the cards of one heading are about. */
struct topic {
    long long threads;
    bool is_backward;
};

static bool is_about(const struct plot_measurement *measurement, const struct topic *topic) {
    return measurement->threads == topic->threads &&
           plot_measurement_is_backward(measurement) == topic->is_backward;
}

/* Writes the cards of all operators together. Forward and backward are apart, as their ceilings and
 * peers differ. */
static void write_topic(FILE *out, const struct plot_view *view, struct plot_span machine,
                        const struct topic *topic, size_t implementation) {
    struct plot_summary summary = {.implementation = implementation};
    for (struct plot_span op = {0}; plot_span_next(machine, PLOT_BY_OPERATOR, &op);) {
        for (struct plot_span run = {0}; plot_span_next(op, PLOT_BY_THREADS, &run);) {
            if (is_about(run.items[0], topic)) {
                plot_summary_add(&summary, view, run);
            }
        }
    }
    if (summary.done > 0) {
        char *heading = tool_text(
            "%s, %s, %s, all operators", view->implementations[implementation].name,
            plot_show_threads(topic->threads).text, topic->is_backward ? "backward" : "forward");
        write_cards(out, view, &summary, heading);
        free(heading);
    }
    plot_summary_free(&summary);
}

/* Returns the number of threads behind `before` (0: the first) in the order of
 * plot_compare_threads; 0: there are no more. */
static long long next_threads(struct plot_span machine, long long before) {
    long long next = 0;
    for (struct plot_span op = {0}; plot_span_next(machine, PLOT_BY_OPERATOR, &op);) {
        for (struct plot_span run = {0}; plot_span_next(op, PLOT_BY_THREADS, &run);) {
            long long threads = run.items[0]->threads;
            bool follows = before == 0 || plot_compare_threads(machine, before, threads) < 0;
            if (follows && (next == 0 || plot_compare_threads(machine, threads, next) < 0)) {
                next = threads;
            }
        }
    }
    return next;
}

static void write_all_cards(FILE *out, const struct plot_view *view, struct plot_span machine,
                            size_t fastest) {
    for (long long threads = 0; (threads = next_threads(machine, threads)) != 0;) {
        for (int backward = 0; backward <= 1; backward++) {
            struct topic topic = {.threads = threads, .is_backward = backward == 1};
            write_topic(out, view, machine, &topic, fastest);
        }
    }
}

/* ---- table --------------------------------------------------------------------------------- */

static void write_extreme(FILE *out, const struct plot_speedup *speedup) {
    char *label = plot_case_label(speedup->mine);
    fprintf(out, "%s×%s <small>", plot_show_ratio(speedup->ratio.value).text,
            plot_mark(speedup->ratio.uncertain));
    plot_html_text(out, label);
    fputs("</small>", out);
    free(label);
}

static void write_mean(FILE *out, const struct plot_summary *summary, enum plot_baseline baseline) {
    const struct plot_estimate mean = plot_mean_of(&summary->ratios[baseline]);
    if (isnan(mean.value)) {
        plot_html_number(out, NAN, "–");
        return;
    }
    char *tally = plot_summary_tally(summary, baseline);
    fprintf(out, "<td class=\"n\" data-v=\"%.6g\"><b>%s×%s</b><br><small>%s</small>", mean.value,
            plot_show_ratio(mean.value).text, plot_mark(mean.uncertain), tally);
    free(tally);
}

static void write_range(FILE *out, const struct plot_summary *summary,
                        enum plot_baseline baseline) {
    if (plot_summary_compared(summary, baseline) == 0) {
        plot_html_cell(out, "–");
        return;
    }
    fprintf(out, "<td class=\"range\" data-v=\"%.6g\">", summary->slowest[baseline].ratio.value);
    write_extreme(out, &summary->slowest[baseline]);
    fputs("<br>", out);
    write_extreme(out, &summary->fastest[baseline]);
}

/* Writes what the row is about into its first cell, so that a phone has the figures beside it. */
static void write_subject(FILE *out, const struct plot_view *view, struct plot_span run,
                          size_t implementation) {
    char *label = plot_operator_label(run.items[0]);
    plot_html_cell(out, label);
    fputs("<br><small>", out);
    plot_html_text(out, view->implementations[implementation].name);
    fprintf(out, ", %s</small>", plot_show_threads(run.items[0]->threads).text);
    free(label);
}

static void write_row(FILE *out, const struct plot_view *view, struct plot_span run,
                      size_t implementation) {
    struct plot_summary summary = {.implementation = implementation};
    plot_summary_add(&summary, view, run);
    fputs("<tr>", out);
    write_subject(out, view, run, implementation);
    for (int b = 0; b < PLOT_BASELINE_COUNT; b++) {
        write_mean(out, &summary, (enum plot_baseline)b);
    }
    double share = plot_median(&summary.shares);
    double bound = plot_largest(&summary.shares_of_bound);
    char *shown =
        tool_text("%s%s", plot_show_percent(share).text, plot_mark(summary.shares_uncertain));
    plot_html_number(out, share, shown);
    plot_html_number(out, bound, plot_show_share(bound).text);
    plot_html_count(out, summary.done);
    for (int b = 0; b < PLOT_BASELINE_COUNT; b++) {
        write_range(out, &summary, (enum plot_baseline)b);
    }
    fputs("</tr>\n", out);
    free(shown);
    plot_summary_free(&summary);
}

/* Writes the first set of each operator or, with `every`, every set. */
static void write_table(FILE *out, const struct plot_view *view, struct plot_span machine,
                        bool every) {
    char *same = tool_text("× %s in the same layout", view->peers);
    char *any = tool_text("× %s at its fastest", view->peers);
    const struct plot_column columns[] = {
        {"operator", 0},
        {same, 1},
        {any, 1},
        {"share of ceiling, median", 1},
        {"share of bound, largest", 1},
        {"problems", 1},
        {"same layout: from, to", 0},
        {"at its fastest: from, to", 0},
    };
    plot_html_table(out, "summary", columns, sizeof columns / sizeof columns[0]);
    free(same);
    free(any);
    for (struct plot_span op = {0}; plot_span_next(machine, PLOT_BY_OPERATOR, &op);) {
        for (struct plot_span run = {0}; plot_span_next(op, PLOT_BY_THREADS, &run);) {
            size_t fastest = view->implementation_count;
            plot_fastest(view, run, &fastest);
            for (size_t i = 0; i < view->implementation_count; i++) {
                bool ours = view->implementations[i].kind == PLOT_KIND_NORMA;
                if (i == fastest || (every && ours && plot_span_has(run, i))) {
                    write_row(out, view, run, i);
                }
            }
        }
    }
    plot_html_table_end(out);
}

void plot_report_summary(FILE *out, const struct plot_view *view, struct plot_span machine) {
    size_t fastest;
    plot_html_part(out, "summary", machine.items[0]->machine, "Summary");
    if (!plot_fastest(view, machine, &fastest)) {
        plot_html_paragraph(out, "note",
                            "None of norma's sets has a time: norma-bench run without --impl "
                            "measures them; Not measured, below, has the reasons where it did.");
        return;
    }
    write_all_cards(out, view, machine, fastest);
    plot_html_heading(out, 3, "", "By operator, norma's first set");
    write_table(out, view, machine, false);
    fputs("<details><summary>By operator, every set</summary>\n", out);
    write_table(out, view, machine, true);
    fputs("</details>\n", out);
    char *note = tool_text(
        "The first set is the first that was measured of avx512, avx2, neon, portable and others "
        "by name. Another may be faster: every set is in the folded table, and the tables of "
        "absolute figures have the best. Speed-up is the median time of %s divided by the set's "
        "for the same problem; means are geometric and count every problem once. A problem is "
        "faster or slower where the 95%% intervals of the two times do not overlap, and undecided "
        "where they do. The interval of a mean has the means of the ends of its problems' "
        "intervals. ?: a measurement that other work disturbed is in the figure, which decides "
        "nothing. Same layout: the peer's own way on the tensors as they are. At its fastest: "
        "whichever way of the peer was quickest for the problem, in any layout (its tensors "
        "already in it) and however composed. Ceiling: the better of a plain and a non-temporal "
        "copy of the same footprint in the same run; backward, and with a residual, of a sum of "
        "two images into a third.",
        view->peers);
    plot_html_paragraph(out, "note", note);
    free(note);
}

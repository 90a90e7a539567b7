/* The key figures: a few large ones per number of threads, then a table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "html.h"
#include "report.h"
#include "summary.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>

/* ---- cards --------------------------------------------------------------------------------- */

static void write_card(FILE *out, const char *figure, const char *text, const char *detail) {
    fputs("<div class=\"card\"><b>", out);
    norma_html_text(out, figure);
    fputs("</b><span>", out);
    norma_html_text(out, text);
    fputs("</span>", out);
    if (*detail != '\0') {
        fputs("<small>", out);
        norma_html_text(out, detail);
        fputs("</small>", out);
    }
    fputs("</div>\n", out);
}

static void write_speedup_card(FILE *out, const struct norma_summary *summary,
                               enum norma_baseline baseline) {
    const struct norma_sample *ratios = &summary->ratios[baseline];
    char *text = norma_text("the speed of %s", norma_baseline_text(baseline));
    if (ratios->count == 0) {
        write_card(out, "–", text, "not measured");
    } else {
        char *figure = norma_text("%s×", norma_show_ratio(norma_geometric_mean(ratios)).text);
        char *detail = norma_text("geometric mean of %zu problems, from %s× to %s×", ratios->count,
                                  norma_show_ratio(summary->slowest[baseline].ratio).text,
                                  norma_show_ratio(summary->fastest[baseline].ratio).text);
        write_card(out, figure, text, detail);
        free(figure);
        free(detail);
    }
    free(text);
}

static void write_cards(FILE *out, struct norma_summary *summary, const char *heading) {
    char *done = norma_text("%zu of %zu problems have a time", summary->done, summary->problems);
    norma_html_heading(out, 3, "", heading);
    fputs("<div class=\"cards\">\n", out);
    write_speedup_card(out, summary, NORMA_SAME_LAYOUT);
    write_speedup_card(out, summary, NORMA_FASTEST_ONEDNN);
    write_card(out, norma_show_percent(norma_median(&summary->shares)).text,
               "of the speed of a copy, backward of a sum (median share of the ceiling)", done);
    write_card(out, norma_show_share(norma_largest(&summary->shares_of_bound)).text,
               "largest share of the error bound", "above 1 would be a failure");
    fputs("</div>\n", out);
    free(done);
}

/* What the cards of one heading are about. */
struct topic {
    long long threads;
    bool is_backward;
};

static bool is_about(const struct norma_measurement *measurement, const struct topic *topic) {
    return measurement->threads == topic->threads &&
           norma_measurement_is_backward(measurement) == topic->is_backward;
}

/* All operators together. Forward and backward apart: their ceilings and rivals differ. */
static void write_topic(FILE *out, const struct norma_view *view, struct norma_span machine,
                        const struct topic *topic, size_t implementation) {
    struct norma_summary summary = {.implementation = implementation};
    const struct norma_measurement *about = NULL;
    for (struct norma_span op = {0}; norma_span_next(machine, NORMA_BY_OPERATOR, &op);) {
        for (struct norma_span run = {0}; norma_span_next(op, NORMA_BY_THREADS, &run);) {
            if (is_about(run.items[0], topic)) {
                norma_summary_add(&summary, view, run);
                about = run.items[0];
            }
        }
    }
    if (summary.done > 0) {
        char *threads = norma_threads_label(about);
        char *heading =
            norma_text("%s, %s, %s, all operators", view->implementations[implementation].name,
                       threads, topic->is_backward ? "backward" : "forward");
        write_cards(out, &summary, heading);
        free(heading);
        free(threads);
    }
    norma_summary_free(&summary);
}

/* The number of threads that comes after `before`, in the order of norma_compare_threads (0: the
 * first); 0: no more. */
static long long next_threads(struct norma_span machine, long long before) {
    long long next = 0;
    for (struct norma_span op = {0}; norma_span_next(machine, NORMA_BY_OPERATOR, &op);) {
        for (struct norma_span run = {0}; norma_span_next(op, NORMA_BY_THREADS, &run);) {
            long long threads = run.items[0]->threads;
            bool follows = before == 0 || norma_compare_threads(machine, before, threads) < 0;
            if (follows && (next == 0 || norma_compare_threads(machine, threads, next) < 0)) {
                next = threads;
            }
        }
    }
    return next;
}

static void write_all_cards(FILE *out, const struct norma_view *view, struct norma_span machine,
                            size_t fastest) {
    for (long long threads = 0; (threads = next_threads(machine, threads)) != 0;) {
        for (int backward = 0; backward <= 1; ++backward) {
            struct topic topic = {.threads = threads, .is_backward = backward == 1};
            write_topic(out, view, machine, &topic, fastest);
        }
    }
}

/* ---- table --------------------------------------------------------------------------------- */

static void write_extreme(FILE *out, const struct norma_speedup *speedup) {
    char *label = norma_case_label(speedup->mine);
    fprintf(out, "%s× <small>", norma_show_ratio(speedup->ratio).text);
    norma_html_text(out, label);
    fputs("</small>", out);
    free(label);
}

static void write_baseline(FILE *out, const struct norma_summary *summary,
                           enum norma_baseline baseline) {
    const struct norma_sample *ratios = &summary->ratios[baseline];
    if (ratios->count == 0) {
        norma_html_number(out, NAN, "–");
        norma_html_number(out, NAN, "–");
        return;
    }
    double mean = norma_geometric_mean(ratios);
    fprintf(out, "<td class=\"n\" data-v=\"%.6g\"><b>%s×</b>", mean, norma_show_ratio(mean).text);
    fprintf(out, "<td class=\"range\" data-v=\"%.6g\">", summary->slowest[baseline].ratio);
    write_extreme(out, &summary->slowest[baseline]);
    fputs("<br>", out);
    write_extreme(out, &summary->fastest[baseline]);
}

static void write_row(FILE *out, const struct norma_view *view, struct norma_span run,
                      size_t implementation) {
    struct norma_summary summary = {.implementation = implementation};
    norma_summary_add(&summary, view, run);
    char *label = norma_operator_label(run.items[0]);
    fputs("<tr>", out);
    norma_html_cell(out, label);
    norma_html_cell(out, view->implementations[implementation].name);
    norma_html_count(out, (size_t)run.items[0]->threads);
    norma_html_count(out, summary.done);
    for (int b = 0; b < NORMA_BASELINE_COUNT; ++b) {
        write_baseline(out, &summary, (enum norma_baseline)b);
    }
    double share = norma_median(&summary.shares);
    double bound = norma_largest(&summary.shares_of_bound);
    norma_html_number(out, share, norma_show_percent(share).text);
    norma_html_number(out, bound, norma_show_share(bound).text);
    fputs("</tr>\n", out);
    free(label);
    norma_summary_free(&summary);
}

/* The fastest set of each operator alone, or every set. */
static void write_table(FILE *out, const struct norma_view *view, struct norma_span machine,
                        bool every) {
    static const struct norma_column columns[] = {
        {"operator", 0},
        {"set", 0},
        {"threads", 1},
        {"problems", 1},
        {"× oneDNN, same layout", 1},
        {"from, to", 0},
        {"× fastest oneDNN", 1},
        {"from, to", 0},
        {"share of ceiling, median", 1},
        {"share of bound, largest", 1},
    };
    norma_html_table(out, "", columns, sizeof columns / sizeof columns[0]);
    for (struct norma_span op = {0}; norma_span_next(machine, NORMA_BY_OPERATOR, &op);) {
        for (struct norma_span run = {0}; norma_span_next(op, NORMA_BY_THREADS, &run);) {
            size_t fastest = view->implementation_count;
            norma_fastest(view, run, &fastest);
            for (size_t i = 0; i < view->implementation_count; ++i) {
                bool ours = view->implementations[i].kind == NORMA_KIND_OURS;
                if (i == fastest || (every && ours && norma_span_has(run, i))) {
                    write_row(out, view, run, i);
                }
            }
        }
    }
    norma_html_table_end(out);
}

void norma_report_summary(FILE *out, const struct norma_view *view, struct norma_span machine) {
    char *id = norma_text("summary-%zu", machine.items[0]->machine);
    size_t fastest;
    norma_html_heading(out, 2, id, "Summary");
    free(id);
    if (!norma_fastest(view, machine, &fastest)) {
        norma_html_paragraph(out, "note",
                             "None of norma's sets has a time: norma-bench run without --impl "
                             "measures them; Not measured, below, has the reasons where it did.");
        return;
    }
    write_all_cards(out, view, machine, fastest);
    norma_html_heading(out, 3, "", "By operator, norma's fastest set");
    write_table(out, view, machine, false);
    fputs("<details><summary>By operator, every set</summary>\n", out);
    write_table(out, view, machine, true);
    fputs("</details>\n", out);
    norma_html_paragraph(
        out, "note",
        "Speed-up is oneDNN's median time divided by the set's for the same problem; means are "
        "geometric and count every problem once. Same layout: oneDNN's own way (onednn) on the "
        "tensors as they are. Fastest: whichever oneDNN was quickest for the problem, in any "
        "layout (its tensors already in it) and however composed. Ceiling: the better of a plain "
        "and a non-temporal copy of the same footprint in the same run; backward, and with a "
        "residual, of a sum of two images into a third.");
}

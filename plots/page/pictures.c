/* Writes the pictures of a machine. Speed-up and share are open for the number of threads with the
 * most measurements, and everything else is folded away, so that the page can be read in minutes. A
 * sentence gives the reason for a picture that is missing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/page/html.h"
#include "plots/page/origin.h"
#include "plots/page/page_parts.h"

#include <stdlib.h>
#include <string.h>

/* The pictures that one part of the page shows. */
struct selection {
    const struct plot_view *view;
    const struct plot_pictures *pictures;
    enum plot_picture_kind kind;
    size_t machine;
};

static bool is_of_ceilings(enum plot_picture_kind kind) {
    return kind == PLOT_PICTURE_MEMORY || kind == PLOT_PICTURE_ROOFLINE;
}

static bool is_wanted(const struct selection *selection, enum plot_picture_kind kind,
                      size_t machine) {
    bool wanted =
        kind == selection->kind || (is_of_ceilings(kind) && is_of_ceilings(selection->kind));
    return wanted && machine == selection->machine;
}

static bool is_selected(const struct selection *selection, size_t index) {
    const struct plot_picture *picture = &selection->pictures->items[index];
    return is_wanted(selection, picture->kind, picture->machine);
}

static char *read_svg(const struct plot_picture *picture) {
    char *name = tool_text("%s.svg", picture->name);
    char *svg = plot_stage_read(name);
    free(name);
    return svg;
}

/* Returns whether the measurement repeats another one of the span for one more shape set. */
static bool is_twice(struct plot_span span, const struct plot_measurement *item) {
    for (size_t i = 0; item->repeated && i < span.count; i++) {
        if (!span.items[i]->repeated && strcmp(span.items[i]->problem, item->problem) == 0) {
            return true;
        }
    }
    return false;
}

/* Writes the command that measures again all that a picture shows, problem by problem. */
static void write_command(FILE *out, const struct selection *selection,
                          const struct plot_picture *picture) {
    const struct plot_view *view = selection->view;
    const char *separator = "", *before = "";
    fputs("<details class=\"repeat\"><summary>To repeat it</summary><code>norma-bench run --impl ",
          out);
    for (size_t i = 0; i < view->implementation_count; i++) {
        if (view->implementations[i].kind != PLOT_KIND_CEILING && plot_span_has(picture->span, i)) {
            char *word = plot_shell_word(view->implementations[i].name);
            fputs(separator, out);
            plot_html_text(out, word);
            free(word);
            separator = ",";
        }
    }
    fprintf(out, " --threads %lld", picture->threads);
    for (size_t i = 0; i < picture->span.count; i++) {
        const char *problem = picture->span.items[i]->problem;
        if (strcmp(problem, before) != 0 && !is_twice(picture->span, picture->span.items[i])) {
            char *word = plot_shell_word(problem);
            fputc(' ', out);
            plot_html_text(out, word);
            free(word);
            before = problem;
        }
    }
    fputs("</code></details>", out);
}

static void write_figure(FILE *out, const struct selection *selection,
                         const struct plot_picture *picture) {
    char *svg = read_svg(picture);
    fputs("<figure><div class=\"scroll\">", out);
    plot_svg_inline(out, svg, picture->width, picture->height, picture->title);
    fputs("</div><figcaption>", out);
    plot_html_text(out, picture->caption);
    if (picture->machine < selection->view->machine_count) {
        plot_report_origin(out, selection->view, picture->machine, is_of_ceilings(picture->kind));
    }
    if (picture->span.count > 0) {
        write_command(out, selection, picture);
    }
    fputs("</figcaption></figure>\n", out);
    free(svg);
}

/* Returns the number of threads behind `before` (0: the first) in the order of
 * plot_compare_threads; 0: there are no more. */
static long long next_threads(const struct selection *selection, long long before) {
    struct plot_span measured = plot_view_machine(selection->view, selection->machine);
    long long next = 0;
    for (size_t i = 0; i < selection->pictures->count; i++) {
        long long threads = selection->pictures->items[i].threads;
        bool follows = is_selected(selection, i) &&
                       (before == 0 || plot_compare_threads(measured, before, threads) < 0);
        if (follows && (next == 0 || plot_compare_threads(measured, threads, next) < 0)) {
            next = threads;
        }
    }
    return next;
}

static void write_of_threads(FILE *out, const struct selection *selection, long long threads) {
    fprintf(out, "<div class=\"figures %s\">\n",
            selection->kind == PLOT_PICTURE_SHARE || is_of_ceilings(selection->kind) ? "narrow"
                                                                                     : "wide");
    for (size_t i = 0; i < selection->pictures->count; i++) {
        const struct plot_picture *picture = &selection->pictures->items[i];
        if (is_selected(selection, i) && picture->threads == threads) {
            write_figure(out, selection, picture);
        }
    }
    fputs("</div>\n", out);
}

/* ---- pictures that are not there ----------------------------------------------------------- */

/* Returns whether two absences belong to one sentence in one part of the page. */
static bool is_alike(const struct plot_absence *a, const struct plot_absence *b) {
    return a->machine == b->machine && a->threads == b->threads && strcmp(a->why, b->why) == 0 &&
           (a->kind == b->kind || (is_of_ceilings(a->kind) && is_of_ceilings(b->kind)));
}

static bool is_said(const struct plot_pictures *pictures, size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (is_alike(&pictures->absences[i], &pictures->absences[index])) {
            return true;
        }
    }
    return false;
}

/* Writes "Not drawn with 2 threads: bn fwd, bn bwd, as oneDNN was not measured." */
static void write_absence(FILE *out, const struct plot_pictures *pictures, size_t first) {
    const struct plot_absence *absence = &pictures->absences[first];
    struct tool_stream text;
    tool_stream_open(&text);
    fputs("Not drawn", text.stream);
    if (absence->threads > 0) {
        fprintf(text.stream, " with %s", plot_show_threads(absence->threads).text);
    }
    const char *separator = ": ";
    for (size_t i = first; i < pictures->absence_count; i++) {
        if (is_alike(absence, &pictures->absences[i])) {
            fprintf(text.stream, "%s%s", separator, pictures->absences[i].what);
            separator = ", ";
        }
    }
    fprintf(text.stream, ", as %s.", absence->why);
    char *sentence = tool_stream_close(&text);
    plot_html_paragraph(out, "note absent", sentence);
    free(sentence);
}

static void write_absences(FILE *out, const struct selection *selection) {
    const struct plot_pictures *pictures = selection->pictures;
    for (size_t i = 0; i < pictures->absence_count; i++) {
        const struct plot_absence *absence = &pictures->absences[i];
        if (is_wanted(selection, absence->kind, absence->machine) && !is_said(pictures, i)) {
            write_absence(out, pictures, i);
        }
    }
}

/* ---- parts --------------------------------------------------------------------------------- */

static void write_by_threads(FILE *out, const struct selection *selection) {
    long long first = next_threads(selection, 0);
    if (first != 0) {
        write_of_threads(out, selection, first);
    }
    for (long long t = first; t != 0 && (t = next_threads(selection, t)) != 0;) {
        fprintf(out, "<details><summary>The same with %s</summary>\n", plot_show_threads(t).text);
        write_of_threads(out, selection, t);
        fputs("</details>\n", out);
    }
    write_absences(out, selection);
}

/* Folds the pictures of each operator, which follow each other in the list, into one element. */
static void write_by_operator(FILE *out, const struct selection *selection) {
    const struct plot_picture *before = NULL;
    for (size_t i = 0; i < selection->pictures->count; i++) {
        const struct plot_picture *picture = &selection->pictures->items[i];
        if (!is_selected(selection, i)) {
            continue;
        }
        if (!before || plot_compare_operators(before->span.items[0], picture->span.items[0]) != 0) {
            char *label = plot_operator_label(picture->span.items[0]);
            fputs(before ? "</div></details>\n" : "", out);
            fputs("<details><summary>", out);
            plot_html_text(out, label);
            fputs("</summary><div class=\"figures wide\">\n", out);
            free(label);
        }
        write_figure(out, selection, picture);
        before = picture;
    }
    fputs(before ? "</div></details>\n" : "", out);
    write_absences(out, selection);
}

void plot_report_ceilings(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine) {
    struct selection selection = {view, pictures, PLOT_PICTURE_MEMORY, machine};
    write_by_threads(out, &selection);
}

void plot_report_machines_picture(FILE *out, const struct plot_view *view,
                                  const struct plot_pictures *pictures) {
    struct selection selection = {view, pictures, PLOT_PICTURE_MACHINES, view->machine_count};
    for (size_t i = 0; i < pictures->count; i++) {
        if (is_selected(&selection, i)) {
            write_figure(out, &selection, &pictures->items[i]);
        }
    }
    write_absences(out, &selection);
}

void plot_report_definitions(FILE *out, const struct plot_pictures *pictures) {
    if (pictures->count > 0) {
        char *svg = read_svg(&pictures->items[0]);
        plot_svg_definitions(out, svg);
        free(svg);
    }
}

void plot_report_pictures(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t machine) {
    struct selection selection = {.view = view, .pictures = pictures, .machine = machine};
    char *heading = tool_text("Speed-up over %s", view->peers);
    char *text = tool_text(
        "A row for each layer, a column for each micro-batch. Blue: norma is faster; orange: %s is "
        "faster; white: they are equal. The number is the ratio of the median times. On the left "
        "both have the same layout; on the right the peer is whichever was fastest for the "
        "problem, in any layout. A case without a cell was not requested. "
        "?: other work disturbed one of the two measurements.",
        view->peers);
    plot_html_part(out, "speedup", machine, heading);
    plot_html_paragraph(out, "note", text);
    free(text);
    free(heading);
    selection.kind = PLOT_PICTURE_SPEEDUP;
    write_by_threads(out, &selection);

    plot_html_part(out, "share", machine, "Share of the ceiling");
    plot_html_paragraph(
        out, "note",
        "Each point is a problem, with its share of the speed of the better of a plain and a "
        "non-temporal copy of the same footprint in the same run; backward, of a sum of two "
        "images into a third. The lines join the medians of each doubling of the footprint. "
        "Vertical lines are the sizes of one cache of each level. A drop at the left is "
        "usually overhead, a drop at the right usually more traffic to memory.");
    selection.kind = PLOT_PICTURE_SHARE;
    write_by_threads(out, &selection);

    plot_html_part(out, "throughput", machine, "Throughput");
    plot_html_paragraph(
        out, "note",
        "The bytes that the pass must move (each image read or written once) divided by the median "
        "time. There is a panel for each layer, and all have the same axes. Bars are the 95% "
        "confidence interval of the median. The dashed line is the ceiling, the better copy or sum "
        "of the same run.");
    selection.kind = PLOT_PICTURE_THROUGHPUT;
    write_by_operator(out, &selection);
}

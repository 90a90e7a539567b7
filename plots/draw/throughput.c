/* Throughput against micro-batch: a panel for each layer, all on the same logarithmic axes, so that
 * a distance between a curve and the dashed line is the same share of the ceiling everywhere.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/axis.h"
#include "plots/draw/kinds.h"
#include "plots/draw/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_PANELS = 24, /* in one picture; further layers are on the next one */
    PANEL_WIDTH = 250,
    PANEL_HEIGHT = 165,
    GAP_X = 22,
    GAP_Y = 34, /* room for the next panel's title */
    LEFT = 66,
    BOTTOM = 58,
    LEAST_WIDTH = 660,
    LONGEST_LAYER = 34
};

/* The layers of one picture. */
struct sheet {
    struct plot_canvas canvas;
    struct plot_span shapes; /* all layers of the shape set */
    struct plot_span layers[MOST_PANELS];
    int panels, columns, rows;
    bool *shown; /* for each implementation */
    double low_n, high_n, low_gbps, high_gbps;
};

/* ---- what is shown ------------------------------------------------------------------------- */

static bool is_curve(const struct plot_view *view, const struct plot_measurement *item) {
    return item->outcome == PLOT_DONE &&
           view->implementations[item->implementation_index].kind != PLOT_KIND_CEILING;
}

static bool has_curve(const struct plot_view *view, struct plot_span layer) {
    for (size_t i = 0; i < layer.count; i++) {
        if (is_curve(view, layer.items[i])) {
            return true;
        }
    }
    return false;
}

static void extend_ranges(struct sheet *sheet, const struct plot_measurement *item) {
    sheet->low_n = fmin(sheet->low_n, fmax((double)item->n, 1));
    sheet->high_n = fmax(sheet->high_n, fmax((double)item->n, 1));
    sheet->low_gbps = fmin(sheet->low_gbps, fmin(item->gbps, item->ceiling_gbps));
    sheet->high_gbps = fmax(sheet->high_gbps, fmax(item->gbps, item->ceiling_gbps));
}

static void survey(struct sheet *sheet, const struct plot_view *view) {
    sheet->low_n = sheet->low_gbps = INFINITY;
    sheet->high_n = sheet->high_gbps = 0;
    for (int p = 0; p < sheet->panels; p++) {
        for (size_t i = 0; i < sheet->layers[p].count; i++) {
            const struct plot_measurement *item = sheet->layers[p].items[i];
            if (is_curve(view, item)) {
                sheet->shown[item->implementation_index] = true;
                extend_ranges(sheet, item);
            }
        }
    }
}

/* ---- axes ---------------------------------------------------------------------------------- */

/* Has a tick at each n measured, except where labels would overlap. */
static void batch_axis(const struct sheet *sheet, FILE *out) {
    long long *ns;
    size_t count = plot_span_batches(sheet->shapes, &ns);
    double least_ratio = pow(fmax(sheet->high_n / sheet->low_n, 2), 1.0 / 9);
    double last = 0;
    fprintf(out, "set logscale x 2; set xrange [%g:%g]; set xtics nomirror (", sheet->low_n / 1.35,
            sheet->high_n * 1.35);
    for (size_t i = 0; i < count; i++) {
        if (ns[i] > 0 && (double)ns[i] >= last * least_ratio) {
            fprintf(out, "%s%lld", last == 0 ? "" : ",", ns[i]);
            last = (double)ns[i];
        }
    }
    fputs(")\n", out);
    free(ns);
}

/* ---- panels -------------------------------------------------------------------------------- */

static void write_curve(struct sheet *sheet, int panel, size_t implementation) {
    FILE *out = sheet->canvas.data.stream;
    fprintf(out, "$p%d_%zu << EOD\n", panel, implementation);
    for (size_t i = 0; i < sheet->layers[panel].count; i++) {
        const struct plot_measurement *item = sheet->layers[panel].items[i];
        if (item->implementation_index == implementation && item->outcome == PLOT_DONE) {
            fprintf(out, "%lld %.5g %.5g %.5g\n", item->n, item->gbps,
                    item->bytes / item->high / 1e9, item->bytes / item->low / 1e9);
        }
    }
    fputs("EOD\n", out);
}

/* Returns 0 if nothing was measured. */
static double ceiling_of(struct plot_span problem) {
    double best = 0;
    for (size_t i = 0; i < problem.count; i++) {
        if (problem.items[i]->outcome == PLOT_DONE) {
            best = fmax(best, problem.items[i]->ceiling_gbps);
        }
    }
    return best;
}

/* Writes the ceiling's points. For a single one it writes two, since one point makes no line. */
static void write_ceiling(struct sheet *sheet, int panel) {
    FILE *out = sheet->canvas.data.stream;
    struct plot_span layer = sheet->layers[panel];
    bool single = layer.items[0]->n == layer.items[layer.count - 1]->n;
    fprintf(out, "$c%d << EOD\n", panel);
    for (struct plot_span problem = {0}; plot_span_next(layer, PLOT_BY_PROBLEM, &problem);) {
        double n = (double)problem.items[0]->n, best = ceiling_of(problem);
        if (best > 0 && single) {
            fprintf(out, "%g %.5g\n%g %.5g\n", n / 1.25, best, n * 1.25, best);
        } else if (best > 0) {
            fprintf(out, "%g %.5g\n", n, best);
        }
    }
    fputs("EOD\n", out);
}

static void draw_curves(struct sheet *sheet, int panel) {
    FILE *out = sheet->canvas.commands.stream;
    const struct plot_view *view = sheet->canvas.view;
    fprintf(out, "plot $c%d using 1:2 with lines dt " PLOT_DASH " lw 1.5 lc rgb 'black' notitle",
            panel);
    write_ceiling(sheet, panel);
    for (size_t i = view->implementation_count; i-- > 0;) {
        if (sheet->shown[i] && plot_span_has(sheet->layers[panel], i)) {
            const struct plot_style *style = &view->implementations[i].style;
            write_curve(sheet, panel, i);
            fprintf(out,
                    ", \\\n  $p%d_%zu using 1:2:3:4 with yerrorlines pt %d ps 0.5 lw 1.2 lc rgb "
                    "'%s' notitle",
                    panel, i, style->point, style->light);
        }
    }
    fputc('\n', out);
}

static void draw_panel(struct sheet *sheet, int panel) {
    FILE *out = sheet->canvas.commands.stream;
    int row = panel / sheet->columns, column = panel % sheet->columns;
    int left = LEFT + column * (PANEL_WIDTH + GAP_X);
    int bottom = sheet->canvas.height - BOTTOM - (sheet->rows - 1 - row) * (PANEL_HEIGHT + GAP_Y);
    bool lowest = panel + sheet->columns >= sheet->panels;
    char *label = plot_layer_label(sheet->shapes, sheet->layers[panel].items[0]);
    plot_canvas_area(&sheet->canvas, left, bottom - PANEL_HEIGHT, PANEL_WIDTH, PANEL_HEIGHT);
    fputs("set title ", out);
    plot_gnuplot_text(out, label, LONGEST_LAYER);
    fprintf(out, " offset 0,-0.7\nset format x '%s'; set format y '%s'\n", lowest ? "%g" : "",
            column == 0 ? "%g" : "");
    draw_curves(sheet, panel);
    plot_canvas_forget(&sheet->canvas);
    free(label);
}

/* ---- the picture --------------------------------------------------------------------------- */

static void size_canvas(struct sheet *sheet, const struct plot_view *view, int *top) {
    size_t entries = 1;
    for (size_t i = 0; i < view->implementation_count; i++) {
        entries += sheet->shown[i];
    }
    sheet->columns = sheet->panels < 3 ? sheet->panels : sheet->panels <= 9 ? 3 : 4;
    sheet->rows = (sheet->panels + sheet->columns - 1) / sheet->columns;
    int width = LEFT + sheet->columns * (PANEL_WIDTH + GAP_X);
    width = width < LEAST_WIDTH ? LEAST_WIDTH : width;
    *top = 2 * PLOT_CANVAS_LINE + PLOT_CANVAS_MARGIN;
    int height = *top + PLOT_CANVAS_LINE * plot_canvas_legend_lines(width, entries) +
                 sheet->rows * (PANEL_HEIGHT + GAP_Y) + BOTTOM;
    plot_canvas_open(&sheet->canvas, view, sheet->shapes.items[0]->machine,
                     sheet->shapes.items[0]->threads, width, height);
}

static void draw_axis_names(struct sheet *sheet) {
    struct plot_canvas *canvas = &sheet->canvas;
    int middle = LEFT + (sheet->columns * (PANEL_WIDTH + GAP_X) - GAP_X) / 2;
    plot_canvas_text(canvas, middle, canvas->height - 16, 'c', "black", "micro-batch n");
    int axes = sheet->rows * (PANEL_HEIGHT + GAP_Y) - GAP_Y;
    fprintf(canvas->commands.stream,
            "set label 'GB/s' at screen %.5f,%.5f center rotate textcolor rgb 'black'\n",
            16.0 / canvas->width, (BOTTOM + axes / 2.0) / canvas->height);
}

static void draw_sheet(struct sheet *sheet, int top, const char *title) {
    FILE *out = sheet->canvas.commands.stream;
    plot_canvas_title(&sheet->canvas, title);
    draw_axis_names(sheet);
    plot_canvas_legend(&sheet->canvas, top, sheet->shown, true);
    fprintf(out, "set border 3 lc rgb '" PLOT_MUTED "'\n"
                 "set grid ytics lt 1 lw 0.6 lc rgb '" PLOT_FAINT "'\nset errorbars 0\n"
                 "set tics nomirror out scale 0.5 textcolor rgb 'black'\n");
    plot_rate_axis(out, 'y', sheet->low_gbps * 0.95, sheet->high_gbps * 1.05);
    batch_axis(sheet, out);
    for (int p = 0; p < sheet->panels; p++) {
        draw_panel(sheet, p);
    }
}

/* Returns the caption, which says where norma's fastest set is farthest from the ceiling and where
 * it is nearest. */
static char *caption_of(const struct sheet *sheet, const struct plot_view *view, const char *label,
                        const char *threads) {
    const struct plot_measurement *about = sheet->shapes.items[0], *low = NULL, *high = NULL;
    size_t fastest = view->implementation_count;
    plot_fastest(view, sheet->shapes, &fastest);
    for (size_t i = 0; i < sheet->shapes.count; i++) {
        const struct plot_measurement *item = sheet->shapes.items[i];
        if (item->implementation_index == fastest && item->outcome == PLOT_DONE) {
            low = !low || item->share < low->share ? item : low;
            high = !high || item->share > high->share ? item : high;
        }
    }
    if (!low) {
        return tool_text("%s on %s, %s.", label, plot_shapes_label(about), threads);
    }
    return tool_text("%s on %s, %s: %s reaches between %s (%s n=%lld) and %s (%s n=%lld) of the "
                     "ceiling.",
                     label, plot_shapes_label(about), threads, low->implementation,
                     plot_show_percent(low->share).text, low->layer, low->n,
                     plot_show_percent(high->share).text, high->layer, high->n);
}

static void add_sheet(struct plot_pictures *pictures, const struct plot_view *view,
                      struct sheet *sheet) {
    const struct plot_measurement *about = sheet->shapes.items[0];
    char *label = plot_operator_label(about);
    const struct plot_short team = plot_show_threads(about->threads);
    char *title = tool_text("%s, %s, %s: throughput", label, plot_shapes_label(about), team.text);
    int top;
    sheet->shown = tool_allocate(view->implementation_count, sizeof(bool));
    memset(sheet->shown, 0, view->implementation_count * sizeof(bool));
    survey(sheet, view);
    size_canvas(sheet, view, &top);
    draw_sheet(sheet, top, title);
    plot_canvas_close(
        &sheet->canvas, pictures, PLOT_PICTURE_THROUGHPUT, sheet->shapes,
        plot_canvas_name(&sheet->canvas, "throughput", label, plot_shapes_label(about)), title,
        caption_of(sheet, view, label, team.text));
    free(label);
    free(sheet->shown);
}

/* Moves to the next layer that has a curve. */
static bool next_layer(const struct plot_view *view, struct plot_span shapes,
                       struct plot_span *layer) {
    while (plot_span_next(shapes, PLOT_BY_LAYER, layer)) {
        if (has_curve(view, *layer)) {
            return true;
        }
    }
    return false;
}

static void add_shapes(struct plot_pictures *pictures, const struct plot_view *view,
                       struct plot_span shapes) {
    struct plot_span layer = {0};
    bool more = next_layer(view, shapes, &layer);
    while (more) {
        struct sheet sheet = {.shapes = shapes};
        while (more && sheet.panels < MOST_PANELS) {
            sheet.layers[sheet.panels++] = layer;
            more = next_layer(view, shapes, &layer);
        }
        add_sheet(pictures, view, &sheet);
    }
}

void plot_add_throughput_pictures(struct plot_pictures *pictures, const struct plot_view *view,
                                  struct plot_span span) {
    size_t before = pictures->count;
    for (struct plot_span shapes = {0}; plot_span_next(span, PLOT_BY_SHAPES, &shapes);) {
        add_shapes(pictures, view, shapes);
    }
    if (pictures->count == before) {
        plot_pictures_lack_operator(pictures, PLOT_PICTURE_THROUGHPUT, span, PLOT_UNTIMED);
    }
}

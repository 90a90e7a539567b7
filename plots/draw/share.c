/* Share of the ceiling against footprint: a point for each problem and, since the points alone
 * overlap, a line for each implementation through the medians of each doubling of the footprint.
 * Vertical lines are the caches of the machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/axis.h"
#include "plots/draw/kinds.h"
#include "plots/draw/text.h"
#include "plots/figures/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDTH = 672,
    AREA_HEIGHT = 290,
    LEFT = 70, /* room for 100% and the name of the axis */
    BOTTOM = 56,
    RIGHT = 28,  /* room for half of a tick's label */
    OCTAVES = 64 /* doublings of a footprint in bytes */
};

struct plot {
    struct plot_canvas canvas;
    struct plot_span span;
    bool *shown;
    struct plot_footprint_axis axis;
    double highest_share;
};

static bool is_point(const struct plot_view *view, const struct plot_measurement *item) {
    return item->outcome == PLOT_DONE && !item->repeated &&
           view->implementations[item->implementation_index].kind != PLOT_KIND_CEILING;
}

static size_t survey(struct plot *plot, const struct plot_view *view) {
    size_t entries = 0;
    plot->axis.low = INFINITY;
    plot->highest_share = 1;
    for (size_t i = 0; i < plot->span.count; i++) {
        const struct plot_measurement *item = plot->span.items[i];
        if (is_point(view, item)) {
            entries += !plot->shown[item->implementation_index];
            plot->shown[item->implementation_index] = true;
            plot->axis.low = fmin(plot->axis.low, item->footprint);
            plot->axis.high = fmax(plot->axis.high, item->footprint);
            plot->highest_share = fmax(plot->highest_share, item->share);
        }
    }
    return entries;
}

/* ---- data ---------------------------------------------------------------------------------- */

static void write_points(struct plot *plot, size_t implementation, struct plot_sample *octaves) {
    FILE *out = plot->canvas.data.stream;
    fprintf(out, "$p%zu << EOD\n", implementation);
    for (size_t i = 0; i < plot->span.count; i++) {
        const struct plot_measurement *item = plot->span.items[i];
        if (item->implementation_index == implementation && is_point(plot->canvas.view, item)) {
            fprintf(out, "%.6g %.4g\n", item->footprint, 100 * item->share);
            int octave = (int)fmin(fmax(floor(log2(item->footprint)), 0), OCTAVES - 1);
            plot_sample_add(&octaves[octave], 100 * item->share);
        }
    }
    fputs("EOD\n", out);
}

static void write_medians(struct plot *plot, size_t implementation, struct plot_sample *octaves) {
    FILE *out = plot->canvas.data.stream;
    fprintf(out, "$m%zu << EOD\n", implementation);
    for (int octave = 0; octave < OCTAVES; octave++) {
        if (octaves[octave].count > 0) {
            fprintf(out, "%.6g %.4g\n", exp2(octave + 0.5), plot_median(&octaves[octave]));
        }
        plot_sample_free(&octaves[octave]);
    }
    fputs("EOD\n", out);
}

static void write_implementation(struct plot *plot, size_t implementation) {
    struct plot_sample octaves[OCTAVES] = {{0}};
    write_points(plot, implementation, octaves);
    write_medians(plot, implementation, octaves);
}

/* ---- axes ---------------------------------------------------------------------------------- */

static void share_axis(const struct plot *plot, FILE *out) {
    double highest = fmin(ceil(plot->highest_share * 10.5) * 10, 400);
    fprintf(out, "set yrange [0:%g]; set ytics nomirror %d; set format y '%%g%%%%'\n", highest,
            highest > 220   ? 50
            : highest > 130 ? 25
                            : 20);
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* Returns a larger size if all points are within one doubling, whose one median makes no line. */
static double point_size(const struct plot *plot) {
    return plot->axis.high < 2 * plot->axis.low ? 0.9 : 0.4;
}

static void draw_curves(struct plot *plot) {
    const struct plot_view *view = plot->canvas.view;
    FILE *out = plot->canvas.commands.stream;
    fputs("plot 100 with lines dt " PLOT_DASH " lw 1.5 lc rgb 'black' notitle", out);
    for (size_t i = view->implementation_count; i-- > 0;) {
        if (plot->shown[i]) {
            const struct plot_style *style = &view->implementations[i].style;
            write_implementation(plot, i);
            fprintf(out,
                    ", \\\n  $p%zu using 1:2 with points pt %d ps %g lw 0.8 lc rgb '%s' notitle"
                    ", \\\n  $m%zu using 1:2 with lines lw 2 lc rgb '%s' notitle",
                    i, style->point, point_size(plot), style->light, i, style->light);
        }
    }
    fputc('\n', out);
}

static void draw(struct plot *plot, int legend_top, int top, const char *title) {
    struct plot_canvas *canvas = &plot->canvas;
    FILE *out = canvas->commands.stream;
    plot_canvas_title(canvas, title);
    plot_canvas_legend(canvas, legend_top, plot->shown, true);
    plot_footprint_caches(&plot->axis, canvas, top);
    plot_canvas_axes(canvas, LEFT, top, WIDTH - LEFT - RIGHT, AREA_HEIGHT,
                     "footprint: bytes of all tensors", "share of the ceiling");
    plot_write_footprint_axis(&plot->axis, out);
    share_axis(plot, out);
    draw_curves(plot);
}

/* ---- the picture --------------------------------------------------------------------------- */

static char *caption_of(const struct plot *plot, const struct plot_view *view, const char *label,
                        const char *threads) {
    struct tool_stream caption;
    tool_stream_open(&caption);
    fprintf(caption.stream, "%s, %s. Median share of the ceiling:", label, threads);
    const char *separator = " ";
    for (size_t i = 0; i < view->implementation_count; i++) {
        struct plot_sample shares = {0};
        for (size_t k = 0; plot->shown[i] && k < plot->span.count; k++) {
            const struct plot_measurement *item = plot->span.items[k];
            if (item->implementation_index == i && is_point(view, item)) {
                plot_sample_add(&shares, item->share);
            }
        }
        if (plot->shown[i]) {
            fprintf(caption.stream, "%s%s %s", separator, view->implementations[i].name,
                    plot_show_percent(plot_median(&shares)).text);
            separator = ", ";
        }
        plot_sample_free(&shares);
    }
    fputc('.', caption.stream);
    return tool_stream_close(&caption);
}

static void add_plot(struct plot_pictures *pictures, const struct plot_view *view,
                     struct plot *plot, size_t entries) {
    const struct plot_measurement *about = plot->span.items[0];
    char *label = plot_operator_label(about);
    const struct plot_short team = plot_show_threads(about->threads);
    char *title = tool_text("%s, %s: share of the ceiling", label, team.text);
    int legend_top = 2 * PLOT_CANVAS_LINE + PLOT_CANVAS_MARGIN;
    int top = legend_top + PLOT_CACHE_LABELS +
              PLOT_CANVAS_LINE * plot_canvas_legend_lines(WIDTH, entries + 1);
    plot_canvas_open(&plot->canvas, view, about->machine, about->threads, WIDTH,
                     top + AREA_HEIGHT + BOTTOM);
    draw(plot, legend_top, top, title);
    plot_canvas_close(&plot->canvas, pictures, PLOT_PICTURE_SHARE, plot->span,
                      plot_canvas_name(&plot->canvas, "share", label, ""), title,
                      caption_of(plot, view, label, team.text));
    free(label);
}

void plot_add_share_picture(struct plot_pictures *pictures, const struct plot_view *view,
                            struct plot_span span) {
    struct plot plot = {.span = span, .axis = {.left = LEFT, .width = WIDTH - LEFT - RIGHT}};
    plot.shown = tool_allocate(view->implementation_count, sizeof(bool));
    memset(plot.shown, 0, view->implementation_count * sizeof(bool));
    size_t entries = survey(&plot, view);
    if (entries > 0) {
        add_plot(pictures, view, &plot, entries);
    } else {
        plot_pictures_lack_operator(pictures, PLOT_PICTURE_SHARE, span, PLOT_UNTIMED);
    }
    free(plot.shown);
}

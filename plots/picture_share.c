/* Share of the ceiling against footprint: one point a problem, and per implementation a line
 * through the medians of each doubling of the footprint, since the points alone overlap. The caches
 * of the machine stand as vertical lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "canvas.h"
#include "machine.h"
#include "statistics.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDTH = 672,
    AREA_HEIGHT = 290,
    LEFT = 70, /* of the axes: room for 100% and the axis name */
    BOTTOM = 56,
    CACHE_LABELS = 36, /* above the axes */
    RIGHT = 28,        /* half a tick's label */
    OCTAVES = 64       /* of a footprint in bytes */
};

struct plot {
    struct norma_canvas canvas;
    struct norma_span span;
    bool *shown;
    double low, high, highest_share;
};

static bool is_point(const struct norma_view *view, const struct norma_measurement *item) {
    return item->outcome == NORMA_DONE && !item->repeated &&
           view->implementations[item->implementation_index].kind != NORMA_KIND_CEILING;
}

static size_t survey(struct plot *plot, const struct norma_view *view) {
    size_t entries = 0;
    plot->low = INFINITY;
    plot->highest_share = 1;
    for (size_t i = 0; i < plot->span.count; ++i) {
        const struct norma_measurement *item = plot->span.items[i];
        if (is_point(view, item)) {
            entries += !plot->shown[item->implementation_index];
            plot->shown[item->implementation_index] = true;
            plot->low = fmin(plot->low, item->footprint);
            plot->high = fmax(plot->high, item->footprint);
            plot->highest_share = fmax(plot->highest_share, item->share);
        }
    }
    return entries;
}

/* ---- data ---------------------------------------------------------------------------------- */

static void write_points(struct plot *plot, size_t implementation, struct norma_sample *octaves) {
    FILE *out = plot->canvas.data.stream;
    fprintf(out, "$p%zu << EOD\n", implementation);
    for (size_t i = 0; i < plot->span.count; ++i) {
        const struct norma_measurement *item = plot->span.items[i];
        if (item->implementation_index == implementation && is_point(plot->canvas.view, item)) {
            fprintf(out, "%.6g %.4g\n", item->footprint, 100 * item->share);
            int octave = (int)fmin(fmax(floor(log2(item->footprint)), 0), OCTAVES - 1);
            norma_sample_add(&octaves[octave], 100 * item->share);
        }
    }
    fputs("EOD\n", out);
}

static void write_medians(struct plot *plot, size_t implementation, struct norma_sample *octaves) {
    FILE *out = plot->canvas.data.stream;
    fprintf(out, "$m%zu << EOD\n", implementation);
    for (int octave = 0; octave < OCTAVES; ++octave) {
        if (octaves[octave].count > 0) {
            fprintf(out, "%.6g %.4g\n", exp2(octave + 0.5), norma_median(&octaves[octave]));
        }
        norma_sample_free(&octaves[octave]);
    }
    fputs("EOD\n", out);
}

static void write_implementation(struct plot *plot, size_t implementation) {
    struct norma_sample octaves[OCTAVES] = {{0}};
    write_points(plot, implementation, octaves);
    write_medians(plot, implementation, octaves);
}

/* ---- axes ---------------------------------------------------------------------------------- */

/* A tick at every power of 2, 4, 8 or so: at most nine. */
static void footprint_axis(const struct plot *plot, FILE *out) {
    int low = (int)floor(log2(plot->low)), high = (int)ceil(log2(plot->high));
    int step = 1 + (high - low) / 9;
    fprintf(out, "set logscale x 2; set xrange [%.6g:%.6g]; set xtics nomirror (", plot->low / 1.4,
            plot->high * 1.4);
    const char *separator = "";
    for (int power = low; power <= high; ++power) {
        if (power % step == 0) {
            fprintf(out, "%s'%s' %.0f", separator, norma_show_bytes(exp2(power)).text, exp2(power));
            separator = ",";
        }
    }
    fputs(")\n", out);
}

static void share_axis(const struct plot *plot, FILE *out) {
    double highest = fmin(ceil(plot->highest_share * 10.5) * 10, 400);
    fprintf(out, "set yrange [0:%g]; set ytics nomirror %d; set format y '%%g%%%%'\n", highest,
            highest > 220   ? 50
            : highest > 130 ? 25
                            : 20);
}

/* ---- decorations --------------------------------------------------------------------------- */

static int pixel_of(const struct plot *plot, double bytes) {
    double low = log2(plot->low / 1.4), high = log2(plot->high * 1.4);
    int area = plot->canvas.width - LEFT - RIGHT;
    return LEFT + (int)lround((log2(bytes) - low) / (high - low) * area);
}

static void draw_cache(struct plot *plot, const struct norma_cache *cache, int top) {
    if (cache->bytes < plot->low / 1.4 || cache->bytes > plot->high * 1.4) {
        return;
    }
    int x = pixel_of(plot, cache->bytes);
    fprintf(plot->canvas.commands.stream,
            "set arrow from %.0f, graph 0 to %.0f, graph 1 nohead back lt 1 lw 1 lc rgb '%s'\n",
            cache->bytes, cache->bytes, NORMA_MUTED);
    norma_canvas_text(&plot->canvas, x, top - 26, 'c', NORMA_MUTED, cache->name);
    norma_canvas_text(&plot->canvas, x, top - 10, 'c', NORMA_MUTED,
                      norma_show_bytes(cache->bytes).text);
}

static void draw_caches(struct plot *plot, int top) {
    struct norma_cache caches[NORMA_MAX_CACHES];
    const json_t *machine = norma_machine_record(plot->canvas.view, plot->span.items[0]->machine);
    size_t count = norma_machine_caches(machine, caches);
    for (size_t i = 0; i < count; ++i) {
        draw_cache(plot, &caches[i], top);
    }
}

static void draw_curves(struct plot *plot) {
    const struct norma_view *view = plot->canvas.view;
    FILE *out = plot->canvas.commands.stream;
    fputs("plot 100 with lines dt " NORMA_DASH " lw 1.5 lc rgb 'black' notitle", out);
    for (size_t i = view->implementation_count; i-- > 0;) {
        if (plot->shown[i]) {
            const struct norma_style *style = &view->implementations[i].style;
            write_implementation(plot, i);
            fprintf(out,
                    ", \\\n  $p%zu using 1:2 with points pt %d ps 0.4 lw 0.8 lc rgb '%s' notitle"
                    ", \\\n  $m%zu using 1:2 with lines lw 2 lc rgb '%s' notitle",
                    i, style->point, style->light, i, style->light);
        }
    }
    fputc('\n', out);
}

static void draw(struct plot *plot, int legend_top, int top, const char *title) {
    struct norma_canvas *canvas = &plot->canvas;
    FILE *out = canvas->commands.stream;
    norma_canvas_title(canvas, title, plot->span.items[0]);
    norma_canvas_legend(canvas, legend_top, plot->shown, true);
    draw_caches(plot, top);
    norma_canvas_text(canvas, LEFT + (WIDTH - LEFT) / 2, canvas->height - 16, 'c', "black",
                      "footprint: bytes of all tensors");
    fprintf(out,
            "set label 'share of the ceiling' at screen %.5f,%.5f center rotate\n"
            "set border 3 lc rgb '" NORMA_MUTED "'\n"
            "set grid ytics lt 1 lw 0.6 lc rgb '" NORMA_FAINT "'\n"
            "set tics nomirror out scale 0.5 textcolor rgb 'black'\n",
            14.0 / WIDTH, (BOTTOM + AREA_HEIGHT / 2.0) / canvas->height);
    footprint_axis(plot, out);
    share_axis(plot, out);
    norma_canvas_area(canvas, LEFT, top, WIDTH - LEFT - RIGHT, AREA_HEIGHT);
    draw_curves(plot);
}

/* ---- the picture --------------------------------------------------------------------------- */

static char *caption_of(const struct plot *plot, const struct norma_view *view, const char *label,
                        const char *threads) {
    struct norma_memory caption;
    norma_memory_open(&caption);
    fprintf(caption.stream, "%s, %s. Median share of the ceiling:", label, threads);
    const char *separator = " ";
    for (size_t i = 0; i < view->implementation_count; ++i) {
        struct norma_sample shares = {0};
        for (size_t k = 0; plot->shown[i] && k < plot->span.count; ++k) {
            const struct norma_measurement *item = plot->span.items[k];
            if (item->implementation_index == i && is_point(view, item)) {
                norma_sample_add(&shares, item->share);
            }
        }
        if (plot->shown[i]) {
            fprintf(caption.stream, "%s%s %s", separator, view->implementations[i].name,
                    norma_show_percent(norma_median(&shares)).text);
            separator = ", ";
        }
        norma_sample_free(&shares);
    }
    fputc('.', caption.stream);
    return norma_memory_close(&caption);
}

static void add_plot(struct norma_pictures *pictures, const struct norma_view *view,
                     struct plot *plot, size_t entries) {
    const struct norma_measurement *about = plot->span.items[0];
    char *label = norma_operator_label(about), *threads = norma_threads_label(about);
    char *title = norma_text("%s, %s: share of the ceiling", label, threads);
    int legend_top = 2 * NORMA_CANVAS_LINE + NORMA_CANVAS_MARGIN;
    int top = legend_top + CACHE_LABELS +
              NORMA_CANVAS_LINE * norma_canvas_legend_lines(WIDTH, entries + 1);
    norma_canvas_open(&plot->canvas, view, WIDTH, top + AREA_HEIGHT + BOTTOM);
    draw(plot, legend_top, top, title);
    norma_canvas_close(&plot->canvas, pictures, NORMA_PICTURE_SHARE, about,
                       norma_picture_name(view, "share", about, ""), title,
                       caption_of(plot, view, label, threads));
    free(label);
    free(threads);
}

void norma_add_share_picture(struct norma_pictures *pictures, const struct norma_view *view,
                             struct norma_span span) {
    struct plot plot = {.span = span};
    plot.shown = norma_resize(NULL, view->implementation_count, sizeof(bool));
    memset(plot.shown, 0, view->implementation_count * sizeof(bool));
    size_t entries = survey(&plot, view);
    if (entries > 0) {
        add_plot(pictures, view, &plot, entries);
    }
    free(plot.shown);
}

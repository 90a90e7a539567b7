/* Speed-up over the peers: two heat maps side by side, one against the same layout and one against
 * the fastest, with a row for each layer and a column for each micro-batch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/canvas.h"
#include "plots/draw/kinds.h"
#include "plots/draw/text.h"
#include "plots/figures/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_ROWS = 40, /* in one picture; further layers are on the next one */
    CELL_WIDTH = 46,
    CELL_HEIGHT = 22,
    LEAST_PANEL = 230, /* width of a panel's title */
    GAP = 28,
    COLOUR_BAR = 76,
    LEAST_HEIGHT = 132, /* height of the colour bar's labels */
    LETTER = 7,         /* approximate width of a letter */
    LONGEST_ROW = 34,
    LONGEST_TITLE = 44, /* of a panel */
    FULL_COLOUR = 3     /* in powers of two: 8 times faster or slower */
};

/* A reason for grey cells: a missing implementation, with its outcome and reason. */
struct gap {
    const char *missing, *reason;
    const struct plot_measurement *obstacle; /* NULL: not measured */
    size_t cells;
};

struct map {
    struct plot_canvas canvas;
    struct plot_span span;              /* all measurements of the operator with so many threads */
    struct plot_span rows[MOST_ROWS];   /* layers of this picture */
    struct plot_span shapes[MOST_ROWS]; /* the shape set of each row */
    int row_count;
    long long *ns; /* the columns */
    int column_count;
    size_t implementation;
    int figures[PLOT_BASELINE_COUNT], greys[PLOT_BASELINE_COUNT]; /* cells of either kind */
    struct gap *gaps;
    size_t gap_count;
};

/* ---- rows and columns ---------------------------------------------------------------------- */

static int column_of(const struct map *map, long long n) {
    int column = 0;
    while (map->ns[column] != n) {
        column++;
    }
    return column;
}

static char *row_label(const struct map *map, int row) {
    const struct plot_measurement *first = map->rows[row].items[0];
    char *layer = plot_layer_label(map->shapes[row], first);
    char *label = tool_text("%s%s%s", first->shapes, *first->shapes == '\0' ? "" : "  ", layer);
    free(layer);
    return label;
}

static int label_width(const struct map *map) {
    size_t longest = 8;
    for (int row = 0; row < map->row_count; row++) {
        char *label = row_label(map, row);
        size_t length = plot_characters(label);
        longest = length > longest ? length : longest;
        free(label);
    }
    return LETTER * (int)(longest < LONGEST_ROW ? longest : LONGEST_ROW) + PLOT_CANVAS_MARGIN;
}

/* ---- cells --------------------------------------------------------------------------------- */

static const char *gap_reason(const struct plot_measurement *obstacle) {
    return obstacle ? obstacle->reason : "";
}

static const char *gap_word(const struct gap *gap) {
    return gap->obstacle ? plot_outcome_name(gap->obstacle->outcome) : "not measured";
}

/* Returns "u", "s" or "f"; "–" if it was not measured. */
static const char *gap_mark(const struct plot_measurement *obstacle) {
    static const char *const marks[] = {"", "u", "s", "f"};
    return obstacle ? marks[obstacle->outcome] : "–";
}

static void note_gap(struct map *map, struct plot_speedup speedup) {
    for (size_t i = 0; i < map->gap_count; i++) {
        struct gap *gap = &map->gaps[i];
        if (strcmp(gap->missing, speedup.missing) == 0 &&
            strcmp(gap_mark(gap->obstacle), gap_mark(speedup.obstacle)) == 0 &&
            strcmp(gap->reason, gap_reason(speedup.obstacle)) == 0) {
            gap->cells++;
            return;
        }
    }
    map->gaps = tool_grow(map->gaps, map->gap_count, sizeof *map->gaps);
    map->gaps[map->gap_count++] =
        (struct gap){speedup.missing, gap_reason(speedup.obstacle), speedup.obstacle, 1};
}

/* Writes two blocks of data: cells with a figure, and grey ones. */
static void write_cells(struct map *map, enum plot_baseline baseline) {
    struct tool_stream grey;
    tool_stream_open(&grey);
    FILE *out = map->canvas.data.stream;
    fprintf(out, "$cells%d << EOD\n", (int)baseline);
    for (int row = 0; row < map->row_count; row++) {
        for (struct plot_span problem = {0};
             plot_span_next(map->rows[row], PLOT_BY_PROBLEM, &problem);) {
            struct plot_speedup speedup =
                plot_speedup_of(map->canvas.view, problem, map->implementation, baseline);
            int column = column_of(map, problem.items[0]->n);
            if (isnan(speedup.ratio.value)) {
                fprintf(grey.stream, "%d %d %s\n", column, row, gap_mark(speedup.obstacle));
                note_gap(map, speedup);
                map->greys[baseline]++;
            } else {
                fprintf(out, "%d %d %.4f %s%s\n", column, row, log2(speedup.ratio.value),
                        plot_show_ratio(speedup.ratio.value).text,
                        plot_mark(speedup.ratio.uncertain));
                map->figures[baseline]++;
            }
        }
    }
    char *rest = tool_stream_close(&grey);
    fprintf(out, "EOD\n$grey%d << EOD\n%sEOD\n", (int)baseline, rest);
    free(rest);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static int panel_width(const struct map *map) {
    int width = map->column_count * CELL_WIDTH;
    return width < LEAST_PANEL ? LEAST_PANEL : width;
}

/* Returns the height of the rows, or of the colour bar if there are few. */
static int map_height(const struct map *map) {
    int height = map->row_count * CELL_HEIGHT;
    return height < LEAST_HEIGHT ? LEAST_HEIGHT : height;
}

static void draw_row_axis(const struct map *map, bool labelled) {
    FILE *out = map->canvas.commands.stream;
    if (!labelled) {
        fputs("unset ytics\n", out);
        return;
    }
    fputs("set ytics (", out);
    for (int row = 0; row < map->row_count; row++) {
        char *label = row_label(map, row);
        fputs(row == 0 ? "" : ",", out);
        plot_gnuplot_text(out, label, LONGEST_ROW);
        fprintf(out, " %d", row);
        free(label);
    }
    fputs(")\n", out);
}

static void draw_column_axis(const struct map *map) {
    FILE *out = map->canvas.commands.stream;
    fputs("set xtics (", out);
    for (int column = 0; column < map->column_count; column++) {
        fprintf(out, "%s'%lld' %d", column == 0 ? "" : ",", map->ns[column], column);
    }
    fputs(")\n", out);
}

/* Draws lines between the networks. */
static void draw_separators(const struct map *map) {
    FILE *out = map->canvas.commands.stream;
    for (int row = 1; row < map->row_count; row++) {
        if (strcmp(map->rows[row].items[0]->shapes, map->rows[row - 1].items[0]->shapes) != 0) {
            fprintf(out,
                    "set arrow from graph 0, first %d-0.5 to graph 1, first %d-0.5 nohead front "
                    "lw 1.5 lc rgb 'black'\n",
                    row, row);
        }
    }
}

/* Draws the blocks that are not empty, as gnuplot warns of empty ones, among which a real warning
 * would be missed. */
static void draw_cells(const struct map *map, int b) {
    FILE *out = map->canvas.commands.stream;
    fputs("plot ", out);
    if (map->figures[b] > 0) {
        fprintf(out,
                "$cells%d using 1:2:(0.48):(0.47):3 with boxxyerror fs solid 1 noborder lc palette "
                "notitle, $cells%d using 1:2:4 with labels textcolor rgb '%s' notitle%s",
                b, b, PLOT_INK, map->greys[b] > 0 ? ", \\\n  " : "\n");
    }
    if (map->greys[b] > 0) {
        fprintf(out,
                "$grey%d using 1:2:(0.48):(0.47) with boxxyerror fs solid 1 noborder lc rgb '%s' "
                "notitle, $grey%d using 1:2:3 with labels textcolor rgb '%s' notitle\n",
                b, PLOT_GREY, b, PLOT_INK);
    }
}

static void draw_panel(struct map *map, enum plot_baseline baseline, int left, int top) {
    FILE *out = map->canvas.commands.stream;
    int b = (int)baseline;
    char *label = plot_baseline_label(map->canvas.view, baseline);
    char *title = tool_text("against %s", label);
    draw_row_axis(map, b == 0);
    draw_separators(map);
    fputs("set title ", out);
    plot_gnuplot_text(out, title, LONGEST_TITLE);
    fputs(" offset 0,-0.6\n", out);
    plot_canvas_area(&map->canvas, left, top, panel_width(map), map->row_count * CELL_HEIGHT);
    draw_cells(map, b);
    plot_canvas_forget(&map->canvas);
    free(title);
    free(label);
}

/* Sets the colours of both panels. The colour bar stands beside the last. */
static void draw_colours(const struct map *map) {
    FILE *out = map->canvas.commands.stream;
    fputs("set palette maxcolors 49\nset palette defined (-3 '#e08214', -1.5 '#fdc98a', "
          "0 '#f7f7f7', 1.5 '#a6cbe3', 3 '#4393c3')\n",
          out);
    fprintf(out, "set cbrange [-%d:%d]\nset cbtics ", FULL_COLOUR, FULL_COLOUR);
    fputs("('1/8×' -3, '1/4×' -2, '1/2×' -1, '1×' 0, '2×' 1, '4×' 2, '8×' 3) scale 0.4\n"
          "unset colorbox\n",
          out);
}

static void draw_colour_bar(const struct map *map, int left, int top) {
    const struct plot_canvas *canvas = &map->canvas;
    int height = map_height(map);
    fprintf(canvas->commands.stream,
            "set colorbox user origin screen %.5f,%.5f size screen %.5f,%.5f noborder\n",
            (double)left / canvas->width, 1 - (double)(top + height) / canvas->height,
            14.0 / canvas->width, (double)height / canvas->height);
}

static void draw_legend(struct map *map, int y) {
    struct tool_stream legend;
    tool_stream_open(&legend);
    fprintf(legend.stream, "number: speed-up, above 1 (blue) %s is faster",
            map->canvas.view->implementations[map->implementation].name);
    if (map->gap_count > 0) {
        fputs(".  grey:", legend.stream);
    }
    for (size_t i = 0; i < map->gap_count; i++) {
        const struct gap *gap = &map->gaps[i];
        bool seen = false;
        for (size_t k = 0; k < i; k++) {
            seen = seen || (strcmp(gap->missing, map->gaps[k].missing) == 0 &&
                            strcmp(gap_word(gap), gap_word(&map->gaps[k])) == 0);
        }
        if (!seen) {
            fprintf(legend.stream, "%s %s = %s %s", i == 0 ? "" : ",", gap_mark(gap->obstacle),
                    gap->missing, gap_word(gap));
        }
    }
    char *text = tool_stream_close(&legend);
    plot_canvas_text(&map->canvas, PLOT_CANVAS_MARGIN, y, 'l', PLOT_MUTED, text);
    free(text);
}

static void draw(struct map *map, const char *title) {
    struct plot_canvas *canvas = &map->canvas;
    FILE *out = canvas->commands.stream;
    int left = label_width(map), width = panel_width(map);
    int height = map->row_count * CELL_HEIGHT;
    int top = 2 * PLOT_CANVAS_LINE + PLOT_CANVAS_MARGIN + PLOT_CANVAS_LINE;
    plot_canvas_title(canvas, title);
    draw_legend(map, canvas->height - 16);
    for (int b = 0; b < PLOT_BASELINE_COUNT; b++) {
        plot_canvas_text(canvas, left + b * (width + GAP) + width / 2, top + height + 34, 'c',
                         "black", "micro-batch n");
    }
    fprintf(out,
            "unset border; unset key\nset tics scale 0 textcolor rgb 'black'\n"
            "set xrange [-0.5:%d.5]; set yrange [%d.5:-0.5]\n",
            map->column_count - 1, map->row_count - 1);
    draw_column_axis(map);
    draw_colours(map);
    for (int b = 0; b < PLOT_BASELINE_COUNT; b++) {
        if (b == PLOT_BASELINE_COUNT - 1) {
            draw_colour_bar(map, left + 2 * width + GAP + 14, top);
        }
        draw_panel(map, (enum plot_baseline)b, left + b * (width + GAP), top);
    }
}

/* ---- caption ------------------------------------------------------------------------------- */

static void caption_ratios(FILE *out, const struct plot_summary *summary,
                           enum plot_baseline baseline, const char *label) {
    const struct plot_estimate mean = plot_mean_of(&summary->ratios[baseline]);
    char *tally = plot_summary_tally(summary, baseline);
    char *slowest = plot_case_label(summary->slowest[baseline].mine);
    char *fastest = plot_case_label(summary->fastest[baseline].mine);
    fprintf(out, " Against %s: %s×%s (geometric mean; %s), from %s×%s (%s) to %s×%s (%s).", label,
            plot_show_ratio(mean.value).text, plot_mark(mean.uncertain), tally,
            plot_show_ratio(summary->slowest[baseline].ratio.value).text,
            plot_mark(summary->slowest[baseline].ratio.uncertain), slowest,
            plot_show_ratio(summary->fastest[baseline].ratio.value).text,
            plot_mark(summary->fastest[baseline].ratio.uncertain), fastest);
    free(slowest);
    free(fastest);
    free(tally);
}

static void caption_baseline(FILE *out, const struct plot_view *view,
                             const struct plot_summary *summary, enum plot_baseline baseline) {
    char *label = plot_baseline_label(view, baseline);
    if (plot_summary_compared(summary, baseline) == 0) {
        fprintf(out, " No figure against %s.", label);
    } else {
        caption_ratios(out, summary, baseline, label);
    }
    free(label);
}

static void caption_gaps(FILE *out, const struct map *map) {
    for (size_t i = 0; i < map->gap_count; i++) {
        const struct gap *gap = &map->gaps[i];
        fprintf(out, "%s %s %s%s%s%s (%zu cell%s)%s", i == 0 ? " Grey:" : "", gap->missing,
                gap_word(gap), *gap->reason == '\0' ? "" : " (", gap->reason,
                *gap->reason == '\0' ? "" : ")", gap->cells, gap->cells == 1 ? "" : "s",
                i + 1 == map->gap_count ? "." : ",");
    }
}

static char *caption_of(const struct map *map, const struct plot_view *view, const char *label,
                        const char *threads) {
    struct tool_stream caption;
    tool_stream_open(&caption);
    struct plot_summary summary = {.implementation = map->implementation};
    plot_summary_add(&summary, view, map->span);
    fprintf(caption.stream, "%s with %s, %s.", label,
            view->implementations[map->implementation].name, threads);
    for (int b = 0; b < PLOT_BASELINE_COUNT; b++) {
        caption_baseline(caption.stream, view, &summary, (enum plot_baseline)b);
    }
    caption_gaps(caption.stream, map);
    plot_summary_free(&summary);
    return tool_stream_close(&caption);
}

/* ---- the picture --------------------------------------------------------------------------- */

static void add_map(struct plot_pictures *pictures, const struct plot_view *view, struct map *map) {
    const struct plot_measurement *about = map->span.items[0];
    const char *name = view->implementations[map->implementation].name;
    char *label = plot_operator_label(about);
    const struct plot_short team = plot_show_threads(about->threads);
    char *title = tool_text("%s, %s: speed-up of %s over %s", label, team.text, name, view->peers);
    map->column_count = (int)plot_span_batches(map->span, &map->ns);
    plot_canvas_open(&map->canvas, view, about->machine, about->threads,
                     label_width(map) + 2 * panel_width(map) + GAP + COLOUR_BAR,
                     3 * PLOT_CANVAS_LINE + PLOT_CANVAS_MARGIN + map_height(map) + 82);
    for (int b = 0; b < PLOT_BASELINE_COUNT; b++) {
        write_cells(map, (enum plot_baseline)b);
    }
    draw(map, title);
    plot_canvas_close(&map->canvas, pictures, PLOT_PICTURE_SPEEDUP, map->span,
                      plot_canvas_name(&map->canvas, "speedup", label, name), title,
                      caption_of(map, view, label, team.text));
    free(label);
    free(map->ns);
    free(map->gaps);
}

/* Returns whether any cell has a figure against either baseline. */
static bool has_figures(const struct plot_view *view, const struct map *map) {
    for (int row = 0; row < map->row_count; row++) {
        for (struct plot_span problem = {0};
             plot_span_next(map->rows[row], PLOT_BY_PROBLEM, &problem);) {
            for (enum plot_baseline b = 0; b < PLOT_BASELINE_COUNT; b++) {
                if (!isnan(plot_speedup_of(view, problem, map->implementation, b).ratio.value)) {
                    return true;
                }
            }
        }
    }
    return false;
}

static bool has_peer(const struct plot_view *view, struct plot_span span) {
    for (size_t i = 0; i < span.count; i++) {
        if (view->implementations[span.items[i]->implementation_index].kind == PLOT_KIND_PEER) {
            return true;
        }
    }
    return false;
}

/* Adds a picture of the rows if it shows anything, and begins the next one. */
static void flush_map(struct plot_pictures *pictures, const struct plot_view *view,
                      struct map *map) {
    struct map next = {.span = map->span, .implementation = map->implementation};
    if (has_figures(view, map)) {
        add_map(pictures, view, map);
    }
    *map = next;
}

static void add_implementation(struct plot_pictures *pictures, const struct plot_view *view,
                               struct plot_span span, size_t implementation) {
    struct map map = {.span = span, .implementation = implementation};
    for (struct plot_span shapes = {0}; plot_span_next(span, PLOT_BY_SHAPES, &shapes);) {
        for (struct plot_span layer = {0}; plot_span_next(shapes, PLOT_BY_LAYER, &layer);) {
            if (map.row_count == MOST_ROWS) {
                flush_map(pictures, view, &map);
            }
            map.rows[map.row_count] = layer;
            map.shapes[map.row_count++] = shapes;
        }
    }
    flush_map(pictures, view, &map);
}

static char *lacking(const struct plot_view *view, struct plot_span span) {
    size_t fastest;
    if (!plot_fastest(view, span, &fastest)) {
        return tool_text("none of norma's sets has a time (norma-bench run without --impl "
                         "measures them)");
    }
    return has_peer(view, span)
               ? tool_text("norma and %s have no problem in common (Not measured, below, has the "
                           "reasons)",
                           view->peers)
               : tool_text("%s was not measured (norma-bench run without --impl does, where norma "
                           "was built with it)",
                           view->peers);
}

void plot_add_speedup_pictures(struct plot_pictures *pictures, const struct plot_view *view,
                               struct plot_span span) {
    size_t fastest, before = pictures->count;
    for (size_t i = 0; i < view->compared_count; i++) {
        add_implementation(pictures, view, span, view->compared[i]);
    }
    if (view->compared_count == 0 && plot_fastest(view, span, &fastest)) {
        add_implementation(pictures, view, span, fastest);
    }
    if (pictures->count == before) {
        char *why = lacking(view, span);
        plot_pictures_lack_operator(pictures, PLOT_PICTURE_SPEEDUP, span, why);
        free(why);
    }
}

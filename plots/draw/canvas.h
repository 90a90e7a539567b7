/* A picture being made: pixels from the top left corner, as in SVG, turned into gnuplot commands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_CANVAS_H
#define PLOTS_DRAW_CANVAS_H

#include "plots/draw/picture.h"

/* Colours. Black is what the report turns around on dark paper; PLOT_INK stays: it is for text on
 * coloured cells. */
#define PLOT_INK   "#111111"
#define PLOT_FAINT "#d9d9d9"
#define PLOT_MUTED "#6b6b6b"
#define PLOT_GREY  "#c4c4c4"

/* The dashes of the ceiling. */
#define PLOT_DASH "(6,4)"

/* Arrows without and with them. The width differs because gnuplot draws SVG arrows of one colour
 * and width as a single path, with the dashes of the first. */
#define PLOT_SOLID  "dt 1 lw 1.5"
#define PLOT_DASHED "dt " PLOT_DASH " lw 1.6"

/* Margins that the pictures share, and the height of a line of text. */
enum { PLOT_CANVAS_MARGIN = 16, PLOT_CANVAS_LINE = 20 };

struct plot_canvas {
    const struct plot_view *view;
    size_t machine;
    long long threads;
    int width, height;
    struct tool_stream data, commands;
};

/* What is shown is of one machine (view->machine_count: of all), with one number of threads (0:
 * with several). */
void plot_canvas_open(struct plot_canvas *canvas, const struct plot_view *view, size_t machine,
                      long long threads, int width, int height);

/* Title and, in small, the machine or how many there are; the first two lines. */
void plot_canvas_title(struct plot_canvas *canvas, const char *title);

/* The axes' rectangle of the next plot. */
void plot_canvas_area(struct plot_canvas *canvas, int left, int top, int width, int height);

/* The same, with a name for each axis, and the look that plots of one pair of axes share. */
void plot_canvas_axes(struct plot_canvas *canvas, int left, int top, int width, int height,
                      const char *below, const char *beside);

/* Text with its left, centre or right end ('l', 'c', 'r') at a point, vertically centred. */
void plot_canvas_text(struct plot_canvas *canvas, int x, int y, char align, const char *colour,
                      const char *text);

struct plot_line {
    const char *look, *colour; /* PLOT_SOLID, PLOT_DASHED; NULL: the point alone */
    int point;                 /* 0: none */
};

/* The lines that a legend of so many entries takes. */
int plot_canvas_legend_lines(int width, size_t entries);

/* A legend across the canvas, its top at y: the implementations marked in `shown` and, with
 * `ceiling`, the dashed line. Like all text it appears with the next plot, and with every further
 * one until plot_canvas_forget. */
void plot_canvas_legend(struct plot_canvas *canvas, int y, const bool *shown, bool ceiling);

/* Forgets text and arrows that have been drawn. */
void plot_canvas_forget(struct plot_canvas *canvas);

/* A legend of its own making: a line with a point (0: none) and a text at place `entry` of those
 * that plot_canvas_legend_lines counts. */
void plot_canvas_legend_entry(struct plot_canvas *canvas, int y, int entry,
                              const struct plot_line *line, const char *text);

/* Turns the canvas into a picture of what is in the span, and adds it. Takes the texts over; `name`
 * is made unique. */
void plot_canvas_close(struct plot_canvas *canvas, struct plot_pictures *pictures,
                       enum plot_picture_kind kind, struct plot_span span, char *name, char *title,
                       char *caption);

/* "throughput-bn-fwd-resnet50-1t": a file name from its parts; `label` and `detail` may be "". */
char *plot_canvas_name(const struct plot_canvas *canvas, const char *kind, const char *label,
                       const char *detail);

#endif

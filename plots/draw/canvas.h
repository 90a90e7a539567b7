/* A picture in the making: positions are pixels from the top left corner, as in SVG, and become
 * gnuplot commands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_CANVAS_H
#define PLOTS_DRAW_CANVAS_H

#include "plots/draw/picture.h"

/* Colours. The report's style sheet inverts black on dark paper, but not PLOT_INK, which is for
 * text on coloured cells. */
#define PLOT_INK   "#111111"
#define PLOT_FAINT "#d9d9d9"
#define PLOT_MUTED "#6b6b6b"
#define PLOT_GREY  "#c4c4c4"

/* The dash pattern of the ceiling. */
#define PLOT_DASH "(6,4)"

/* Arrows without and with dashes. The widths differ because gnuplot draws SVG arrows of one colour
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

/* Begins a picture about one machine (view->machine_count: about all), with one number of threads
 * (0: with several). */
void plot_canvas_open(struct plot_canvas *canvas, const struct plot_view *view, size_t machine,
                      long long threads, int width, int height);

/* Writes the first two lines: the title, and in muted text the machine, or how many there are. */
void plot_canvas_title(struct plot_canvas *canvas, const char *title);

/* Sets the rectangle between the axes of the next plot. */
void plot_canvas_area(struct plot_canvas *canvas, int left, int top, int width, int height);

/* Sets the rectangle, a name for each axis, and the look that plots with one pair of axes share. */
void plot_canvas_axes(struct plot_canvas *canvas, int left, int top, int width, int height,
                      const char *below, const char *beside);

/* Writes text with its left end, centre or right end ('l', 'c', 'r') at a point, vertically
 * centred. */
void plot_canvas_text(struct plot_canvas *canvas, int x, int y, char align, const char *colour,
                      const char *text);

struct plot_line {
    const char *look, *colour; /* `look` is PLOT_SOLID or PLOT_DASHED; NULL: no line */
    int point;                 /* 0: none */
};

/* Returns the number of lines of a legend with so many entries. */
int plot_canvas_legend_lines(int width, size_t entries);

/* Draws a legend across the canvas, its top at y, of the implementations marked in `shown` and,
 * with `ceiling`, the dashed line. Like all text, it appears with the next plot and with each
 * further one until plot_canvas_forget. */
void plot_canvas_legend(struct plot_canvas *canvas, int y, const bool *shown, bool ceiling);

/* Makes text and arrows absent from further plots. */
void plot_canvas_forget(struct plot_canvas *canvas);

/* Draws one entry of a legend, number `entry`: a line with its point, and a text. */
void plot_canvas_legend_entry(struct plot_canvas *canvas, int y, int entry,
                              const struct plot_line *line, const char *text);

/* Turns the canvas into a picture about the measurements of the span, and adds it. Takes over the
 * texts. Makes `name` unique. */
void plot_canvas_close(struct plot_canvas *canvas, struct plot_pictures *pictures,
                       enum plot_picture_kind kind, struct plot_span span, char *name, char *title,
                       char *caption);

/* Returns a file name such as "throughput-bn-fwd-resnet50-1t". `label` and `detail` may be "". */
char *plot_canvas_name(const struct plot_canvas *canvas, const char *kind, const char *label,
                       const char *detail);

#endif

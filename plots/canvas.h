/* A picture being made: pixels from the top left corner, as in SVG, turned into gnuplot commands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_CANVAS_H
#define NORMA_PLOTS_CANVAS_H

#include "picture.h"

/* Colours. Black is what the report turns around on dark paper; NORMA_INK stays: it is for text on
 * coloured cells. */
#define NORMA_INK   "#111111"
#define NORMA_FAINT "#d9d9d9"
#define NORMA_MUTED "#6b6b6b"
#define NORMA_GREY  "#c4c4c4"

/* The dashes of the ceiling. */
#define NORMA_DASH "(6,4)"

/* Arrows without and with them. The width differs because gnuplot draws SVG arrows of one colour
 * and width as a single path, with the dashes of the first. */
#define NORMA_SOLID  "dt 1 lw 1.5"
#define NORMA_DASHED "dt " NORMA_DASH " lw 1.6"

/* Margins that the pictures share, and the height of a line of text. */
enum { NORMA_CANVAS_MARGIN = 16, NORMA_CANVAS_LINE = 20 };

struct norma_canvas {
    const struct norma_view *view;
    size_t machine;
    long long threads;
    int width, height;
    struct norma_memory data, commands;
};

/* What is shown is of one machine (view->machine_count: of all), with one number of threads (0:
 * with several). */
void norma_canvas_open(struct norma_canvas *canvas, const struct norma_view *view, size_t machine,
                       long long threads, int width, int height);

/* Title and, in small, the machine or how many there are; the first two lines. */
void norma_canvas_title(struct norma_canvas *canvas, const char *title);

/* The axes' rectangle of the next plot. */
void norma_canvas_area(struct norma_canvas *canvas, int left, int top, int width, int height);

/* The same, with a name for each axis, and the look that plots of one pair of axes share. */
void norma_canvas_axes(struct norma_canvas *canvas, int left, int top, int width, int height,
                       const char *below, const char *beside);

/* Text with its left, centre or right end ('l', 'c', 'r') at a point, vertically centred. */
void norma_canvas_text(struct norma_canvas *canvas, int x, int y, char align, const char *colour,
                       const char *text);

struct norma_line {
    const char *look, *colour; /* NORMA_SOLID, NORMA_DASHED; NULL: the point alone */
    int point;                 /* 0: none */
};

/* The lines that a legend of so many entries takes. */
int norma_canvas_legend_lines(int width, size_t entries);

/* A legend across the canvas, its top at y: the implementations marked in `shown` and, with
 * `ceiling`, the dashed line. Like all text it appears with the next plot, and with every further
 * one until norma_canvas_forget. */
void norma_canvas_legend(struct norma_canvas *canvas, int y, const bool *shown, bool ceiling);

/* Forgets text and arrows that have been drawn. */
void norma_canvas_forget(struct norma_canvas *canvas);

/* A legend of its own making: a line with a point (0: none) and a text at place `entry` of those
 * that norma_canvas_legend_lines counts. */
void norma_canvas_legend_entry(struct norma_canvas *canvas, int y, int entry,
                               const struct norma_line *line, const char *text);

/* Turns the canvas into a picture of what is in the span, and adds it. Takes the texts over; `name`
 * is made unique. */
void norma_canvas_close(struct norma_canvas *canvas, struct norma_pictures *pictures,
                        enum norma_picture_kind kind, struct norma_span span, char *name,
                        char *title, char *caption);

/* "throughput-bn-fwd-resnet50-1t": a file name from its parts; `label` and `detail` may be "". */
char *norma_canvas_name(const struct norma_canvas *canvas, const char *kind, const char *label,
                        const char *detail);

#endif

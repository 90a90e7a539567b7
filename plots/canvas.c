/* Making pictures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "canvas.h"

#include "machine.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { LEGEND_ENTRY = 158, LEGEND_SAMPLE = 30, LONGEST_TEXT = 110, LONGEST_LEGEND = 16 };

void norma_canvas_open(struct norma_canvas *canvas, const struct norma_view *view, int width,
                       int height) {
    *canvas = (struct norma_canvas){.view = view, .width = width, .height = height};
    norma_memory_open(&canvas->data);
    norma_memory_open(&canvas->commands);
}

static double screen_x(const struct norma_canvas *canvas, int x) {
    return (double)x / canvas->width;
}

static double screen_y(const struct norma_canvas *canvas, int y) {
    return 1 - (double)y / canvas->height;
}

void norma_canvas_area(struct norma_canvas *canvas, int left, int top, int width, int height) {
    fprintf(canvas->commands.stream,
            "set lmargin at screen %.5f; set rmargin at screen %.5f\n"
            "set tmargin at screen %.5f; set bmargin at screen %.5f\n",
            screen_x(canvas, left), screen_x(canvas, left + width), screen_y(canvas, top),
            screen_y(canvas, top + height));
}

static void put_text(struct norma_canvas *canvas, int x, int y, char align, const char *colour,
                     const char *text, size_t most) {
    FILE *out = canvas->commands.stream;
    fputs("set label ", out);
    norma_gnuplot_text(out, text, most);
    fprintf(out, " at screen %.5f,%.5f %s front textcolor rgb '%s'\n", screen_x(canvas, x),
            screen_y(canvas, y),
            align == 'l'   ? "left"
            : align == 'r' ? "right"
                           : "center",
            colour);
}

void norma_canvas_text(struct norma_canvas *canvas, int x, int y, char align, const char *colour,
                       const char *text) {
    put_text(canvas, x, y, align, colour, text, LONGEST_TEXT);
}

void norma_canvas_title(struct norma_canvas *canvas, const char *title,
                        const struct norma_measurement *about) {
    const json_t *machine = norma_machine_record(canvas->view, about->machine);
    norma_canvas_text(canvas, NORMA_CANVAS_MARGIN, 16, 'l', "black", title);
    norma_canvas_text(canvas, NORMA_CANVAS_MARGIN, 16 + NORMA_CANVAS_LINE, 'l', NORMA_MUTED,
                      norma_machine_name(machine));
}

void norma_canvas_forget(struct norma_canvas *canvas) {
    fputs("unset label; unset arrow\n", canvas->commands.stream);
}

/* ---- legend -------------------------------------------------------------------------------- */

static int legend_columns(int width) {
    int columns = (width - 2 * NORMA_CANVAS_MARGIN) / LEGEND_ENTRY;
    return columns < 1 ? 1 : columns;
}

int norma_canvas_legend_lines(int width, size_t entries) {
    int columns = legend_columns(width);
    return ((int)entries + columns - 1) / columns;
}

/* A line and, unless `point` is 0, a point on it. */
static void legend_sample(struct norma_canvas *canvas, int x, int y, const char *dash,
                          const char *colour, int point) {
    FILE *out = canvas->commands.stream;
    fprintf(out,
            "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead dt %s lw 1.5 lc rgb '%s'\n",
            screen_x(canvas, x), screen_y(canvas, y), screen_x(canvas, x + LEGEND_SAMPLE),
            screen_y(canvas, y), dash, colour);
    if (point != 0) {
        fprintf(out, "set label '' at screen %.5f,%.5f point pt %d ps 0.7 lc rgb '%s'\n",
                screen_x(canvas, x + LEGEND_SAMPLE / 2), screen_y(canvas, y), point, colour);
    }
}

/* Drawn by hand: how gnuplot's own key breaks its lines depends on the widths that each terminal
 * guesses for letters. */
void norma_canvas_legend(struct norma_canvas *canvas, int y, const bool *shown, bool ceiling) {
    const struct norma_view *view = canvas->view;
    int columns = legend_columns(canvas->width), entry = 0;
    for (size_t i = 0; i <= view->implementation_count; ++i) {
        bool last = i == view->implementation_count;
        if (last ? !ceiling : !shown[i]) {
            continue;
        }
        int x = NORMA_CANVAS_MARGIN + entry % columns * LEGEND_ENTRY;
        int middle = y + entry / columns * NORMA_CANVAS_LINE + NORMA_CANVAS_LINE / 2;
        const struct norma_style *style = last ? NULL : &view->implementations[i].style;
        legend_sample(canvas, x, middle, last ? NORMA_DASH : "1", last ? "black" : style->light,
                      last ? 0 : style->point);
        put_text(canvas, x + LEGEND_SAMPLE + 6, middle, 'l', "black",
                 last ? "ceiling" : view->implementations[i].name, LONGEST_LEGEND);
        ++entry;
    }
}

/* ---- finishing ----------------------------------------------------------------------------- */

char *norma_picture_name(const struct norma_view *view, const char *kind,
                         const struct norma_measurement *about, const char *detail) {
    char *label = norma_operator_label(about);
    struct norma_memory name;
    norma_memory_open(&name);
    if (view->machine_count > 1) {
        norma_slug_text(name.stream, view->machines[about->machine]);
        fputc('-', name.stream);
    }
    fprintf(name.stream, "%s-", kind);
    norma_slug_text(name.stream, label);
    if (*detail != '\0') {
        fputc('-', name.stream);
        norma_slug_text(name.stream, detail);
    }
    fprintf(name.stream, "-%lldt", about->threads);
    free(label);
    return norma_memory_close(&name);
}

static bool is_taken(const struct norma_pictures *pictures, const char *name) {
    for (size_t i = 0; i < pictures->count; ++i) {
        if (strcmp(pictures->items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static char *unique_name(const struct norma_pictures *pictures, char *name) {
    char *unique = norma_text("%s", name);
    for (int i = 2; is_taken(pictures, unique); ++i) {
        free(unique);
        unique = norma_text("%s-%d", name, i);
    }
    free(name);
    return unique;
}

void norma_canvas_close(struct norma_canvas *canvas, struct norma_pictures *pictures,
                        enum norma_picture_kind kind, const struct norma_measurement *about,
                        char *name, char *title, char *caption) {
    struct norma_picture picture = {
        .kind = kind,
        .about = about,
        .name = unique_name(pictures, name),
        .title = title,
        .caption = caption,
        .width = canvas->width,
        .height = canvas->height,
        .data = norma_memory_close(&canvas->data),
        .commands = norma_memory_close(&canvas->commands),
    };
    pictures->items = norma_resize(pictures->items, pictures->count + 1, sizeof picture);
    pictures->items[pictures->count++] = picture;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/draw/canvas.h"

#include "plots/draw/text.h"
#include "plots/read/read.h"

#include <stdlib.h>
#include <string.h>

enum { LEGEND_ENTRY = 158, LEGEND_SAMPLE = 30, LONGEST_TEXT = 110, LONGEST_LEGEND = 16 };

void plot_canvas_open(struct plot_canvas *canvas, const struct plot_view *view, size_t machine,
                      long long threads, int width, int height) {
    *canvas = (struct plot_canvas){
        .view = view, .machine = machine, .threads = threads, .width = width, .height = height};
    tool_stream_open(&canvas->data);
    tool_stream_open(&canvas->commands);
}

static double screen_x(const struct plot_canvas *canvas, int x) {
    return (double)x / canvas->width;
}

static double screen_y(const struct plot_canvas *canvas, int y) {
    return 1 - (double)y / canvas->height;
}

void plot_canvas_area(struct plot_canvas *canvas, int left, int top, int width, int height) {
    fprintf(canvas->commands.stream,
            "set lmargin at screen %.5f; set rmargin at screen %.5f\n"
            "set tmargin at screen %.5f; set bmargin at screen %.5f\n",
            screen_x(canvas, left), screen_x(canvas, left + width), screen_y(canvas, top),
            screen_y(canvas, top + height));
}

static void put_text(struct plot_canvas *canvas, int x, int y, char align, const char *colour,
                     const char *text, size_t most) {
    FILE *out = canvas->commands.stream;
    fputs("set label ", out);
    plot_gnuplot_text(out, text, most);
    fprintf(out, " at screen %.5f,%.5f %s front textcolor rgb '%s'\n", screen_x(canvas, x),
            screen_y(canvas, y),
            align == 'l'   ? "left"
            : align == 'r' ? "right"
                           : "center",
            colour);
}

void plot_canvas_text(struct plot_canvas *canvas, int x, int y, char align, const char *colour,
                      const char *text) {
    put_text(canvas, x, y, align, colour, text, LONGEST_TEXT);
}

static char *machine_text(const struct plot_canvas *canvas) {
    const struct plot_view *view = canvas->view;
    return canvas->machine == view->machine_count
               ? tool_text("%zu machines", view->machine_count)
               : tool_text("%s", plot_machine_name(plot_machine_record(view, canvas->machine)));
}

void plot_canvas_title(struct plot_canvas *canvas, const char *title) {
    char *machine = machine_text(canvas);
    plot_canvas_text(canvas, PLOT_CANVAS_MARGIN, 16, 'l', "black", title);
    plot_canvas_text(canvas, PLOT_CANVAS_MARGIN, 16 + PLOT_CANVAS_LINE, 'l', PLOT_MUTED, machine);
    free(machine);
}

void plot_canvas_axes(struct plot_canvas *canvas, int left, int top, int width, int height,
                      const char *below, const char *beside) {
    plot_canvas_text(canvas, left + width / 2, top + height + 40, 'c', "black", below);
    fprintf(canvas->commands.stream,
            "set label '%s' at screen %.5f,%.5f center rotate\n"
            "set border 3 lc rgb '" PLOT_MUTED "'\n"
            "set grid ytics lt 1 lw 0.6 lc rgb '" PLOT_FAINT "'\n"
            "set tics nomirror out scale 0.5 textcolor rgb 'black'\n",
            beside, screen_x(canvas, 14), screen_y(canvas, top + height / 2));
    plot_canvas_area(canvas, left, top, width, height);
}

void plot_canvas_forget(struct plot_canvas *canvas) {
    fputs("unset label; unset arrow\n", canvas->commands.stream);
}

/* ---- legend -------------------------------------------------------------------------------- */

static int legend_columns(int width) {
    int columns = (width - 2 * PLOT_CANVAS_MARGIN) / LEGEND_ENTRY;
    return columns < 1 ? 1 : columns;
}

int plot_canvas_legend_lines(int width, size_t entries) {
    int columns = legend_columns(width);
    return ((int)entries + columns - 1) / columns;
}

static void legend_sample(struct plot_canvas *canvas, int x, int y, const struct plot_line *line) {
    FILE *out = canvas->commands.stream;
    if (line->look) {
        fprintf(out,
                "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead %s lc rgb "
                "'%s'\n",
                screen_x(canvas, x), screen_y(canvas, y), screen_x(canvas, x + LEGEND_SAMPLE),
                screen_y(canvas, y), line->look, line->colour);
    }
    if (line->point != 0) {
        fprintf(out, "set label '' at screen %.5f,%.5f point pt %d ps 0.7 lc rgb '%s'\n",
                screen_x(canvas, x + LEGEND_SAMPLE / 2), screen_y(canvas, y), line->point,
                line->colour);
    }
}

void plot_canvas_legend_entry(struct plot_canvas *canvas, int y, int entry,
                              const struct plot_line *line, const char *text) {
    int columns = legend_columns(canvas->width);
    int x = PLOT_CANVAS_MARGIN + entry % columns * LEGEND_ENTRY;
    int middle = y + entry / columns * PLOT_CANVAS_LINE + PLOT_CANVAS_LINE / 2;
    legend_sample(canvas, x, middle, line);
    put_text(canvas, x + LEGEND_SAMPLE + 6, middle, 'l', "black", text, LONGEST_LEGEND);
}

/* gnuplot's own key is not used: where it breaks its lines depends on the widths that each terminal
 * guesses for letters. */
void plot_canvas_legend(struct plot_canvas *canvas, int y, const bool *shown, bool ceiling) {
    const struct plot_view *view = canvas->view;
    int entry = 0;
    for (size_t i = 0; i < view->implementation_count; i++) {
        if (shown[i]) {
            const struct plot_style *style = &view->implementations[i].style;
            struct plot_line line = {PLOT_SOLID, style->light, style->point};
            plot_canvas_legend_entry(canvas, y, entry++, &line, view->implementations[i].name);
        }
    }
    if (ceiling) {
        struct plot_line line = {PLOT_DASHED, "black", 0};
        plot_canvas_legend_entry(canvas, y, entry, &line, "ceiling");
    }
}

/* ---- finishing ----------------------------------------------------------------------------- */

char *plot_canvas_name(const struct plot_canvas *canvas, const char *kind, const char *label,
                       const char *detail) {
    const char *const parts[] = {label, detail};
    struct tool_stream name;
    tool_stream_open(&name);
    if (canvas->view->machine_count > 1 && canvas->machine < canvas->view->machine_count) {
        plot_slug_text(name.stream, canvas->view->machines[canvas->machine]);
        fputc('-', name.stream);
    }
    fputs(kind, name.stream);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (*parts[i] != '\0') {
            fputc('-', name.stream);
            plot_slug_text(name.stream, parts[i]);
        }
    }
    if (canvas->threads > 0) {
        fprintf(name.stream, "-%lldt", canvas->threads);
    }
    return tool_stream_close(&name);
}

static bool is_taken(const struct plot_pictures *pictures, const char *name) {
    for (size_t i = 0; i < pictures->count; i++) {
        if (strcmp(pictures->items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static char *unique_name(const struct plot_pictures *pictures, char *name) {
    char *unique = tool_text("%s", name);
    for (int i = 2; is_taken(pictures, unique); i++) {
        free(unique);
        unique = tool_text("%s-%d", name, i);
    }
    free(name);
    return unique;
}

void plot_canvas_close(struct plot_canvas *canvas, struct plot_pictures *pictures,
                       enum plot_picture_kind kind, struct plot_span span, char *name, char *title,
                       char *caption) {
    struct plot_picture picture = {
        .kind = kind,
        .span = span,
        .machine = canvas->machine,
        .threads = canvas->threads,
        .name = unique_name(pictures, name),
        .title = title,
        .caption = caption,
        .width = canvas->width,
        .height = canvas->height,
        .data = tool_stream_close(&canvas->data),
        .commands = tool_stream_close(&canvas->commands),
    };
    pictures->items = tool_grow(pictures->items, pictures->count, sizeof picture);
    pictures->items[pictures->count++] = picture;
}

/* Bandwidth against footprint: a line for each kernel, dashed for kernels that write past the
 * caches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/axis.h"
#include "plots/draw/kinds.h"
#include "plots/draw/palette.h"
#include "plots/draw/text.h"
#include "plots/figures/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 672, AREA_HEIGHT = 290, LEFT = 70, RIGHT = 28, BOTTOM = 56, MOST_KERNELS = 16 };

struct plot {
    struct plot_canvas canvas;
    const struct plot_speed **speeds;
    size_t speed_count;
    const char *kernels[MOST_KERNELS]; /* in order of reading */
    size_t kernel_count;
    struct plot_footprint_axis axis;
    double low, high; /* GB/s */
};

static size_t find_kernel(const struct plot *plot, const char *name) {
    size_t i = 0;
    while (i < plot->kernel_count && strcmp(plot->kernels[i], name) != 0) {
        i++;
    }
    return i;
}

static void survey(struct plot *plot) {
    plot->low = plot->axis.low = INFINITY;
    for (size_t i = 0; i < plot->speed_count; i++) {
        const struct plot_speed *speed = plot->speeds[i];
        if (find_kernel(plot, speed->kernel) == plot->kernel_count &&
            plot->kernel_count < MOST_KERNELS) {
            plot->kernels[plot->kernel_count++] = speed->kernel;
        }
        plot->low = fmin(plot->low, speed->rate);
        plot->high = fmax(plot->high, speed->rate);
        plot->axis.low = fmin(plot->axis.low, speed->footprint);
        plot->axis.high = fmax(plot->axis.high, speed->footprint);
    }
}

/* Returns the look of a kernel. Its non-temporal form has the same colour. */
static struct plot_line line_of(const char *kernel) {
    static const char *const known[] = {"copy", "read", "add"};
    size_t colour = 0;
    while (colour < sizeof known / sizeof known[0] &&
           strncmp(known[colour], kernel, strlen(known[colour])) != 0) {
        colour++;
    }
    bool streams = strstr(kernel, "-stream") != NULL;
    const struct plot_style *style = &plot_palette[colour];
    return (struct plot_line){streams ? PLOT_DASHED : PLOT_SOLID, style->light,
                              streams ? style->point - 1 : style->point};
}

/* ---- drawing ------------------------------------------------------------------------------- */

static int compare_footprints(const void *left, const void *right) {
    const struct plot_speed *a = *(const struct plot_speed *const *)left;
    const struct plot_speed *b = *(const struct plot_speed *const *)right;
    return (a->footprint > b->footprint) - (a->footprint < b->footprint);
}

static void write_kernel(struct plot *plot, size_t kernel) {
    FILE *out = plot->canvas.data.stream;
    fprintf(out, "$k%zu << EOD\n", kernel);
    for (size_t i = 0; i < plot->speed_count; i++) {
        if (find_kernel(plot, plot->speeds[i]->kernel) == kernel) {
            fprintf(out, "%.6g %.5g\n", plot->speeds[i]->footprint, plot->speeds[i]->rate);
        }
    }
    fputs("EOD\n", out);
}

static void draw_kernels(struct plot *plot) {
    FILE *out = plot->canvas.commands.stream;
    for (size_t k = 0; k < plot->kernel_count; k++) {
        struct plot_line line = line_of(plot->kernels[k]);
        write_kernel(plot, k);
        fprintf(out, "%s$k%zu using 1:2 with linespoints %s pt %d ps 0.4 lc rgb '%s' notitle",
                k == 0 ? "plot " : ", \\\n  ", k, line.look, line.point, line.colour);
    }
    fputc('\n', out);
}

static void draw(struct plot *plot, int legend_top, int top, const char *title) {
    struct plot_canvas *canvas = &plot->canvas;
    FILE *out = canvas->commands.stream;
    plot_canvas_title(canvas, title);
    for (size_t k = 0; k < plot->kernel_count; k++) {
        struct plot_line line = line_of(plot->kernels[k]);
        plot_canvas_legend_entry(canvas, legend_top, (int)k, &line, plot->kernels[k]);
    }
    plot_footprint_caches(&plot->axis, canvas, top);
    plot_canvas_axes(canvas, LEFT, top, WIDTH - LEFT - RIGHT, AREA_HEIGHT,
                     "footprint: bytes of all arrays", "GB/s");
    plot_write_footprint_axis(&plot->axis, out);
    plot_rate_axis(out, 'y', plot->low * 0.95, plot->high * 1.05);
    draw_kernels(plot);
}

static void add_plot(struct plot_pictures *pictures, const struct plot_view *view,
                     struct plot *plot, size_t machine, long long threads) {
    const struct plot_short team = plot_show_threads(threads);
    char *title = tool_text("Bandwidth by footprint, %s", team.text);
    char *caption = tool_text("Bytes moved over the median time, %s. Vertical lines: one cache of "
                              "each level; several threads have several.",
                              team.text);
    int legend_top = 2 * PLOT_CANVAS_LINE + PLOT_CANVAS_MARGIN;
    int top = legend_top + PLOT_CACHE_LABELS +
              PLOT_CANVAS_LINE * plot_canvas_legend_lines(WIDTH, plot->kernel_count);
    plot_canvas_open(&plot->canvas, view, machine, threads, WIDTH, top + AREA_HEIGHT + BOTTOM);
    draw(plot, legend_top, top, title);
    plot_canvas_close(&plot->canvas, pictures, PLOT_PICTURE_MEMORY, (struct plot_span){0},
                      plot_canvas_name(&plot->canvas, "memory", "", ""), title, caption);
}

void plot_add_memory_picture(struct plot_pictures *pictures, const struct plot_view *view,
                             size_t machine, long long threads) {
    struct plot plot = {.axis = {.left = LEFT, .width = WIDTH - LEFT - RIGHT}};
    plot.speed_count = plot_memory_list(view, machine, threads, &plot.speeds);
    if (plot.speed_count > 0) {
        survey(&plot);
        qsort(plot.speeds, plot.speed_count, sizeof *plot.speeds, compare_footprints);
        add_plot(pictures, view, &plot, machine, threads);
    } else {
        plot_pictures_lack(pictures, (struct plot_absence){PLOT_PICTURE_MEMORY, machine, threads,
                                                           tool_text("bandwidth by footprint"),
                                                           tool_text(PLOT_UNCEILED, threads)});
    }
    free(plot.speeds);
}

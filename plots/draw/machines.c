/* All machines in one picture: a column for each operator, and in it a point for each machine, with
 * its best set and threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/axis.h"
#include "plots/draw/kinds.h"
#include "plots/draw/palette.h"
#include "plots/draw/text.h"
#include "plots/figures/figures.h"
#include "plots/read/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEFT = 70,
    RIGHT = 28,
    COLUMN = 38, /* width of an operator */
    LEAST_WIDTH = 672,
    AREA_HEIGHT = 290,
    LABELS = 110 /* height of the operators' names, which stand upright below */
};

struct plot {
    struct plot_canvas canvas;
    const struct plot_measurement **operators;
    size_t operator_count, machine_count;
    struct plot_estimate *means; /* at operator * machine_count + machine */
    double low, high;
};

static void survey(struct plot *plot, const struct plot_view *view) {
    const struct plot_configuration **best = tool_allocate(plot->machine_count, sizeof *best);
    plot->means =
        tool_allocate(plot->operator_count * plot->machine_count + 1, sizeof *plot->means);
    plot->low = INFINITY;
    for (size_t op = 0; op < plot->operator_count; op++) {
        struct plot_estimate *means = plot->means + op * plot->machine_count;
        struct plot_comparison comparison;
        plot_comparison_create(&comparison, view, plot->operators[op]);
        plot_comparison_best(&comparison, 0, best);
        plot_comparison_means(&comparison, PLOT_GBPS, best, NULL, means);
        plot_comparison_destroy(&comparison);
        for (size_t m = 0; m < plot->machine_count; m++) {
            plot->low = fmin(plot->low, means[m].value); /* fmin ignores NAN */
            plot->high = fmax(plot->high, means[m].value);
        }
    }
    free(best);
}

static bool has_machine(const struct plot *plot, size_t machine) {
    for (size_t op = 0; op < plot->operator_count; op++) {
        if (!isnan(plot->means[op * plot->machine_count + machine].value)) {
            return true;
        }
    }
    return false;
}

static bool has_operator(const struct plot *plot, size_t op) {
    for (size_t m = 0; m < plot->machine_count; m++) {
        if (!isnan(plot->means[op * plot->machine_count + m].value)) {
            return true;
        }
    }
    return false;
}

/* Drops the operators without a figure, whose columns would be empty. */
static void keep_measured(struct plot *plot) {
    size_t kept = 0;
    for (size_t op = 0; op < plot->operator_count; op++) {
        if (has_operator(plot, op)) {
            plot->operators[kept] = plot->operators[op];
            memmove(plot->means + kept * plot->machine_count,
                    plot->means + op * plot->machine_count,
                    plot->machine_count * sizeof *plot->means);
            kept++;
        }
    }
    plot->operator_count = kept;
}

static size_t count_machines(const struct plot *plot) {
    size_t count = 0;
    for (size_t m = 0; m < plot->machine_count; m++) {
        count += has_machine(plot, m);
    }
    return count;
}

static struct plot_line line_of(size_t machine) {
    const struct plot_style *style = &plot_palette[machine % PLOT_PALETTE];
    return (struct plot_line){NULL, style->light, style->point};
}

static void draw_points(struct plot *plot) {
    FILE *data = plot->canvas.data.stream, *out = plot->canvas.commands.stream;
    fputs("plot NaN notitle", out);
    for (size_t m = 0; m < plot->machine_count; m++) {
        if (!has_machine(plot, m)) {
            continue;
        }
        struct plot_line line = line_of(m);
        fprintf(data, "$m%zu << EOD\n", m);
        for (size_t op = 0; op < plot->operator_count; op++) {
            double mean = plot->means[op * plot->machine_count + m].value;
            if (!isnan(mean)) {
                fprintf(data, "%zu %.6g\n", op, mean);
            }
        }
        fputs("EOD\n", data);
        fprintf(out, ", \\\n  $m%zu using 1:2 with points pt %d ps 1 lw 1.4 lc rgb '%s' notitle", m,
                line.point, line.colour);
    }
    fputc('\n', out);
}

static void operator_axis(const struct plot *plot, FILE *out) {
    fprintf(out, "set xrange [-0.6:%g]; set xtics nomirror rotate by 90 right (",
            (double)plot->operator_count - 0.4);
    for (size_t op = 0; op < plot->operator_count; op++) {
        char *label = plot_operator_label(plot->operators[op]);
        fputs(op == 0 ? "" : ",", out);
        plot_gnuplot_text(out, label, 13);
        fprintf(out, " %zu", op);
        free(label);
    }
    fputs(")\nset grid xtics ytics lt 1 lw 0.6 lc rgb '" PLOT_FAINT "'\n", out);
}

/* Draws one machine on each line, as their names are long. */
static void draw_legend(struct plot *plot, const struct plot_view *view, int top) {
    for (size_t m = 0; m < plot->machine_count; m++) {
        if (has_machine(plot, m)) {
            char *label = plot_machine_label(view, m);
            struct plot_line line = line_of(m);
            plot_canvas_legend_entry(&plot->canvas, top, 0, &line, "");
            plot_canvas_text(&plot->canvas, PLOT_CANVAS_MARGIN + 36, top + PLOT_CANVAS_LINE / 2,
                             'l', "black", label);
            free(label);
            top += PLOT_CANVAS_LINE;
        }
    }
}

static void add_plot(struct plot_pictures *pictures, const struct plot_view *view,
                     struct plot *plot) {
    int width = LEFT + RIGHT + (int)plot->operator_count * COLUMN;
    int legend_top = 2 * PLOT_CANVAS_LINE + PLOT_CANVAS_MARGIN;
    int top = legend_top + (int)count_machines(plot) * PLOT_CANVAS_LINE + PLOT_CANVAS_MARGIN;
    width = width < LEAST_WIDTH ? LEAST_WIDTH : width;
    plot_canvas_open(&plot->canvas, view, view->machine_count, 0, width,
                     top + AREA_HEIGHT + LABELS);
    plot_canvas_title(&plot->canvas, "Throughput of each machine's best set and threads");
    draw_legend(plot, view, legend_top);
    plot_canvas_axes(&plot->canvas, LEFT, top, width - LEFT - RIGHT, AREA_HEIGHT, "", "GB/s");
    plot_rate_axis(plot->canvas.commands.stream, 'y', plot->low * 0.9, plot->high * 1.1);
    operator_axis(plot, plot->canvas.commands.stream);
    draw_points(plot);
    plot_canvas_close(&plot->canvas, pictures, PLOT_PICTURE_MACHINES, (struct plot_span){0},
                      plot_canvas_name(&plot->canvas, "machines", "", ""),
                      tool_text("Throughput of each machine's best set and threads"),
                      tool_text("The figures of the first table: geometric means over the "
                                "problems that all machines have."));
}

void plot_add_machines_picture(struct plot_pictures *pictures, const struct plot_view *view) {
    if (view->machine_count < 2) {
        return;
    }
    struct plot plot = {.machine_count = view->machine_count};
    plot.operator_count = plot_operators(view, &plot.operators);
    survey(&plot, view);
    keep_measured(&plot);
    if (count_machines(&plot) > 1) {
        add_plot(pictures, view, &plot);
    } else {
        plot_pictures_lack(pictures,
                           (struct plot_absence){PLOT_PICTURE_MACHINES, view->machine_count, 0,
                                                 tool_text("the machines side by side"),
                                                 tool_text("fewer than two have measurements of "
                                                           "norma's sets that can be compared")});
    }
    free(plot.means);
    free(plot.operators);
}

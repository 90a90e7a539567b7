/* The roofline: GFLOP/s against arithmetic intensity. Each level of the memory has a colour; filled
 * points are forward, open ones backward. Since many operators share an intensity, their names
 * stand above it and not at the points.
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

enum {
    WIDTH = 672,
    AREA_HEIGHT = 320,
    LEFT = 70,
    RIGHT = 28,
    BOTTOM = 56,
    LETTER = 7,      /* width of a letter in pixels */
    LABEL_WIDTH = 15 /* height of a letter with its margin, in pixels */
};

/* The operators that have one intensity in one pass. */
struct group {
    const struct plot_measurement *about;
    double intensity;
    char *names;
    int x; /* pixels; moved aside if labels would touch */
};

struct plot {
    struct plot_canvas canvas;
    struct plot_roof roofs[PLOT_MAX_ROOFS];
    size_t roof_count;
    struct plot_point *points;
    size_t point_count;
    struct group *groups; /* sorted by intensity */
    size_t group_count;
    const struct plot_speed *peaks[2]; /* fma32, fma64 */
    struct plot_range intensities, rates;
};

static const char *const kernels[] = {"fma32", "fma64"};

static const struct plot_style *style_of(size_t roof) {
    return &plot_palette[roof % PLOT_PALETTE];
}

/* ---- groups -------------------------------------------------------------------------------- */

static bool is_in_group(const struct group *group, const struct plot_point *point) {
    return strcmp(group->about->pass, point->about->pass) == 0 &&
           fabs(log2(group->intensity / point->intensity)) < 0.02;
}

static struct group *find_group(struct plot *plot, const struct plot_point *point) {
    for (size_t i = 0; i < plot->group_count; i++) {
        if (is_in_group(&plot->groups[i], point)) {
            return &plot->groups[i];
        }
    }
    plot->groups = tool_grow(plot->groups, plot->group_count, sizeof *plot->groups);
    plot->groups[plot->group_count] = (struct group){
        .about = point->about, .intensity = point->intensity, .names = tool_text("%s", "")};
    return &plot->groups[plot->group_count++];
}

static int compare_groups(const void *left, const void *right) {
    const struct group *a = left, *b = right;
    return (a->intensity > b->intensity) - (a->intensity < b->intensity);
}

/* Groups the points by intensity. The points of one operator, one for each level, follow each
 * other. */
static void group_points(struct plot *plot) {
    const struct plot_measurement *before = NULL;
    for (size_t i = 0; i < plot->point_count; i++) {
        const struct plot_point *point = &plot->points[i];
        if (!before || plot_compare_operators(before, point->about) != 0) {
            struct group *group = find_group(plot, point);
            char *names = tool_text("%s%s%s", group->names, *group->names == '\0' ? "" : " ",
                                    point->about->op);
            free(group->names);
            group->names = names;
        }
        before = point->about;
    }
    qsort(plot->groups, plot->group_count, sizeof *plot->groups, compare_groups);
}

static int pixel_of(const struct plot *plot, double intensity) {
    double low = log2(plot->intensities.low), high = log2(plot->intensities.high);
    return LEFT + (int)lround((log2(intensity) - low) / (high - low) * (WIDTH - LEFT - RIGHT));
}

static void place_groups(struct plot *plot) {
    for (size_t i = 0; i < plot->group_count; i++) {
        int x = pixel_of(plot, plot->groups[i].intensity);
        int least = i == 0 ? 0 : plot->groups[i - 1].x + LABEL_WIDTH;
        plot->groups[i].x = x < least ? least : x;
    }
}

static int label_height(const struct plot *plot) {
    size_t longest = 0;
    for (size_t i = 0; i < plot->group_count; i++) {
        size_t length = strlen(plot->groups[i].about->pass) + 1 + strlen(plot->groups[i].names);
        longest = length > longest ? length : longest;
    }
    return (int)longest * LETTER + 8;
}

static bool has_roofs(const struct plot *plot) {
    for (size_t i = 0; i < plot->roof_count; i++) {
        if (plot->roofs[i].speed) {
            return true;
        }
    }
    return false;
}

/* ---- ranges -------------------------------------------------------------------------------- */

static double peak_of(const struct plot *plot) {
    double peak = 0;
    for (size_t i = 0; i < 2; i++) {
        peak = plot->peaks[i] ? fmax(peak, plot->peaks[i]->rate) : peak;
    }
    return peak;
}

/* Sets the ranges, from left of all points to right of where the lowest roof meets the peak. */
static void survey(struct plot *plot) {
    double low = 0.25, high = 16, least = INFINITY, most = peak_of(plot);
    for (size_t i = 0; i < plot->point_count; i++) {
        low = fmin(low, plot->points[i].intensity / 1.5);
        high = fmax(high, plot->points[i].intensity * 2);
        least = fmin(least, plot->points[i].gflops);
        most = fmax(most, plot->points[i].gflops);
    }
    for (size_t i = 0; i < plot->roof_count; i++) {
        const struct plot_speed *speed = plot->roofs[i].speed;
        if (speed) {
            least = fmin(least, speed->rate * low);
            high = fmin(fmax(high, 1.5 * peak_of(plot) / speed->rate), 1024);
            most = fmax(most, peak_of(plot) > 0 ? 0 : speed->rate * high);
        }
    }
    plot->intensities = (struct plot_range){low, high};
    plot->rates = (struct plot_range){least * 0.7, most * 1.3};
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void intensity_axis(const struct plot *plot, FILE *out) {
    const char *separator = "";
    fprintf(out, "set logscale x 2; set xrange [%.6g:%.6g]; set xtics nomirror (",
            plot->intensities.low * 0.9999, plot->intensities.high * 1.0001);
    for (int power = (int)ceil(log2(plot->intensities.low)); exp2(power) <= plot->intensities.high;
         power++) {
        if (power < 0) {
            fprintf(out, "%s'1/%.0f' %.8g", separator, exp2(-power), exp2(power));
        } else {
            fprintf(out, "%s%.0f", separator, exp2(power));
        }
        separator = ",";
    }
    fputs(")\n", out);
}

/* Writes the line of a roof, up to the peak of arithmetic if there is one. */
static void write_roof(struct plot *plot, size_t roof) {
    FILE *out = plot->canvas.data.stream;
    double rate = plot->roofs[roof].speed->rate, high = plot->intensities.high;
    double bend = plot->peaks[0] ? fmin(high, plot->peaks[0]->rate / rate) : high;
    fprintf(out, "$r%zu << EOD\n%.6g %.6g\n%.6g %.6g\nEOD\n", roof, plot->intensities.low,
            rate * plot->intensities.low, bend, rate * bend);
}

static void write_points(struct plot *plot, size_t roof, bool backward) {
    FILE *out = plot->canvas.data.stream;
    fprintf(out, "$p%zu_%d << EOD\n", roof, backward);
    for (size_t i = 0; i < plot->point_count; i++) {
        const struct plot_point *point = &plot->points[i];
        if (point->roof == roof && plot_measurement_is_backward(point->about) == backward) {
            fprintf(out, "%.6g %.6g\n", point->intensity, point->gflops);
        }
    }
    fputs("EOD\n", out);
}

static bool has_points(const struct plot *plot, size_t roof, bool backward) {
    for (size_t i = 0; i < plot->point_count; i++) {
        if (plot->points[i].roof == roof &&
            plot_measurement_is_backward(plot->points[i].about) == backward) {
            return true;
        }
    }
    return false;
}

static bool has_pass(const struct plot *plot, bool backward) {
    for (size_t roof = 0; roof < plot->roof_count; roof++) {
        if (has_points(plot, roof, backward)) {
            return true;
        }
    }
    return false;
}

/* Returns a filled point for forward, an open one for backward. */
static int point_of(bool backward) {
    return backward ? 6 : 7;
}

static void draw_curves(struct plot *plot) {
    FILE *out = plot->canvas.commands.stream;
    fputs("plot NaN notitle", out);
    for (size_t i = 0; i < plot->roof_count; i++) {
        const char *colour = style_of(i)->light;
        if (plot->roofs[i].speed) {
            write_roof(plot, i);
            fprintf(out, ", \\\n  $r%zu using 1:2 with lines lw 2 lc rgb '%s' notitle", i, colour);
        }
        for (int backward = 0; backward <= 1; backward++) {
            if (has_points(plot, i, backward == 1)) {
                write_points(plot, i, backward == 1);
                fprintf(out,
                        ", \\\n  $p%zu_%d using 1:2 with points pt %d ps 0.8 lw 1.2 lc rgb '%s' "
                        "notitle",
                        i, backward, point_of(backward == 1), colour);
            }
        }
    }
    fputc('\n', out);
}

/* Draws the peaks of arithmetic from the end of the steepest roof on, with their figures at the
 * right. */
static void draw_peaks(struct plot *plot) {
    FILE *out = plot->canvas.commands.stream;
    for (size_t i = 0; i < 2; i++) {
        if (!plot->peaks[i]) {
            continue;
        }
        double rate = plot->peaks[i]->rate, from = plot->intensities.low, steepest = 0;
        for (size_t r = 0; r < plot->roof_count; r++) {
            const struct plot_speed *speed = plot->roofs[r].speed;
            steepest = speed ? fmax(steepest, speed->rate) : steepest;
        }
        from = steepest > 0 ? fmax(from, rate / steepest) : from;
        fprintf(out,
                "set arrow from %.6g,%.6g to graph 1,first %.6g nohead %s lc rgb "
                "'black'\nset label '%s %s' at graph 1,first %.6g right offset 0,0.6\n",
                from, rate, rate, i == 0 ? PLOT_SOLID : PLOT_DASHED, kernels[i],
                plot_show_rate(rate, "GFLOP/s").text, rate);
    }
}

static void draw_groups(struct plot *plot, int top) {
    FILE *out = plot->canvas.commands.stream;
    place_groups(plot);
    for (size_t i = 0; i < plot->group_count; i++) {
        const struct group *group = &plot->groups[i];
        char *text = tool_text("%s %s", group->about->pass, group->names);
        fprintf(out,
                "set arrow from %.6g, graph 0 to %.6g, graph 1 nohead back lt 1 lw 0.6 lc rgb "
                "'" PLOT_FAINT "'\nset label ",
                group->intensity, group->intensity);
        plot_gnuplot_text(out, text, 60);
        fprintf(out, " at screen %.5f,%.5f left rotate textcolor rgb '" PLOT_MUTED "'\n",
                (double)group->x / WIDTH, 1 - (top - 5.0) / plot->canvas.height);
        free(text);
    }
}

static void draw_legend(struct plot *plot, int legend_top) {
    int entry = 0;
    for (size_t i = 0; i < plot->roof_count; i++) {
        const struct plot_speed *speed = plot->roofs[i].speed;
        if (!speed && !has_points(plot, i, false) && !has_points(plot, i, true)) {
            continue;
        }
        struct plot_line line = {speed == NULL ? NULL : PLOT_SOLID, style_of(i)->light,
                                 !speed ? 7 : 0};
        char *text = !speed ? tool_text("%s: no roof", plot->roofs[i].name)
                            : tool_text("%s %s", plot->roofs[i].name,
                                        plot_show_rate(speed->rate, "GB/s").text);
        plot_canvas_legend_entry(&plot->canvas, legend_top, entry++, &line, text);
        free(text);
    }
    for (int backward = 0; backward <= 1; backward++) {
        if (has_pass(plot, backward == 1)) {
            struct plot_line line = {NULL, "black", point_of(backward == 1)};
            plot_canvas_legend_entry(&plot->canvas, legend_top, entry++, &line,
                                     backward == 1 ? "backward" : "forward");
        }
    }
}

static void draw(struct plot *plot, int legend_top, int top, const char *title) {
    struct plot_canvas *canvas = &plot->canvas;
    FILE *out = canvas->commands.stream;
    plot_canvas_title(canvas, title);
    draw_legend(plot, legend_top);
    plot_canvas_axes(canvas, LEFT, top, WIDTH - LEFT - RIGHT, AREA_HEIGHT,
                     "arithmetic intensity: flop per byte moved", "GFLOP/s");
    intensity_axis(plot, out);
    plot->rates = plot_rate_axis(out, 'y', plot->rates.low, plot->rates.high);
    draw_groups(plot, top);
    draw_peaks(plot);
    draw_curves(plot);
}

static void add_plot(struct plot_pictures *pictures, const struct plot_view *view,
                     struct plot *plot, size_t machine, long long threads) {
    const struct plot_short team = plot_show_threads(threads);
    char *title = tool_text("Roofline, %s", team.text);
    char *caption =
        tool_text("%s. A point for each operator, pass and level that the footprints "
                  "fit into: geometric means over its problems, norma's fastest set. A roof is "
                  "the quickest kernel's bandwidth at that level.",
                  team.text);
    int legend_top = 2 * PLOT_CANVAS_LINE + PLOT_CANVAS_MARGIN;
    int top = legend_top + label_height(plot) +
              PLOT_CANVAS_LINE * plot_canvas_legend_lines(WIDTH, plot->roof_count + 2);
    plot_canvas_open(&plot->canvas, view, machine, threads, WIDTH, top + AREA_HEIGHT + BOTTOM);
    draw(plot, legend_top, top, title);
    plot_canvas_close(&plot->canvas, pictures, PLOT_PICTURE_ROOFLINE, (struct plot_span){0},
                      plot_canvas_name(&plot->canvas, "roofline", "", ""), title, caption);
}

/* Returns why there is no picture, and the peaks of arithmetic, which then stand nowhere else. */
static char *lacking(const struct plot *plot, bool roofs, long long threads) {
    struct tool_stream why;
    tool_stream_open(&why);
    if (!roofs) {
        fprintf(why.stream, PLOT_UNCEILED, threads);
    } else {
        fprintf(why.stream,
                "no operator whose operations are counted has a time (norma-bench run --threads "
                "%lld -o FILE measures them all)",
                threads);
    }
    for (size_t i = 0; i < 2; i++) {
        if (plot->peaks[i]) {
            fprintf(why.stream, "; %s reaches %s", kernels[i],
                    plot_show_rate(plot->peaks[i]->rate, "GFLOP/s").text);
        }
    }
    return tool_stream_close(&why);
}

void plot_add_roofline_picture(struct plot_pictures *pictures, const struct plot_view *view,
                               size_t machine, long long threads) {
    struct plot plot = {0};
    plot.roof_count = plot_roofs(view, machine, threads, plot.roofs);
    plot.point_count = plot_points(view, machine, threads, &plot.points);
    for (size_t i = 0; i < 2; i++) {
        plot.peaks[i] = plot_compute_peak(view, machine, threads, kernels[i]);
    }
    bool roofs = has_roofs(&plot);
    if (roofs && plot.point_count > 0) {
        survey(&plot);
        group_points(&plot);
        add_plot(pictures, view, &plot, machine, threads);
    } else {
        plot_pictures_lack(pictures, (struct plot_absence){PLOT_PICTURE_ROOFLINE, machine, threads,
                                                           tool_text("the roofline"),
                                                           lacking(&plot, roofs, threads)});
    }
    for (size_t i = 0; i < plot.group_count; i++) {
        free(plot.groups[i].names);
    }
    free(plot.groups);
    free(plot.points);
}

/* The axes that several pictures share: the footprint of tensors, with the machine's caches as
 * vertical lines, and rates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_AXIS_H
#define PLOTS_DRAW_AXIS_H

#include "plots/draw/canvas.h"

struct plot_footprint_axis {
    double low, high; /* the range of the values, in bytes */
    int left, width;  /* pixels of the plot's area */
};

enum { PLOT_CACHE_LABELS = 36 }; /* height of the caches' labels above the axes, in pixels */

/* Sets the range and the ticks of x. */
void plot_write_footprint_axis(const struct plot_footprint_axis *axis, FILE *out);

/* Draws the caches that are within the range, with labels above `top`, the upper end of the
 * area. */
void plot_footprint_caches(const struct plot_footprint_axis *axis, struct plot_canvas *canvas,
                           int top);

struct plot_range {
    double low, high;
};

/* Sets a logarithmic axis ('x' or 'y') with ticks at 1, 2, 5, 10 and so on. Returns its range, from
 * the tick below `low` to the tick above `high`. */
struct plot_range plot_rate_axis(FILE *out, char axis, double low, double high);

#endif

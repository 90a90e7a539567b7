/* Axes that several pictures have: the footprint of tensors, with the machine's caches as vertical
 * lines, and rates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_AXIS_H
#define PLOTS_DRAW_AXIS_H

#include "plots/draw/canvas.h"

struct plot_footprint_axis {
    double low, high; /* bytes that are to be seen */
    int left, width;  /* pixels of the area on the canvas */
};

enum { PLOT_CACHE_LABELS = 36 }; /* pixels above the axes that the caches' labels take */

/* Range and ticks of x. */
void plot_footprint_axis(const struct plot_footprint_axis *axis, FILE *out);

/* The caches within the range, their labels above `top`, the upper end of the area. */
void plot_footprint_caches(const struct plot_footprint_axis *axis, struct plot_canvas *canvas,
                           int top);

/* A logarithmic axis ('x' or 'y') with ticks at 1, 2, 5, 10, ..., from the tick below `low` to the
 * one above `high`, which is returned. */
struct plot_range {
    double low, high;
};
struct plot_range plot_rate_axis(FILE *out, char axis, double low, double high);

#endif

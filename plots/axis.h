/* Axes that several pictures have: the footprint of tensors, with the machine's caches as vertical
 * lines, and rates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_AXIS_H
#define NORMA_PLOTS_AXIS_H

#include "canvas.h"

struct norma_footprint_axis {
    double low, high; /* bytes that are to be seen */
    int left, width;  /* pixels of the area on the canvas */
};

enum { NORMA_CACHE_LABELS = 36 }; /* pixels above the axes that the caches' labels take */

/* Range and ticks of x. */
void norma_footprint_axis(const struct norma_footprint_axis *axis, FILE *out);

/* The caches within the range, their labels above `top`, the upper end of the area. */
void norma_footprint_caches(const struct norma_footprint_axis *axis, struct norma_canvas *canvas,
                            int top);

/* A logarithmic axis ('x' or 'y') with ticks at 1, 2, 5, 10, ..., from the tick below `low` to the
 * one above `high`, which is returned. */
struct norma_range {
    double low, high;
};
struct norma_range norma_rate_axis(FILE *out, char axis, double low, double high);

#endif

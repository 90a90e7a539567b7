/* The report: one HTML page that needs nothing but itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_PAGE_PAGE_H
#define PLOTS_PAGE_PAGE_H

#include "plots/draw/draw.h"

/* Writes the page. Reads the pictures' SVGs from the stage. */
void plot_report_write(FILE *out, const struct plot_view *view,
                       const struct plot_pictures *pictures, const char *title);

#endif

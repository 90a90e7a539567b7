/* Runs gnuplot.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_GNUPLOT_H
#define PLOTS_DRAW_GNUPLOT_H

#include "plots/draw/picture.h"

/* Ends the program, with a message on how to install it, if gnuplot is missing. */
void plot_gnuplot_require(void);

/* Checks whether gnuplot can draw PNG, which not every one is built for. */
bool plot_gnuplot_has_png(void);

/* Draws a picture as NAME.svg and, with `png`, NAME.png in the stage. If gnuplot fails, keeps the
 * script in the output folder and ends the program with gnuplot's message. */
void plot_gnuplot_draw(const struct plot_picture *picture, bool png);

#endif

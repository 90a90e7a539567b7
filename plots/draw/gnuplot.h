/* Running gnuplot.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_GNUPLOT_H
#define PLOTS_DRAW_GNUPLOT_H

#include "plots/draw/picture.h"

/* Ends the program, with how to install it, if gnuplot is not there. */
void plot_gnuplot_require(void);

/* Draws a picture as NAME.svg and, with `png`, NAME.png in the stage. When gnuplot fails, keeps the
 * script in the output folder and ends the program with gnuplot's message. */
void plot_gnuplot_draw(const struct plot_picture *picture, bool png);

#endif

/* Running gnuplot.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_GNUPLOT_H
#define NORMA_PLOTS_GNUPLOT_H

#include "picture.h"

/* Ends the program, with how to install it, if gnuplot is not there. */
void norma_gnuplot_require(void);

/* Draws a picture as NAME.svg and, with `png`, NAME.png in the stage. When gnuplot fails, keeps the
 * script in the output folder and ends the program with gnuplot's message. */
void norma_gnuplot_draw(const struct norma_picture *picture, bool png);

#endif

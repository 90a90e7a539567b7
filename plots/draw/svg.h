/* Gnuplot's SVG made fit to stand inside a page: a third of the size, no ids that clash, colours
 * that a style sheet can reach.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_SVG_H
#define PLOTS_DRAW_SVG_H

#include <stdio.h>

/* Writes the <defs> (point shapes) of a picture; the same in all, so once a page. */
void plot_svg_definitions(FILE *out, const char *svg);

/* Writes the picture without prolog, <defs>, background, empty groups, titles that would show as
 * tool tips, and needless white space; rgb(...) becomes #rrggbb. */
void plot_svg_inline(FILE *out, const char *svg, int width, int height, const char *title);

#endif

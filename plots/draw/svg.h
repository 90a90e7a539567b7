/* Makes gnuplot's SVG fit for a page: a third of the size, without ids that clash, and with colours
 * that a style sheet can override.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_SVG_H
#define PLOTS_DRAW_SVG_H

#include <stdio.h>

/* Writes the <defs> (point shapes) of a picture. All pictures have the same, so a page needs them
 * once. */
void plot_svg_definitions(FILE *out, const char *svg);

/* Writes the picture without prolog, <defs>, background, empty groups, titles that would show as
 * tool tips, and needless white space, with its colours as #rrggbb. */
void plot_svg_inline(FILE *out, const char *svg, int width, int height, const char *title);

#endif

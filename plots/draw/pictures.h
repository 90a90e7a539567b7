/* All pictures of a report.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_PICTURES_H
#define PLOTS_DRAW_PICTURES_H

#include "plots/draw/picture.h"

/* Makes all pictures of a view, in the order of machine, kind, operator and threads. */
void plot_pictures_create(struct plot_pictures *pictures, const struct plot_view *view);

#endif

/* Pictures: what they show, drawn by gnuplot and as SVG. This header is for other folders.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_DRAW_H
#define PLOTS_DRAW_DRAW_H

#include "plots/draw/gnuplot.h"
#include "plots/draw/palette.h"
#include "plots/draw/pictures.h"
#include "plots/draw/stage.h"
#include "plots/draw/svg.h"
#include "plots/draw/text.h"
#include "plots/draw/topology.h"

#endif

/* The interface of this folder for others.
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

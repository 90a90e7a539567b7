/* The colours of kernels of memory records, levels of the memory, and machines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_PALETTE_H
#define PLOTS_DRAW_PALETTE_H

#include "plots/read/read.h"

enum { PLOT_PALETTE = 5 };
extern const struct plot_style plot_palette[PLOT_PALETTE];

#endif

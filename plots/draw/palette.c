/* The colour-blind can tell them apart, and they are legible on white and on black.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/palette.h"

const struct plot_style plot_palette[PLOT_PALETTE] = {
    {"#c1480a", "#ff8f4a", 5},  {"#0067a8", "#57b3ea", 7},  {"#00805c", "#41d3a6", 9},
    {"#a32a72", "#ee82bd", 13}, {"#8a6508", "#e3b73a", 11},
};

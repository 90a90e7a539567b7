/* The kinds of pictures, each in a file of its own. An absence is added in the place of a picture
 * that would show nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_DRAW_KINDS_H
#define PLOTS_DRAW_KINDS_H

#include "plots/draw/picture.h"

/* Reasons for absences that several kinds have. */
#define PLOT_UNTIMED                                                                               \
    "no implementation has a time (Not measured, below, has the reasons; norma-bench run --impl "  \
    "names others)"
#define PLOT_UNCEILED                                                                              \
    "there are no memory records (norma-bench machine --threads %lld -o FILE writes them)"

/* Add the pictures of a span of one machine, operator and number of threads: speedup.c, share.c,
 * throughput.c. */
void plot_add_speedup_pictures(struct plot_pictures *pictures, const struct plot_view *view,
                               struct plot_span span);
void plot_add_share_picture(struct plot_pictures *pictures, const struct plot_view *view,
                            struct plot_span span);
void plot_add_throughput_pictures(struct plot_pictures *pictures, const struct plot_view *view,
                                  struct plot_span span);

/* Add bandwidth against footprint and the roofline of a machine with a number of threads. Both are
 * made from memory records, and the roofline also from measurements: memory.c, roofline.c. */
void plot_add_memory_picture(struct plot_pictures *pictures, const struct plot_view *view,
                             size_t machine, long long threads);
void plot_add_roofline_picture(struct plot_pictures *pictures, const struct plot_view *view,
                               size_t machine, long long threads);

/* Adds a picture of all machines side by side, if there are several and two have a figure:
 * machines.c. */
void plot_add_machines_picture(struct plot_pictures *pictures, const struct plot_view *view);

#endif

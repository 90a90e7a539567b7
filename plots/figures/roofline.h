/* What a machine can do at all, and how near norma comes: bandwidth roofs from memory records,
 * compute peaks from compute records, points from measurements.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_ROOFLINE_H
#define PLOTS_FIGURES_ROOFLINE_H

#include "plots/read/read.h"

/* A level of the memory, for a number of threads: the caches of that many cores, or memory. */
struct plot_roof {
    const char *name;               /* "L1d", "L2", "L3", "memory" */
    double capacity;                /* bytes; INFINITY: memory */
    const struct plot_speed *speed; /* the quickest kernel's; NULL: nothing was measured there */
};
enum { PLOT_MAX_ROOFS = PLOT_MAX_CACHES + 1 };

/* Fills the roofs, the nearest first, and returns their number. A footprint tells of a level when
 * it fits, and is at least twice what the level before holds: less is served in part by that. */
size_t plot_roofs(const struct plot_view *view, size_t machine, long long threads,
                  struct plot_roof roofs[PLOT_MAX_ROOFS]);

/* The memory records of a machine with a number of threads, in order of reading, of the same kernel
 * and footprint only the last; the caller frees *list. Returns their number. */
size_t plot_memory_list(const struct plot_view *view, size_t machine, long long threads,
                        const struct plot_speed ***list);

/* The index of the level that a footprint fits into. */
size_t plot_roof_of(const struct plot_roof *roofs, size_t count, double footprint);

/* The last compute record of a kernel, or NULL. */
const struct plot_speed *plot_compute_peak(const struct plot_view *view, size_t machine,
                                           long long threads, const char *kernel);

/* The least number of threads above `above` of the machine's memory records; 0: none. */
long long plot_memory_next_threads(const struct plot_view *view, size_t machine, long long above);

/* Additions and multiplications of the operator's definition for each element of x (README.md);
 * NAN: a variant or an operator that was not counted. */
double plot_flops(const struct plot_measurement *measurement);

/* The problems of one operator whose footprints fit into one level, with norma's fastest set:
 * geometric means. */
struct plot_point {
    const struct plot_measurement *about; /* one of them */
    size_t roof, problems;
    double intensity, gflops; /* flop/byte, GFLOP/s */
    double bound; /* GFLOP/s that the level's roof or the fma32 peak allows; NAN: not measured */
};

/* The points of a machine with a number of threads, by operator and level; the caller frees
 * *points. Returns their number. */
size_t plot_points(const struct plot_view *view, size_t machine, long long threads,
                   struct plot_point **points);

#endif

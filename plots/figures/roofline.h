/* The limits of a machine, and how close norma comes to them: bandwidth roofs from memory records,
 * peaks of arithmetic from compute records, points from measurements.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_ROOFLINE_H
#define PLOTS_FIGURES_ROOFLINE_H

#include "plots/read/read.h"

/* A level of the memory for a number of threads: the caches of so many cores, or the main
 * memory. */
struct plot_roof {
    const char *name; /* "L1d", "L2", "L3", "memory" */
    double capacity;  /* bytes; INFINITY: memory */
    const struct plot_speed
        *speed; /* that of the quickest kernel; NULL: nothing was measured there */
};
enum { PLOT_MAX_ROOFS = PLOT_MAX_CACHES + 1 };

/* Fills in the roofs, the nearest first, and returns their number. A footprint counts for a level
 * if it fits into it and is at least twice the capacity of the level before, which serves a part of
 * smaller ones. */
size_t plot_roofs(const struct plot_view *view, size_t machine, long long threads,
                  struct plot_roof roofs[PLOT_MAX_ROOFS]);

/* Lists the memory records of a machine with a number of threads in order of reading, with only the
 * last one of each kernel and footprint; the caller frees *list. Returns their number. */
size_t plot_memory_list(const struct plot_view *view, size_t machine, long long threads,
                        const struct plot_speed ***list);

/* Returns the index of the first level that a footprint fits into. */
size_t plot_roof_of(const struct plot_roof *roofs, size_t count, double footprint);

/* Returns the last compute record of a kernel, or NULL. */
const struct plot_speed *plot_compute_peak(const struct plot_view *view, size_t machine,
                                           long long threads, const char *kernel);

/* Returns the least number of threads above `above` in the machine's memory records; 0: none. */
long long plot_memory_next_threads(const struct plot_view *view, size_t machine, long long above);

/* Returns the additions and multiplications that the operator's definition has for each element of
 * x (README.md); NAN for a variant or an operator that was not counted. */
double plot_flops(const struct plot_measurement *measurement);

/* Geometric means over the problems of one operator whose footprints fit into one level, with
 * norma's fastest set. */
struct plot_point {
    const struct plot_measurement *about; /* one of the measurements */
    size_t roof, problems;
    double intensity, gflops; /* flop/byte, GFLOP/s */
    double bound; /* GFLOP/s that the level's roof and the fma32 peak allow; NAN: not measured */
};

/* Lists the points of a machine with a number of threads, by operator and level; the caller frees
 * *points. Returns their number. */
size_t plot_points(const struct plot_view *view, size_t machine, long long threads,
                   struct plot_point **points);

#endif

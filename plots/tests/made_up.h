/* Machines that do not exist, and records about their hardware.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_TESTS_MADE_UP_H
#define PLOTS_TESTS_MADE_UP_H

#include <stdbool.h>

enum { MADE_UP_TEAMS = 3 };

struct made_up_machine {
    const char *name, *vendor, *architecture, *features;
    const char *sets[3];  /* norma's sets, the slowest first; NULL: no more */
    const char *topology; /* "topology_tree" of the machine record */
    int cores;
    int teams[MADE_UP_TEAMS]; /* numbers of threads that are measured; 0: no more */
    double caches[3];         /* bytes of one L1, L2, L3 */
    double speeds[4]; /* bandwidth of one core in L1, L2, L3 and memory, in bytes a second */
    double most;      /* bandwidth of memory with all cores, in bytes a second */
    double gflops;    /* fma32 of one core */
};

/* Returns machine 1, 2 or 3; the first for any other number. */
const struct made_up_machine *made_up_machine(int number);

/* Returns the bytes a second of a copy whose tensors have so many bytes. */
double made_up_bandwidth(const struct made_up_machine *machine, double bytes, int threads,
                         bool stream);

/* Returns uniform numbers in [0, 1), the same after the same seed. */
void made_up_seed(int seed);
double made_up_uniform(void);

/* Writes memory, compute and digest records to standard output. */
void made_up_hardware(const struct made_up_machine *machine);

#endif

/* Machines that do not exist, for results that nobody measured.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_TESTS_MADE_UP_H
#define PLOTS_TESTS_MADE_UP_H

#include <stdbool.h>

enum { MADE_UP_TEAMS = 3 };

struct made_up_machine {
    const char *name, *vendor, *architecture, *features;
    const char *sets[3];  /* norma's sets, the slowest first; NULL: none more */
    const char *topology; /* "topology_tree" of the machine record */
    int cores;
    int teams[MADE_UP_TEAMS]; /* numbers of threads that are measured; 0: none more */
    double caches[3];         /* bytes of one L1, L2, L3 */
    double speeds[4];         /* bytes a second of one core in L1, L2, L3, memory */
    double most;              /* bytes a second of memory with all cores */
    double gflops;            /* of one core, fma32 */
};

/* 1, 2 or 3; any other number is as the first. */
const struct made_up_machine *made_up_machine(int number);

/* Bytes a second of a copy whose tensors take so many bytes. */
double made_up_bandwidth(const struct made_up_machine *machine, double bytes, int threads,
                         bool stream);

/* Uniform in [0, 1); the same numbers after the same seed. */
void made_up_seed(int seed);
double made_up_uniform(void);

/* Memory, compute and digest records, to standard output. */
void made_up_hardware(const struct made_up_machine *machine);

#endif

/* The share of the processors and of the memory that is left to this process, as containers and
 * batch systems limit it: with 0.4 processors, all threads are stopped for most of the time, and no
 * measurement is of the machine; with too little memory, the process is killed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MACHINE_QUOTA_H
#define BENCH_MACHINE_QUOTA_H

#include "bench/measure/measure.h"

struct bench_quota {
    double processors;        /* the smallest quota of all groups around this process; 0: none */
    double throttled;         /* periods so far at whose end one of these groups was stopped */
    double throttled_seconds; /* for which they were stopped, so far */
};

/* Reads the quotas of version 2 (cpu.max) and of version 1 (cpu.cfs_quota_us) of control groups.
 * `root` is put before all paths of the system: empty but in tests. What cannot be read counts as
 * no quota. */
struct bench_quota bench_quota_read(const char *root);

/* Returns the number of threads where none is asked for: one for each core, but not more than
 * OpenMP gives and the system lets start, nor than the quota lets run all the time. */
int bench_default_threads(const struct bench_cpu_binding *binding);

struct bench_memory_budget {
    uint64_t bytes;
    const char *origin; /* NULL: --max-memory; else what gives this process twice that much, for a
                           message: "that ulimit -v leaves" */
};

/* Returns the budget that --max-memory gives; if it is 0, as where it was not given, half of the
 * memory that this process may have (tool_memory_limit). */
struct bench_memory_budget bench_memory_budget(uint64_t given);

enum { BENCH_MEMORY_EXCESS_TEXT = 160 };

/* Prints why what needs so many bytes does not fit, with the limit, and where that comes from:
 * "needs 8.00 GB of memory, more than half of the 6.00 GB that a control group leaves". */
void bench_memory_excess_print(const struct bench_memory_budget *budget, uint64_t needed,
                               char text[BENCH_MEMORY_EXCESS_TEXT]);

#endif

/* The system's performance counters, in a file of their own so that tests can replace them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_PERF_H
#define BENCH_MEASURE_PERF_H

#include <stdbool.h>
#include <stdint.h>

/* X(ENUM, name, group): the events that are counted, those of a group at the same time. A processor
 * has few counters, so the hardware events are two groups that may have to take turns. */
#define BENCH_EVENTS(X)                                                                            \
    X(CYCLES, "cycles", 0)                                                                         \
    X(INSTRUCTIONS, "instructions", 0)                                                             \
    X(BRANCH_MISSES, "branch_misses", 0)                                                           \
    X(L1D_MISSES, "l1d_load_misses", 1)                                                            \
    X(LLC_MISSES, "llc_load_misses", 1)                                                            \
    X(DTLB_MISSES, "dtlb_load_misses", 1)                                                          \
    X(PAGE_FAULTS, "page_faults", 2)                                                               \
    X(CONTEXT_SWITCHES, "context_switches", 2)

enum bench_event {
#define BENCH_ENUM(upper, name, group) BENCH_EVENT_##upper,
    BENCH_EVENTS(BENCH_ENUM)
#undef BENCH_ENUM
        BENCH_EVENT_COUNT
};

enum { BENCH_EVENT_GROUPS = 3 };

/* The counts of a group, in the order in which its events were opened. */
struct bench_reading {
    uint64_t count;
    uint64_t enabled, running; /* nanoseconds for which it was to count, and did count */
    uint64_t values[BENCH_EVENT_COUNT];
};

/* Opens a counter of one thread (0: the caller), which is not running yet. leader is the first
 * counter of its group, or -1 for the first. Returns the counter, or -errno. */
int bench_perf_open(enum bench_event event, int thread, int leader);
/* Starts a whole group from 0. */
void bench_perf_start(int leader);
/* Stops a whole group. */
void bench_perf_stop(int leader);
/* Reads the counts of a whole group; false if the system refuses. */
bool bench_perf_read(int leader, struct bench_reading *reading);
void bench_perf_close(int counter);

#endif

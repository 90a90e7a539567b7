/* What the processor and the system count while an implementation executes, over all threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_COUNTERS_H
#define BENCH_MEASURE_COUNTERS_H

#include "bench/measure/perf.h"

#include <jansson.h>
#include <stddef.h>

struct bench_contender;
struct norma_args;

/* For one execution, means over a few. */
struct bench_counts {
    int64_t executions; /* 0: nothing was counted, and nothing else is set */
    bool known[BENCH_EVENT_COUNT];
    double values[BENCH_EVENT_COUNT];
    double running; /* the least part of the time that a group did count; below 1, the values of
                       such groups are scaled by it */
};

struct bench_counters {
    bool available[BENCH_EVENT_COUNT];
    bool any;      /* else nothing is counted */
    bool unsteady; /* said once that an implementation could not be counted */
};

/* Finds out what can be counted; says once what cannot, why, and the way out. */
void bench_counters_open(struct bench_counters *counters);

/* Executes the contender, which has been measured, a few times more and counts. Where nothing can
 * be counted, executions is 0. */
struct bench_counts bench_counters_take(struct bench_counters *counters,
                                        const struct bench_contender *contender,
                                        const struct norma_args *args);

/* "cycles" */
const char *bench_event_name(enum bench_event event);

/* Adds "counters" to a record, if anything was counted. */
void bench_counts_add(json_t *record, const struct bench_counts *counts);

#endif

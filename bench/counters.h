/* What the processor and the system count while an implementation executes, over all threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_COUNTERS_H
#define NORMA_BENCH_COUNTERS_H

#include "perf.h"

#include <jansson.h>
#include <stddef.h>

struct norma_contender;
struct norma_args;

/* For one execution, means over a few. */
struct norma_counts {
    int64_t executions; /* 0: nothing was counted, and nothing else is set */
    bool known[NORMA_EVENT_COUNT];
    double values[NORMA_EVENT_COUNT];
    double running; /* the least part of the time that a group did count; below 1, the values of
                       such groups are scaled by it */
};

struct norma_counters {
    bool available[NORMA_EVENT_COUNT];
    bool any;      /* else nothing is counted */
    bool unsteady; /* said once that an implementation could not be counted */
};

/* Finds out what can be counted; says once what cannot, why, and the way out. */
void norma_counters_open(struct norma_counters *counters);

/* Executes the contender, which has been measured, a few times more and counts. Where nothing can
 * be counted, executions is 0. */
struct norma_counts norma_counters_take(struct norma_counters *counters,
                                        const struct norma_contender *contender,
                                        const struct norma_args *args);

/* "cycles" */
const char *norma_event_name(enum norma_event event);

/* Adds "counters" to a record, if anything was counted. */
void norma_counts_add(json_t *record, const struct norma_counts *counts);

#endif

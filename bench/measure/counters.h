/* Counts events of the processor and the system while an implementation executes, over all threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_MEASURE_COUNTERS_H
#define BENCH_MEASURE_COUNTERS_H

#include "bench/measure/contender.h"

#include <jansson.h>
#include <stdio.h>

struct bench_counters {
    bool available[BENCH_EVENT_COUNT];
    bool any;      /* false: nothing is counted */
    bool unsteady; /* it was reported once that an implementation could not be counted */
};

/* Finds out what can be counted. Reports once what cannot, why, and what would help. */
void bench_counters_open(struct bench_counters *counters);

/* Executes the contender, which must have been measured, a few times more and counts. Where nothing
 * can be counted, executions is 0. */
struct bench_counts bench_counters_take(struct bench_counters *counters,
                                        const struct bench_contender *contender,
                                        const struct norma_args *args);

/* Returns the event's name in records and messages, such as "cycles". */
const char *bench_event_name(enum bench_event event);

/* Writes the counts, which must be of at least one execution, as words of a line, such as "cycles
 * 1200 page_faults 0 (of one execution, all threads)". */
void bench_counts_print(FILE *out, const struct bench_counts *counts);

/* Adds "counters" to a record, if anything was counted. */
void bench_counts_add(json_t *record, const struct bench_counts *counts);

#endif

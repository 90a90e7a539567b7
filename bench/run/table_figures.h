/* A group of measurements as tables see it, and the figures that they show of each entry.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_TABLE_FIGURES_H
#define BENCH_RUN_TABLE_FIGURES_H

#include "bench/results/results.h"

/* The order of the rows of a table. */
enum bench_table_order {
    BENCH_ORDER_GIVEN, /* ceilings, then implementations as named or listed */
    BENCH_ORDER_TIME,  /* the fastest first; those without a time last */
    BENCH_ORDER_NAME
};

struct bench_table_view {
    const struct bench_case *test_case;
    int threads;
    const struct bench_entry *entries; /* entries that are timed have samples */
    size_t count;
    /* The implementation that the others are compared with; NULL: they are not compared. */
    const struct reference_implementation *first;
    uint64_t seed;
    size_t width; /* in columns of characters; 0: there is no limit */
    enum bench_table_order order;
};

struct bench_figures {
    const struct bench_entry *entry;
    bool timed;                   /* false: all below is 0 */
    struct bench_estimate time;   /* seconds for an execution */
    double minimum;               /* of the samples */
    double nanoseconds_per_value; /* median for an element of x */
    double rate;                  /* GB/s */
    double share;                 /* of the ceiling's rate; 0: there is no ceiling */
    bool compared;
    struct bench_estimate ratio; /* of its time to that of the first, if compared */
};

/* Returns the figures of all entries in the order of the view; the caller frees them. */
struct bench_figures *bench_figures_of(const struct bench_table_view *view);

/* Checks whether the entry was timed, and has a sample already. */
bool bench_has_samples(const struct bench_entry *entry);

/* Returns the entry that the others are compared with; NULL if it is missing or not yet timed. */
const struct bench_entry *bench_first_of(const struct bench_table_view *view);

#endif

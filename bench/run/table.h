/* The table of one group of measurements on standard output. On a terminal it is refreshed in place
 * while samples are taken; the verdict follows below it at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_TABLE_H
#define BENCH_RUN_TABLE_H

#include "bench/results/results.h"

#include <stdio.h>

/* The state of the screen: plain data, which processes may share. */
struct bench_table {
    bool live;    /* standard output is a terminal */
    size_t lines; /* lines above the cursor that will be redrawn; the cursor is at their end */
    double drawn; /* the time of the last drawing */
};

struct bench_table_view {
    const struct bench_case *test_case;
    int threads;
    const struct bench_entry *entries; /* entries that are timed have samples */
    size_t count;
    /* The implementation that the others are compared with; NULL: they are not compared. */
    const struct reference_implementation *first;
    uint64_t seed;
};

struct bench_table bench_table_open(void);

/* Draws the table again if the last time was some tenths of a second ago and it fits on the
 * screen. */
void bench_table_refresh(struct bench_table *table, const struct bench_table_view *view);

/* Draws the table for the last time. Returns false if it could not be written, which was
 * reported. */
bool bench_table_finish(struct bench_table *table, const struct bench_table_view *view);

/* Removes the table from the screen. */
void bench_table_erase(struct bench_table *table);
/* Leaves the table on the screen, with the cursor at the beginning of a line. */
void bench_table_leave(struct bench_table *table);

/* Writes the lines of the table. */
void bench_table_print(const struct bench_table_view *view, FILE *out);
/* Writes the lines of the verdict. */
void bench_verdict_print(const struct bench_table_view *view, FILE *out);

#endif

/* The table of one group of measurements on standard output: refreshed in place on a terminal while
 * the samples come, and a verdict below it at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_TABLE_H
#define BENCH_RUN_TABLE_H

#include "bench/results/results.h"

#include <stdio.h>

/* What is on the screen. Plain data, which processes may share. */
struct bench_table {
    bool live;    /* standard output is a terminal */
    size_t lines; /* above the cursor, that will be drawn anew; the cursor is at their end */
    double drawn; /* when */
};

struct bench_table_view {
    const struct bench_case *one;
    int threads;
    const struct bench_entry *entries; /* those that are timed have samples */
    size_t count;
    const struct reference_implementation
        *first; /* whom the others are compared with; NULL: nobody */
    uint64_t seed;
};

struct bench_table bench_table_open(void);

/* Draws it again, where that is a few tenths of a second ago and it fits on the screen. */
void bench_table_refresh(struct bench_table *table, const struct bench_table_view *view);

/* Draws it for good. False: it could not be written, and that was said. */
bool bench_table_finish(struct bench_table *table, const struct bench_table_view *view);

/* Takes what is on the screen away; or leaves it, with the cursor at the beginning of a line. */
void bench_table_erase(struct bench_table *table);
void bench_table_leave(struct bench_table *table);

/* The lines of the table, and those of the verdict, to a file. */
void bench_table_print(const struct bench_table_view *view, FILE *out);
void bench_verdict_print(const struct bench_table_view *view, FILE *out);

#endif

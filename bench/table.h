/* The table of one group of measurements on standard output: refreshed in place on a terminal while
 * the samples come, and a verdict below it at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_BENCH_TABLE_H
#define NORMA_BENCH_TABLE_H

#include "records.h"

#include <stdio.h>

/* What is on the screen. Plain data, which processes may share. */
struct norma_table {
    bool live;    /* standard output is a terminal */
    size_t lines; /* above the cursor, that will be drawn anew; the cursor is at their end */
    double drawn; /* when */
};

struct norma_table_view {
    const struct norma_case *one;
    int threads;
    const struct norma_entry *entries; /* those that are timed have samples */
    size_t count;
    const struct norma_implementation *first; /* whom the others are compared with; NULL: nobody */
    uint64_t seed;
};

struct norma_table norma_table_open(void);

/* Draws it again, where that is a few tenths of a second ago and it fits on the screen. */
void norma_table_refresh(struct norma_table *table, const struct norma_table_view *view);

/* Draws it for good. False: it could not be written, and that was said. */
bool norma_table_finish(struct norma_table *table, const struct norma_table_view *view);

/* Takes what is on the screen away; or leaves it, with the cursor at the beginning of a line. */
void norma_table_erase(struct norma_table *table);
void norma_table_leave(struct norma_table *table);

/* The lines of the table, and those of the verdict, to a file. */
void norma_table_print(const struct norma_table_view *view, FILE *out);
void norma_verdict_print(const struct norma_table_view *view, FILE *out);

#endif

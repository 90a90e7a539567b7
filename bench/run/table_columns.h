/* The columns of a table for people. A further one is a line in table_columns.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_TABLE_COLUMNS_H
#define BENCH_RUN_TABLE_COLUMNS_H

#include "bench/run/table_figures.h"

#include <stdio.h>

enum { BENCH_CELL = 160 };

struct bench_column {
    const char *heading; /* NULL: names the first implementation */
    int least_width;     /* so that columns stay where they are while samples are taken */
    bool to_the_left;
    int rank; /* where there is not room for all, those with the largest are left out */
    /* Prints a cell over the empty text that is in it. */
    void (*print)(const struct bench_figures *figures, char text[BENCH_CELL]);
};

/* The columns, from left to right. The first is the implementation, the only one that has content
 * for what was not timed. */
extern const struct bench_column bench_columns[];
enum { BENCH_COLUMN_COUNT = 9 };

void bench_column_heading(const struct bench_table_view *view, size_t column,
                          char text[BENCH_CELL]);

/* Prints a text that begins after `indent` columns as lines, broken at blanks so that they fit into
 * the width; 0: there is no limit. */
void bench_put_wrapped(const char *text, size_t indent, size_t width, FILE *out);

/* Prints why an entry has no figures: "skipped: ...". */
void bench_print_outcome(const struct bench_entry *entry, char *text, size_t size);

#endif

/* The table of one group of measurements on standard output. On a terminal that can move its
 * cursor, it is refreshed in place while samples are taken; the verdict follows below it at the
 * end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_RUN_TABLE_H
#define BENCH_RUN_TABLE_H

#include "bench/run/table_figures.h"

#include <stdio.h>

enum bench_table_format {
    BENCH_TABLE_NONE,
    BENCH_TABLE_TEXT,
    BENCH_TABLE_CSV,
    BENCH_TABLE_MARKDOWN
};

/* The state of the screen: plain data, which processes may share. */
struct bench_table {
    enum bench_table_format format;
    bool live;    /* text on a terminal, which is drawn again and again */
    bool headed;  /* the heading of all tables is printed */
    size_t lines; /* lines above the cursor that will be redrawn; the cursor is at their end */
    double drawn; /* the time of the last drawing */
};

struct bench_table bench_table_open(enum bench_table_format format);

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

/* Writes the lines of the table. Columns that matter least are left out, and sentences broken, so
 * that lines fit into the view's width; the problem's is printed in full. */
void bench_table_print(const struct bench_table_view *view, FILE *out);
/* Writes what was counted, if anything was, and what speaks against figures of the table: other
 * work on the cores, and ceilings that are slower than what they limit. */
void bench_table_notes_print(const struct bench_table_view *view, FILE *out);
/* Writes the lines of the verdict. */
void bench_verdict_print(const struct bench_table_view *view, FILE *out);

/* Write the rows of the table in other formats, all columns, times of CSV in seconds. The heading
 * is one for all groups. */
void bench_markdown_print(const struct bench_table_view *view, bool with_heading, FILE *out);
void bench_csv_print(const struct bench_table_view *view, bool with_heading, FILE *out);

#endif

/* Writes the HTML elements that the report is made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_PAGE_HTML_H
#define PLOTS_PAGE_HTML_H

#include <stdio.h>

/* A column of a table, which is sorted as numbers if `number` is not 0. */
struct plot_column {
    const char *heading;
    int number;
};

/* Begins a table, which sorts by a click on a heading, and scrolls if it is wide. */
void plot_html_table(FILE *out, const char *class, const struct plot_column *columns, size_t count);
void plot_html_table_end(FILE *out);

/* Write a cell. That of plot_html_number shows `shown` and is sorted by `value`. */
void plot_html_cell(FILE *out, const char *text);
void plot_html_number(FILE *out, double value, const char *shown);
void plot_html_count(FILE *out, size_t count);
void plot_html_code(FILE *out, const char *text);

/* Writes <h2>, <h3> and so on, with an id for links unless it is "". */
void plot_html_heading(FILE *out, int level, const char *id, const char *text);

/* Writes the <h2> of a part about a machine, with the id "ID-MACHINE". */
void plot_html_part(FILE *out, const char *id, size_t machine, const char *heading);

/* Writes <p> with a class. */
void plot_html_paragraph(FILE *out, const char *class, const char *text);

#endif

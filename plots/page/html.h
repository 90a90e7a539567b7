/* The few HTML constructs that the report is made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_PAGE_HTML_H
#define PLOTS_PAGE_HTML_H

#include <stdio.h>

/* A column of a table; sorted as numbers where `number`. */
struct plot_column {
    const char *heading;
    int number;
};

/* Tables sort by a click on a heading; a wide one scrolls by itself. */
void plot_html_table(FILE *out, const char *class, const struct plot_column *columns, size_t count);
void plot_html_table_end(FILE *out);

/* Cells. plot_html_number sorts by `value` and shows `shown`. */
void plot_html_cell(FILE *out, const char *text);
void plot_html_number(FILE *out, double value, const char *shown);
void plot_html_count(FILE *out, size_t count);

/* <h2>, <h3> and so on, with an id for links unless it is "". */
void plot_html_heading(FILE *out, int level, const char *id, const char *text);
void plot_html_paragraph(FILE *out, const char *class, const char *text);

#endif

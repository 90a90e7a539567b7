/* The few HTML constructs that the report is made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_HTML_H
#define NORMA_PLOTS_HTML_H

#include <stdio.h>

/* A column of a table; sorted as numbers where `number`. */
struct norma_column {
    const char *heading;
    int number;
};

/* Tables sort by a click on a heading; a wide one scrolls by itself. */
void norma_html_table(FILE *out, const char *class, const struct norma_column *columns,
                      size_t count);
void norma_html_table_end(FILE *out);

/* Cells. norma_html_number sorts by `value` and shows `shown`. */
void norma_html_cell(FILE *out, const char *text);
void norma_html_number(FILE *out, double value, const char *shown);
void norma_html_count(FILE *out, size_t count);

/* <h2>, <h3> and so on, with an id for links unless it is "". */
void norma_html_heading(FILE *out, int level, const char *id, const char *text);
void norma_html_paragraph(FILE *out, const char *class, const char *text);

#endif

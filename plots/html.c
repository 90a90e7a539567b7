/* Writing HTML.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "html.h"

#include "text.h"

#include <math.h>

void norma_html_table(FILE *out, const char *class, const struct norma_column *columns,
                      size_t count) {
    fprintf(out, "<div class=\"scroll\"><table class=\"sortable %s\"><thead><tr>", class);
    for (size_t i = 0; i < count; ++i) {
        fprintf(out, "<th%s>", columns[i].number ? " class=\"n\"" : "");
        norma_html_text(out, columns[i].heading);
        fputs("</th>", out);
    }
    fputs("</tr></thead><tbody>\n", out);
}

void norma_html_table_end(FILE *out) {
    fputs("</tbody></table></div>\n", out);
}

void norma_html_cell(FILE *out, const char *text) {
    fputs("<td>", out);
    norma_html_text(out, text);
}

void norma_html_number(FILE *out, double value, const char *shown) {
    if (isnan(value)) {
        fputs("<td class=\"n\">", out);
    } else {
        fprintf(out, "<td class=\"n\" data-v=\"%.6g\">", value);
    }
    norma_html_text(out, shown);
}

void norma_html_count(FILE *out, size_t count) {
    fprintf(out, "<td class=\"n\">%zu", count);
}

void norma_html_heading(FILE *out, int level, const char *id, const char *text) {
    fprintf(out, "<h%d", level);
    if (*id != '\0') {
        fprintf(out, " id=\"%s\"", id);
    }
    fputc('>', out);
    norma_html_text(out, text);
    fprintf(out, "</h%d>\n", level);
}

void norma_html_paragraph(FILE *out, const char *class, const char *text) {
    fprintf(out, "<p class=\"%s\">", class);
    norma_html_text(out, text);
    fputs("</p>\n", out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/page/html.h"

#include "plots/draw/draw.h"

#include <math.h>
#include <stdlib.h>

void plot_html_table(FILE *out, const char *class, const struct plot_column *columns,
                     size_t count) {
    fprintf(out, "<div class=\"scroll\"><table class=\"sortable %s\"><thead><tr>", class);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "<th%s>", columns[i].number ? " class=\"n\"" : "");
        plot_html_text(out, columns[i].heading);
        fputs("</th>", out);
    }
    fputs("</tr></thead><tbody>\n", out);
}

void plot_html_table_end(FILE *out) {
    fputs("</tbody></table></div>\n", out);
}

void plot_html_cell(FILE *out, const char *text) {
    fputs("<td>", out);
    plot_html_text(out, text);
}

void plot_html_number(FILE *out, double value, const char *shown) {
    if (isnan(value)) {
        fputs("<td class=\"n\">", out);
    } else {
        fprintf(out, "<td class=\"n\" data-v=\"%.6g\">", value);
    }
    plot_html_text(out, shown);
}

void plot_html_count(FILE *out, size_t count) {
    fprintf(out, "<td class=\"n\">%zu", count);
}

void plot_html_code(FILE *out, const char *text) {
    fputs("<td><code>", out);
    plot_html_text(out, text);
    fputs("</code>", out);
}

void plot_html_heading(FILE *out, int level, const char *id, const char *text) {
    fprintf(out, "<h%d", level);
    if (*id != '\0') {
        fprintf(out, " id=\"%s\"", id);
    }
    fputc('>', out);
    plot_html_text(out, text);
    fprintf(out, "</h%d>\n", level);
}

void plot_html_part(FILE *out, const char *id, size_t machine, const char *heading) {
    char *whole = tool_text("%s-%zu", id, machine);
    plot_html_heading(out, 2, whole, heading);
    free(whole);
}

void plot_html_paragraph(FILE *out, const char *class, const char *text) {
    fprintf(out, "<p class=\"%s\">", class);
    plot_html_text(out, text);
    fputs("</p>\n", out);
}

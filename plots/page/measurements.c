/* Writes every measurement of a machine, folded away. The table has thousands of rows and is most
 * of the page's size, so its cells have attributes only where their text cannot be sorted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/figures/figures.h"
#include "plots/page/html.h"
#include "plots/page/origin.h"
#include "plots/page/page_parts.h"

#include <math.h>
#include <stdlib.h>

static bool is_shown(const struct plot_measurement *item) {
    return item->outcome == PLOT_DONE && !item->repeated;
}

static void write_measurement(FILE *out, const struct plot_measurement *item) {
    char *command = plot_report_command(item);
    fputs("<tr>", out);
    plot_html_cell(out, item->problem);
    plot_html_cell(out, item->implementation);
    fprintf(out, "<td>%lld<td data-v=\"%.4g\">%s%s (%s – %s)<td>%.4g<td>%s<td>%s", item->threads,
            item->median, plot_show_time(item->median).text, plot_mark(item->uncertain),
            plot_show_time(item->low).text, plot_show_time(item->high).text, item->gbps,
            plot_show_percent(item->share).text, plot_show_share(item->share_of_bound).text);
    plot_html_cell(out, item->kernel);
    plot_html_code(out, command);
    fputc('\n', out);
    free(command);
}

void plot_report_measurements(FILE *out, struct plot_span machine) {
    static const struct plot_column columns[] = {
        {"problem", 0},        {"implementation", 0},
        {"threads", 1},        {"median (95% interval)", 1},
        {"GB/s", 1},           {"share of ceiling", 1},
        {"share of bound", 1}, {"kernel", 0},
        {"to repeat it", 0},
    };
    size_t done = 0, uncertain = 0;
    for (size_t i = 0; i < machine.count; i++) {
        done += is_shown(machine.items[i]);
        uncertain += is_shown(machine.items[i]) && machine.items[i]->uncertain;
    }
    plot_html_part(out, "measurements", machine.items[0]->machine, "All measurements");
    if (done == 0) {
        plot_html_paragraph(out, "note", "No case has a time; the reasons are under Not measured.");
        return;
    }
    if (uncertain > 0) {
        char *note = tool_text("?: %zu of %zu are uncertain, as other work had a core during too "
                               "many of their samples; they decide nothing.",
                               uncertain, done);
        plot_html_paragraph(out, "note", note);
        free(note);
    }
    fprintf(out,
            "<details><summary>%zu measurements</summary>\n<p><label>Show rows that hold "
            "<input type=\"search\" class=\"filter\" placeholder=\"bn: avx512 56x56\"></label></p>",
            done);
    plot_html_table(out, "measurements", columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < machine.count; i++) {
        if (is_shown(machine.items[i])) {
            write_measurement(out, machine.items[i]);
        }
    }
    plot_html_table_end(out);
    fputs("</details>\n", out);
}

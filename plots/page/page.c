/* Writes the frame of the page, and its parts in their order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/page/page.h"

#include "plots/draw/draw.h"
#include "plots/page/html.h"
#include "plots/page/page_assets.h"
#include "plots/page/page_parts.h"
#include "plots/read/read.h"

#include <stdlib.h>
#include <string.h>

/* ---- style --------------------------------------------------------------------------------- */

static void write_dark_colour(FILE *out, const char *property, const struct plot_style *style) {
    fprintf(out, "svg [%s=\"%s\"]{%s:%s}\n", property, style->light, property, style->dark);
}

/* Writes the style sheet. Its rules override the colours in gnuplot's SVG, which are attributes. */
static void write_style(FILE *out, const struct plot_view *view) {
    fputs("<style>\n", out);
    fwrite(plot_page_css, 1, plot_page_css_size, out);
    fputs("@media screen and (prefers-color-scheme:dark){\n", out);
    for (size_t i = 0; i < view->implementation_count; i++) {
        write_dark_colour(out, "stroke", &view->implementations[i].style);
        write_dark_colour(out, "color", &view->implementations[i].style);
    }
    for (size_t i = 0; i < PLOT_PALETTE; i++) {
        write_dark_colour(out, "stroke", &plot_palette[i]);
        write_dark_colour(out, "color", &plot_palette[i]);
    }
    fputs("}\n</style>\n", out);
}

static void write_script(FILE *out) {
    fputs("<script>\n", out);
    fwrite(plot_page_js, 1, plot_page_js_size, out);
    fputs("</script>\n", out);
}

/* ---- top ----------------------------------------------------------------------------------- */

static void write_head(FILE *out, const struct plot_view *view, const char *title) {
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"generator\" content=\"norma-plot " PLOT_VERSION "\">\n<title>",
          out);
    plot_html_text(out, title);
    fputs("</title>\n", out);
    write_style(out, view);
    fputs("</head><body><main>\n", out);
}

static void write_date(FILE *out, const json_t *machine) {
    const char *date = json_string_value(json_object_get(machine, "date"));
    if (date) {
        fputs(", ", out);
        plot_html_text(out, date);
    }
}

static void write_header(FILE *out, const struct plot_view *view, const char *title) {
    fputs("<header>\n", out);
    plot_html_heading(out, 1, "", title);
    for (size_t m = 0; m < view->machine_count; m++) {
        const json_t *machine = plot_machine_record(view, m);
        fputs("<p class=\"machine\">", out);
        plot_html_text(out, plot_machine_name(machine));
        write_date(out, machine);
        fputs("</p>\n", out);
    }
    plot_report_notices(out, view);
    fputs("</header>\n", out);
}

/* ---- a machine ----------------------------------------------------------------------------- */

static const struct {
    const char *id, *text;
} sections[] = {
    {"summary", "Summary"},       {"hardware", "Hardware"},
    {"speedup", "Speed-up"},      {"share", "Share of the ceiling"},
    {"throughput", "Throughput"}, {"accuracy", "Accuracy"},
    {"missing", "Not measured"},  {"measurements", "All measurements"},
};

/* Writes links to the parts about a machine, of which one without measurements has its hardware
 * alone. */
static void write_links(FILE *out, size_t machine, bool measured) {
    fputs("<nav>", out);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (!measured && strcmp(sections[i].id, "hardware") != 0) {
            continue;
        }
        fprintf(out, "<a href=\"#%s-%zu\">%s</a> ", sections[i].id, machine, sections[i].text);
    }
    fputs("<a href=\"#machines\">Machine</a> <a href=\"#runs\">Conditions</a></nav>\n", out);
}

static void write_machine(FILE *out, const struct plot_view *view,
                          const struct plot_pictures *pictures, size_t index) {
    struct plot_span machine = plot_view_machine(view, index);
    bool measured = machine.count > 0;
    if (view->machine_count > 1) {
        const char *name = plot_machine_name(plot_machine_record(view, index));
        char *heading = tool_text("%s (machine %s)", name, view->machines[index]);
        char *id = tool_text("machine-%zu", index);
        plot_html_heading(out, 1, id, heading);
        free(id);
        free(heading);
    }
    write_links(out, index, measured);
    if (measured) {
        plot_report_summary(out, view, machine);
    }
    plot_report_hardware(out, view, pictures, index);
    if (measured) {
        plot_report_pictures(out, view, pictures, index);
        plot_report_accuracy(out, view, machine);
        plot_report_missing(out, view, machine);
        plot_report_measurements(out, machine);
    }
}

/* Writes the links of a page about several machines. */
static void write_contents(FILE *out, const struct plot_view *view) {
    fputs("<nav>", out);
    if (view->item_count > 0) {
        fputs("<a href=\"#comparison\">Machines compared</a> ", out);
    }
    fputs("<a href=\"#agreement\">Do they agree?</a> ", out);
    for (size_t m = 0; m < view->machine_count; m++) {
        char *label = plot_machine_label(view, m);
        fprintf(out, "<a href=\"#machine-%zu\">", m);
        plot_html_text(out, label);
        fputs("</a> ", out);
        free(label);
    }
    fputs("<a href=\"#machines\">Machines</a> <a href=\"#runs\">Conditions</a></nav>\n", out);
}

void plot_report_write(FILE *out, const struct plot_view *view,
                       const struct plot_pictures *pictures, const char *title) {
    bool several = view->machine_count > 1;
    write_head(out, view, title);
    write_header(out, view, title);
    plot_report_definitions(out, pictures);
    if (several) {
        write_contents(out, view);
        plot_report_comparison(out, view, pictures);
        plot_report_agreement(out, view);
    }
    for (size_t m = 0; m < view->machine_count; m++) {
        write_machine(out, view, pictures, m);
    }
    if (!several) {
        plot_report_comparison(out, view, pictures);
        plot_report_agreement(out, view);
    }
    plot_report_machines(out, view);
    plot_report_runs(out, view);
    fputs("</main>\n", out);
    write_script(out);
    fputs("</body></html>\n", out);
}

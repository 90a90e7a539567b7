/* Writes the requested cases without a figure, by reason.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/page/html.h"
#include "plots/page/origin.h"
#include "plots/page/page_parts.h"

#include <stdlib.h>
#include <string.h>

/* Cases of one operator, with any implementation, that have the same status and reason. */
struct missing {
    const struct plot_measurement *example;
    bool *implementations;
    size_t cases;
};

struct missing_list {
    struct missing *items;
    size_t count;
};

static bool same_reason(const struct plot_measurement *a, const struct plot_measurement *b) {
    return a->outcome == b->outcome && strcmp(a->op, b->op) == 0 && strcmp(a->pass, b->pass) == 0 &&
           strcmp(a->reason, b->reason) == 0;
}

static struct missing *find_missing(struct missing_list *list, const struct plot_view *view,
                                    const struct plot_measurement *item) {
    for (size_t i = 0; i < list->count; i++) {
        if (same_reason(list->items[i].example, item)) {
            return &list->items[i];
        }
    }
    bool *implementations = tool_allocate(view->implementation_count, sizeof(bool));
    memset(implementations, 0, view->implementation_count * sizeof(bool));
    list->items = tool_grow(list->items, list->count, sizeof *list->items);
    list->items[list->count] = (struct missing){item, implementations, 0};
    return &list->items[list->count++];
}

static void add_missing(struct missing_list *list, const struct plot_view *view,
                        const struct plot_measurement *item) {
    struct missing *missing = find_missing(list, view, item);
    missing->implementations[item->implementation_index] = true;
    missing->cases++;
}

static void free_missing(struct missing_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].implementations);
    }
    free(list->items);
}

static void write_implementations(FILE *out, const struct plot_view *view,
                                  const struct missing *missing) {
    const char *separator = "";
    fputs("<td>", out);
    for (size_t i = 0; i < view->implementation_count; i++) {
        if (missing->implementations[i]) {
            fputs(separator, out);
            plot_html_text(out, view->implementations[i].name);
            separator = ", ";
        }
    }
}

static void write_missing(FILE *out, const struct plot_view *view, const struct missing *missing) {
    const struct plot_measurement *example = missing->example;
    char *command = plot_report_command(example);
    fprintf(out, "<tr%s>", example->outcome == PLOT_FAILED ? " class=\"failed\"" : "");
    plot_html_cell(out, plot_outcome_name(example->outcome));
    plot_html_cell(out, *example->reason == '\0' ? "no reason recorded" : example->reason);
    fputs("<td>", out);
    plot_html_text(out, example->op);
    fputc(' ', out);
    plot_html_text(out, example->pass);
    write_implementations(out, view, missing);
    plot_html_count(out, missing->cases);
    plot_html_code(out, command);
    fputs("</tr>\n", out);
    free(command);
}

/* Writes the gravest first. */
static void write_all_missing(FILE *out, const struct plot_view *view,
                              const struct missing_list *list) {
    static const enum plot_outcome order[] = {PLOT_FAILED, PLOT_SKIPPED, PLOT_UNSUPPORTED};
    static const struct plot_column columns[] = {
        {"status", 0},          {"reason", 0}, {"operator", 0},
        {"implementations", 0}, {"cases", 1},  {"one of them", 0},
    };
    plot_html_table(out, "", columns, sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
        for (size_t i = 0; i < list->count; i++) {
            if (list->items[i].example->outcome == order[k]) {
                write_missing(out, view, &list->items[i]);
            }
        }
    }
    plot_html_table_end(out);
}

void plot_report_missing(FILE *out, const struct plot_view *view, struct plot_span machine) {
    struct missing_list list = {NULL, 0};
    for (size_t i = 0; i < machine.count; i++) {
        if (machine.items[i]->outcome != PLOT_DONE && !machine.items[i]->repeated) {
            add_missing(&list, view, machine.items[i]);
        }
    }
    plot_html_part(out, "missing", machine.items[0]->machine, "Not measured");
    if (list.count == 0) {
        plot_html_paragraph(out, "note", "Every requested case has a time.");
    } else {
        plot_html_paragraph(out, "note",
                            "Requested cases without a time, by reason. A failed case had a wrong "
                            "result, so that it was not timed, or its kernel crashed or hung.");
        write_all_missing(out, view, &list);
    }
    free_missing(&list);
}

/* Writes the accuracy table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/draw/draw.h"
#include "plots/figures/figures.h"
#include "plots/page/html.h"
#include "plots/page/page_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The accuracy of an implementation for one operator. A case is a problem with any number of
 * threads, as its result does not depend on that. */
struct accuracy {
    size_t cases[PLOT_FAILED + 1]; /* indexed by outcome */
    struct plot_sample shares;
    const struct plot_measurement *worst;
};

/* Returns the weight of an outcome. If the records of a problem differ, the heaviest outcome
 * counts: it failed if any record did, and was verified if it was so with some number of
 * threads. */
static int weight(enum plot_outcome outcome) {
    static const int weights[] = {
        [PLOT_UNSUPPORTED] = 0, [PLOT_SKIPPED] = 1, [PLOT_DONE] = 2, [PLOT_FAILED] = 3};
    return weights[outcome];
}

static int compare_problems(const void *left, const void *right) {
    const struct plot_measurement *a = *(struct plot_measurement *const *)left;
    const struct plot_measurement *b = *(struct plot_measurement *const *)right;
    int order = strcmp(a->problem, b->problem);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static void add_share(struct accuracy *accuracy, const struct plot_measurement *item) {
    if (isnan(item->share_of_bound)) {
        return;
    }
    plot_sample_add(&accuracy->shares, item->share_of_bound);
    if (!accuracy->worst || item->share_of_bound > accuracy->worst->share_of_bound) {
        accuracy->worst = item;
    }
}

static void add_cases(struct accuracy *accuracy, struct plot_measurement **items, size_t count) {
    qsort(items, count, sizeof(struct plot_measurement *), compare_problems);
    for (size_t i = 0; i < count;) {
        enum plot_outcome outcome = items[i]->outcome;
        size_t first = i;
        for (; i < count && strcmp(items[i]->problem, items[first]->problem) == 0; i++) {
            outcome = weight(items[i]->outcome) > weight(outcome) ? items[i]->outcome : outcome;
            add_share(accuracy, items[i]);
        }
        accuracy->cases[outcome]++;
    }
}

static struct accuracy accuracy_of(struct plot_span op, size_t implementation) {
    struct accuracy accuracy = {{0}, {0}, NULL};
    struct plot_measurement **items = tool_allocate(op.count, sizeof(struct plot_measurement *));
    size_t count = 0;
    for (size_t i = 0; i < op.count; i++) {
        if (op.items[i]->implementation_index == implementation && !op.items[i]->repeated) {
            items[count++] = op.items[i];
        }
    }
    add_cases(&accuracy, items, count);
    free(items);
    return accuracy;
}

static void write_accuracy(FILE *out, const char *label, const char *implementation,
                           struct accuracy *accuracy) {
    double largest = plot_largest(&accuracy->shares), median = plot_median(&accuracy->shares);
    bool failed = accuracy->cases[PLOT_FAILED] > 0 || largest > 1;
    fprintf(out, "<tr%s>", failed ? " class=\"failed\"" : "");
    plot_html_cell(out, label);
    plot_html_cell(out, implementation);
    plot_html_number(out, largest, plot_show_share(largest).text);
    plot_html_number(out, median, plot_show_share(median).text);
    plot_html_count(out, accuracy->cases[PLOT_DONE]);
    plot_html_count(out, accuracy->cases[PLOT_FAILED]);
    plot_html_count(out, accuracy->cases[PLOT_SKIPPED]);
    plot_html_count(out, accuracy->cases[PLOT_UNSUPPORTED]);
    plot_html_cell(out, accuracy->worst ? accuracy->worst->problem : "");
    fputs("</tr>\n", out);
}

static void note_smaller(FILE *out, struct plot_span machine) {
    size_t smaller = 0;
    for (size_t i = 0; i < machine.count; i++) {
        smaller += *machine.items[i]->verified != '\0' && !machine.items[i]->repeated;
    }
    if (smaller > 0) {
        fprintf(
            out,
            "<p class=\"note\">%zu of the measurements were verified on fewer samples than they "
            "were timed with, being too large.</p>\n",
            smaller);
    }
}

void plot_report_accuracy(FILE *out, const struct plot_view *view, struct plot_span machine) {
    static const struct plot_column columns[] = {
        {"operator", 0}, {"implementation", 0}, {"share of bound, largest", 1},
        {"median", 1},   {"verified", 1},       {"failed", 1},
        {"skipped", 1},  {"unsupported", 1},    {"largest at", 0},
    };
    plot_html_part(out, "accuracy", machine.items[0]->machine, "Accuracy");
    plot_html_paragraph(
        out, "note",
        "Every case is checked before it is timed. Share of bound: the largest error of any "
        "element as a share of the bound that rounding analysis allows it; above 1 fails. A share "
        "far below 1 says that the bound is loose there, not that more digits are right.");
    note_smaller(out, machine);
    plot_html_table(out, "", columns, sizeof columns / sizeof columns[0]);
    for (struct plot_span op = {0}; plot_span_next(machine, PLOT_BY_OPERATOR, &op);) {
        char *label = plot_operator_label(op.items[0]);
        for (size_t i = 0; i < view->implementation_count; i++) {
            struct accuracy accuracy = accuracy_of(op, i);
            size_t cases = 0;
            for (int outcome = 0; outcome <= PLOT_FAILED; outcome++) {
                cases += accuracy.cases[outcome];
            }
            if (cases > 0 && view->implementations[i].kind != PLOT_KIND_CEILING) {
                write_accuracy(out, label, view->implementations[i].name, &accuracy);
            }
            plot_sample_free(&accuracy.shares);
        }
        free(label);
    }
    plot_html_table_end(out);
}

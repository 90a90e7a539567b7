/* The accuracy table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "html.h"
#include "report.h"
#include "statistics.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One operator on one implementation. Cases are problems, whatever the number of threads: the
 * answer does not depend on it. */
struct accuracy {
    size_t cases[NORMA_FAILED + 1]; /* by outcome */
    struct norma_sample shares;
    const struct norma_measurement *worst;
};

/* What a problem counts as when its records differ: a failure outweighs everything, and one that
 * was verified with some number of threads was verified. */
static int weight(enum norma_outcome outcome) {
    static const int weights[] = {
        [NORMA_UNSUPPORTED] = 0, [NORMA_SKIPPED] = 1, [NORMA_DONE] = 2, [NORMA_FAILED] = 3};
    return weights[outcome];
}

static int compare_problems(const void *left, const void *right) {
    const struct norma_measurement *a = *(struct norma_measurement *const *)left;
    const struct norma_measurement *b = *(struct norma_measurement *const *)right;
    int order = strcmp(a->problem, b->problem);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static void add_share(struct accuracy *accuracy, const struct norma_measurement *item) {
    if (isnan(item->share_of_bound)) {
        return;
    }
    norma_sample_add(&accuracy->shares, item->share_of_bound);
    if (accuracy->worst == NULL || item->share_of_bound > accuracy->worst->share_of_bound) {
        accuracy->worst = item;
    }
}

static void add_cases(struct accuracy *accuracy, struct norma_measurement **items, size_t count) {
    qsort(items, count, sizeof(struct norma_measurement *), compare_problems);
    for (size_t i = 0; i < count;) {
        enum norma_outcome outcome = items[i]->outcome;
        size_t first = i;
        for (; i < count && strcmp(items[i]->problem, items[first]->problem) == 0; ++i) {
            outcome = weight(items[i]->outcome) > weight(outcome) ? items[i]->outcome : outcome;
            add_share(accuracy, items[i]);
        }
        ++accuracy->cases[outcome];
    }
}

static struct accuracy accuracy_of(struct norma_span op, size_t implementation) {
    struct accuracy accuracy = {{0}, {0}, NULL};
    struct norma_measurement **items =
        norma_resize(NULL, op.count, sizeof(struct norma_measurement *));
    size_t count = 0;
    for (size_t i = 0; i < op.count; ++i) {
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
    double largest = norma_largest(&accuracy->shares), median = norma_median(&accuracy->shares);
    bool failed = accuracy->cases[NORMA_FAILED] > 0 || largest > 1;
    fprintf(out, "<tr%s>", failed ? " class=\"failed\"" : "");
    norma_html_cell(out, label);
    norma_html_cell(out, implementation);
    norma_html_number(out, largest, norma_show_share(largest).text);
    norma_html_number(out, median, norma_show_share(median).text);
    norma_html_count(out, accuracy->cases[NORMA_DONE]);
    norma_html_count(out, accuracy->cases[NORMA_FAILED]);
    norma_html_count(out, accuracy->cases[NORMA_SKIPPED]);
    norma_html_count(out, accuracy->cases[NORMA_UNSUPPORTED]);
    norma_html_cell(out, accuracy->worst == NULL ? "" : accuracy->worst->problem);
    fputs("</tr>\n", out);
}

static void note_smaller(FILE *out, struct norma_span machine) {
    size_t smaller = 0;
    for (size_t i = 0; i < machine.count; ++i) {
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

void norma_report_accuracy(FILE *out, const struct norma_view *view, struct norma_span machine) {
    static const struct norma_column columns[] = {
        {"operator", 0}, {"implementation", 0}, {"share of bound, largest", 1},
        {"median", 1},   {"verified", 1},       {"failed", 1},
        {"skipped", 1},  {"unsupported", 1},    {"largest at", 0},
    };
    char *id = norma_text("accuracy-%zu", machine.items[0]->machine);
    norma_html_heading(out, 2, id, "Accuracy");
    norma_html_paragraph(
        out, "note",
        "Every case is checked before it is timed. Share of bound: the largest error of any "
        "element as a share of the bound that rounding analysis allows it; above 1 fails. A share "
        "far below 1 says that the bound is loose there, not that more digits are right.");
    note_smaller(out, machine);
    norma_html_table(out, "", columns, sizeof columns / sizeof columns[0]);
    for (struct norma_span op = {0}; norma_span_next(machine, NORMA_BY_OPERATOR, &op);) {
        char *label = norma_operator_label(op.items[0]);
        for (size_t i = 0; i < view->implementation_count; ++i) {
            struct accuracy accuracy = accuracy_of(op, i);
            size_t cases = 0;
            for (int outcome = 0; outcome <= NORMA_FAILED; ++outcome) {
                cases += accuracy.cases[outcome];
            }
            if (cases > 0 && view->implementations[i].kind != NORMA_KIND_CEILING) {
                write_accuracy(out, label, view->implementations[i].name, &accuracy);
            }
            norma_sample_free(&accuracy.shares);
        }
        free(label);
    }
    norma_html_table_end(out);
    free(id);
}

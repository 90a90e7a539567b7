/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/figures/comparison.h"

#include "plots/figures/samples.h"
#include "plots/figures/speedup.h"
#include "plots/figures/summary.h"
#include "plots/read/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- operators ----------------------------------------------------------------------------- */

static int compare_measurements(const void *left, const void *right) {
    return plot_compare_operators(*(const struct plot_measurement *const *)left,
                                  *(const struct plot_measurement *const *)right);
}

size_t plot_operators(const struct plot_view *view, const struct plot_measurement ***operators) {
    const struct plot_measurement **list = tool_allocate(view->item_count + 1, sizeof *list);
    size_t found = 0, count = 0;
    struct plot_span all = plot_view_span(view);
    for (struct plot_span machine = {0}; plot_span_next(all, PLOT_BY_MACHINE, &machine);) {
        for (struct plot_span op = {0}; plot_span_next(machine, PLOT_BY_OPERATOR, &op);) {
            list[found++] = op.items[0];
        }
    }
    qsort(list, found, sizeof *list, compare_measurements);
    for (size_t i = 0; i < found; i++) {
        if (count == 0 || plot_compare_operators(list[count - 1], list[i]) != 0) {
            list[count++] = list[i];
        }
    }
    *operators = list;
    return count;
}

/* ---- filling ------------------------------------------------------------------------------- */

static bool is_compared(const struct plot_comparison *comparison,
                        const struct plot_measurement *item, const struct plot_measurement *about) {
    return item->outcome == PLOT_DONE && !item->repeated &&
           comparison->view->implementations[item->implementation_index].kind == PLOT_KIND_NORMA &&
           plot_compare_operators(item, about) == 0;
}

static int compare_texts(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void collect_problems(struct plot_comparison *comparison,
                             const struct plot_measurement *about) {
    const struct plot_view *view = comparison->view;
    size_t found = 0;
    comparison->problems = tool_allocate(view->item_count + 1, sizeof(const char *));
    for (size_t i = 0; i < view->item_count; i++) {
        if (is_compared(comparison, view->items[i], about)) {
            comparison->problems[found++] = view->items[i]->problem;
        }
    }
    qsort(comparison->problems, found, sizeof(const char *), compare_texts);
    for (size_t i = 0; i < found; i++) {
        size_t count = comparison->problem_count;
        if (count == 0 || strcmp(comparison->problems[count - 1], comparison->problems[i]) != 0) {
            comparison->problems[comparison->problem_count++] = comparison->problems[i];
        }
    }
}

static struct plot_estimate *no_figures(size_t count) {
    struct plot_estimate *figures = tool_allocate(count + 1, sizeof *figures);
    for (size_t i = 0; i < count; i++) {
        figures[i] = plot_no_estimate();
    }
    return figures;
}

static struct plot_configuration *configuration_of(struct plot_comparison *comparison,
                                                   const struct plot_measurement *item) {
    for (size_t i = 0; i < comparison->count; i++) {
        struct plot_configuration *known = &comparison->items[i];
        if (known->machine == item->machine && known->threads == item->threads &&
            known->implementation == item->implementation_index) {
            return known;
        }
    }
    struct plot_configuration added = {
        item->machine, item->implementation_index, item->threads, {NULL}};
    for (int metric = 0; metric < PLOT_METRIC_COUNT; metric++) {
        added.figures[metric] = no_figures(comparison->problem_count);
    }
    comparison->items = tool_grow(comparison->items, comparison->count, sizeof added);
    comparison->items[comparison->count] = added;
    return &comparison->items[comparison->count++];
}

struct filling {
    struct plot_comparison *comparison;
    const struct plot_measurement *about;
};

static void fill_problem(struct plot_span problem, void *context) {
    const struct filling *filling = context;
    struct plot_comparison *comparison = filling->comparison;
    for (size_t i = 0; i < problem.count; i++) {
        const struct plot_measurement *item = problem.items[i];
        if (!is_compared(comparison, item, filling->about)) {
            continue;
        }
        struct plot_configuration *configuration = configuration_of(comparison, item);
        const char **place =
            bsearch(&item->problem, comparison->problems, comparison->problem_count,
                    sizeof(const char *), compare_texts);
        size_t at = (size_t)(place - comparison->problems), mine = item->implementation_index;
        configuration->figures[PLOT_GBPS][at] = plot_rate_of(item);
        configuration->figures[PLOT_SHARE][at] = plot_share_of(comparison->view, problem, item);
        configuration->figures[PLOT_OVER_SAME][at] =
            plot_speedup_of(comparison->view, problem, mine, PLOT_SAME_LAYOUT).ratio;
        configuration->figures[PLOT_OVER_FASTEST][at] =
            plot_speedup_of(comparison->view, problem, mine, PLOT_FASTEST_PEER).ratio;
    }
}

void plot_comparison_create(struct plot_comparison *comparison, const struct plot_view *view,
                            const struct plot_measurement *about) {
    *comparison = (struct plot_comparison){.view = view};
    collect_problems(comparison, about);
    struct filling filling = {comparison, about};
    struct plot_span all = plot_view_span(view);
    for (struct plot_span machine = {0}; plot_span_next(all, PLOT_BY_MACHINE, &machine);) {
        for (struct plot_span op = {0}; plot_span_next(machine, PLOT_BY_OPERATOR, &op);) {
            if (plot_compare_operators(op.items[0], about) == 0) {
                plot_each_problem(op, fill_problem, &filling);
            }
        }
    }
}

void plot_comparison_destroy(struct plot_comparison *comparison) {
    for (size_t i = 0; i < comparison->count; i++) {
        for (int metric = 0; metric < PLOT_METRIC_COUNT; metric++) {
            free(comparison->items[i].figures[metric]);
        }
    }
    free(comparison->items);
    free(comparison->problems);
    *comparison = (struct plot_comparison){0};
}

/* ---- choosing ------------------------------------------------------------------------------ */

static bool is_candidate(const struct plot_configuration *configuration, size_t machine,
                         long long threads) {
    return configuration->machine == machine && (threads == 0 || configuration->threads == threads);
}

/* Removes the problems that the machine has no time for from the common ones. A machine without any
 * time is not compared and removes none. */
static void keep_timed(const struct plot_comparison *comparison, size_t machine, long long threads,
                       bool *common) {
    bool *timed = tool_allocate(comparison->problem_count + 1, sizeof(bool));
    bool any = false;
    memset(timed, 0, comparison->problem_count * sizeof(bool));
    for (size_t i = 0; i < comparison->count; i++) {
        for (size_t p = 0; p < comparison->problem_count; p++) {
            bool has = is_candidate(&comparison->items[i], machine, threads) &&
                       !isnan(comparison->items[i].figures[PLOT_GBPS][p].value);
            timed[p] = timed[p] || has;
            any = any || has;
        }
    }
    for (size_t p = 0; any && p < comparison->problem_count; p++) {
        common[p] = common[p] && timed[p];
    }
    free(timed);
}

/* Returns NAN if a common problem has no figure, or if there is no common problem. */
static double mean_of_all(const struct plot_comparison *comparison,
                          const struct plot_estimate *figures, const bool *common) {
    struct plot_sample sample = {0};
    for (size_t p = 0; p < comparison->problem_count; p++) {
        if (common[p]) {
            plot_sample_add(&sample, figures[p].value);
        }
    }
    double mean = plot_geometric_mean(&sample);
    plot_sample_free(&sample);
    return mean;
}

static const struct plot_configuration *best_of_machine(const struct plot_comparison *comparison,
                                                        size_t machine, long long threads,
                                                        const bool *common) {
    const struct plot_configuration *best = NULL;
    double highest = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        const struct plot_configuration *item = &comparison->items[i];
        double mean = is_candidate(item, machine, threads)
                          ? mean_of_all(comparison, item->figures[PLOT_GBPS], common)
                          : NAN;
        if (mean > highest) {
            best = item;
            highest = mean;
        }
    }
    return best;
}

void plot_comparison_best(const struct plot_comparison *comparison, long long threads,
                          const struct plot_configuration **best) {
    bool *common = tool_allocate(comparison->problem_count + 1, sizeof(bool));
    for (size_t p = 0; p < comparison->problem_count; p++) {
        common[p] = true;
    }
    for (size_t m = 0; m < comparison->view->machine_count; m++) {
        keep_timed(comparison, m, threads, common);
    }
    for (size_t m = 0; m < comparison->view->machine_count; m++) {
        best[m] = best_of_machine(comparison, m, threads, common);
    }
    free(common);
}

const struct plot_configuration *plot_comparison_find(const struct plot_comparison *comparison,
                                                      const struct plot_configuration *like,
                                                      long long threads) {
    for (size_t i = 0; like && i < comparison->count; i++) {
        if (is_candidate(&comparison->items[i], like->machine, threads) &&
            comparison->items[i].implementation == like->implementation) {
            return &comparison->items[i];
        }
    }
    return NULL;
}

long long plot_comparison_next_threads(const struct plot_comparison *comparison, long long above) {
    long long next = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        long long threads = comparison->items[i].threads;
        if (threads > above && (next == 0 || threads < next)) {
            next = threads;
        }
    }
    return next;
}

/* ---- means --------------------------------------------------------------------------------- */

/* The figures that are compared, and the machines that have them. */
struct selection {
    const struct plot_configuration *const *chosen, *const *base;
    size_t machine_count;
    enum plot_metric metric;
};

static bool is_selected(const struct selection *selection, size_t machine) {
    return selection->chosen[machine] && (!selection->base || selection->base[machine]);
}

static struct plot_estimate figure_of(const struct selection *selection, size_t machine,
                                      size_t problem) {
    const struct plot_estimate figure =
        selection->chosen[machine]->figures[selection->metric][problem];
    return selection->base
               ? plot_quotient(figure,
                               selection->base[machine]->figures[selection->metric][problem])
               : figure;
}

static bool is_common(const struct selection *selection, size_t problem) {
    bool common = true, any = false;
    for (size_t m = 0; m < selection->machine_count; m++) {
        if (is_selected(selection, m)) {
            any = true;
            common = common && !isnan(figure_of(selection, m, problem).value);
        }
    }
    return common && any;
}

size_t plot_comparison_means(const struct plot_comparison *comparison, enum plot_metric metric,
                             const struct plot_configuration *const *chosen,
                             const struct plot_configuration *const *base,
                             struct plot_estimate *means) {
    struct selection selection = {chosen, base, comparison->view->machine_count, metric};
    size_t problems = 0;
    for (size_t p = 0; p < comparison->problem_count; p++) {
        problems += is_common(&selection, p);
    }
    for (size_t m = 0; m < selection.machine_count; m++) {
        struct plot_mean mean = {0};
        for (size_t p = 0; is_selected(&selection, m) && p < comparison->problem_count; p++) {
            if (is_common(&selection, p)) {
                plot_mean_add(&mean, figure_of(&selection, m, p));
            }
        }
        means[m] = plot_mean_of(&mean);
        plot_mean_free(&mean);
    }
    return problems;
}

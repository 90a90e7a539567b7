/* The measurements in the order in which they are shown, and its levels: machine, operator,
 * threads, shape set, layer, problem, implementation. Everything that draws or tabulates is a nest
 * of loops over spans of one sorted list:
 *
 *     for (struct plot_span op = {0}; plot_span_next(all, PLOT_BY_OPERATOR, &op);)
 *         for (struct plot_span run = {0}; plot_span_next(op, PLOT_BY_THREADS, &run);)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_READ_VIEW_H
#define PLOTS_READ_VIEW_H

#include "plots/read/plot_implementations.h"

struct plot_view {
    const struct plot_results *results;
    struct plot_implementation *implementations; /* as plot_implementations orders them */
    size_t implementation_count;
    char *peers; /* the libraries that norma is compared with, as plot_peer_libraries names them */
    /* Those whose speed-up is drawn; none: in each picture norma's fastest set. Filled by
     * plot_view_compare. */
    size_t *compared;
    size_t compared_count;
    /* Ids of the machines, in order of reading. */
    const char **machines;
    size_t machine_count;
    /* Sorted; of several measurements of one case (a problem in a shape set, with an
     * implementation and a number of threads) only the last. */
    struct plot_measurement **items;
    size_t item_count;
};

void plot_view_create(struct plot_view *view, struct plot_results *results);
/* Adds an implementation to view->compared; false: the results hold none of that name. */
bool plot_view_compare(struct plot_view *view, const char *name);
void plot_view_destroy(struct plot_view *view);

/* Orders by operator, pass, dtype, layout and cache; 0: the same operator, as pictures and tables
 * have it. */
int plot_compare_operators(const struct plot_measurement *a, const struct plot_measurement *b);

/* bwd, inf_bwd */
bool plot_measurement_is_backward(const struct plot_measurement *measurement);

/* ---- spans --------------------------------------------------------------------------------- */

struct plot_span {
    struct plot_measurement *const *items;
    size_t count;
};

enum plot_level {
    PLOT_BY_MACHINE,
    PLOT_BY_OPERATOR, /*op, pass, dtype, layout, cache */
    PLOT_BY_THREADS,
    PLOT_BY_SHAPES,
    PLOT_BY_LAYER, /* largest plane first, as networks have them */
    PLOT_BY_PROBLEM,
    PLOT_BY_IMPLEMENTATION
};

struct plot_span plot_view_span(const struct plot_view *view);

/* The part of one machine; empty where it has no measurements. */
struct plot_span plot_view_machine(const struct plot_view *view, size_t machine);

/* Moves *part to the next part of `whole` at a level; *part starts as {0}. False after the last. */
bool plot_span_next(struct plot_span whole, enum plot_level level, struct plot_span *part);

/* The measurement of an implementation in the span of one problem, or NULL. */
const struct plot_measurement *plot_span_find(struct plot_span problem, size_t implementation);

/* Has the implementation any finished measurement in the span? */
bool plot_span_has(struct plot_span span, size_t implementation);

/* The micro-batches in the span, ascending; the caller frees *batches. Returns their number. */
size_t plot_span_batches(struct plot_span span, long long **batches);

/* Orders numbers of threads as the page has them: that with the most measurements in the span comes
 * first, of equals the smaller. */
int plot_compare_threads(struct plot_span span, long long a, long long b);

/* The first implementation of norma's own with a finished measurement in the span; false: none. */
bool plot_fastest(const struct plot_view *view, struct plot_span span, size_t *implementation);

/* ---- labels; the caller frees them --------------------------------------------------------- */

/* "bn fwd"; what differs from f32, ncs, hot is named: "bn fwd, bf16, nsc". */
char *plot_operator_label(const struct plot_measurement *measurement);

/* "64@56x56", "64@56x56 g=32" if the span holds other variants of that layer. */
char *plot_layer_label(struct plot_span shapes, const struct plot_measurement *measurement);

/* "resnet50 64@56x56 n=8" */
char *plot_case_label(const struct plot_measurement *measurement);

/* "1 thread", "2 threads" */
char *plot_threads_label(const struct plot_measurement *measurement);

/* "resnet50"; "other shapes" where the file names none. */
const char *plot_shapes_label(const struct plot_measurement *measurement);

#endif

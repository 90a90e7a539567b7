/* The measurements in the order in which they are shown. Its levels are machine, operator, threads,
 * shape set, layer, problem and implementation. All drawing and tabulating is a nest of loops over
 * spans of one sorted list:
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
    /* The implementations whose speed-up is drawn, from plot_view_compare. If there are none, each
     * picture shows norma's fastest set. */
    size_t *compared;
    size_t compared_count;
    /* The ids of the machines, in order of reading. */
    const char **machines;
    size_t machine_count;
    /* The sorted list. It has only the last measurement of each case (a problem in a shape set,
     * with an implementation and a number of threads). */
    struct plot_measurement **items;
    size_t item_count;
};

void plot_view_create(struct plot_view *view, struct plot_results *results);
/* Adds an implementation to view->compared. Returns false if the results hold none of that name. */
bool plot_view_compare(struct plot_view *view, const char *name);
void plot_view_destroy(struct plot_view *view);

/* Orders by operator, pass, dtype, layout and cache. Returns 0 for what pictures and tables treat
 * as the same operator. */
int plot_compare_operators(const struct plot_measurement *a, const struct plot_measurement *b);

/* Returns whether the pass is one of those backward. */
bool plot_measurement_is_backward(const struct plot_measurement *measurement);

/* ---- spans --------------------------------------------------------------------------------- */

struct plot_span {
    struct plot_measurement *const *items;
    size_t count;
};

enum plot_level {
    PLOT_BY_MACHINE,
    PLOT_BY_OPERATOR, /* op, pass, dtype, layout, cache */
    PLOT_BY_THREADS,
    PLOT_BY_SHAPES,
    PLOT_BY_LAYER, /* largest plane first, as networks have them */
    PLOT_BY_PROBLEM,
    PLOT_BY_IMPLEMENTATION
};

struct plot_span plot_view_span(const struct plot_view *view);

/* Returns the part of one machine; it is empty if it has no measurements. */
struct plot_span plot_view_machine(const struct plot_view *view, size_t machine);

/* Moves *part, which must start as {0}, to the next part of `whole` at a level. Returns false after
 * the last. */
bool plot_span_next(struct plot_span whole, enum plot_level level, struct plot_span *part);

/* Returns the measurement of an implementation in the span of one problem, or NULL. */
const struct plot_measurement *plot_span_find(struct plot_span problem, size_t implementation);

/* Returns whether the implementation has a finished measurement in the span. */
bool plot_span_has(struct plot_span span, size_t implementation);

/* Lists the micro-batches in the span in ascending order; the caller frees *batches. Returns their
 * number. */
size_t plot_span_batches(struct plot_span span, long long **batches);

/* Orders numbers of threads as on the page. The one with the most measurements in the span comes
 * first, and the smaller of two with as many. */
int plot_compare_threads(struct plot_span span, long long a, long long b);

/* Finds the first of norma's sets that has a finished measurement in the span. Returns false if
 * none has. */
bool plot_fastest(const struct plot_view *view, struct plot_span span, size_t *implementation);

/* ---- labels; the caller frees them --------------------------------------------------------- */

/* Returns "bn fwd", with whatever is not f32, ncs or hot behind it: "bn fwd, bf16, nsc". */
char *plot_operator_label(const struct plot_measurement *measurement);

/* Returns "64@56x56", or "64@56x56 g=32" if the span holds other variants of that layer. */
char *plot_layer_label(struct plot_span shapes, const struct plot_measurement *measurement);

/* Returns "resnet50 64@56x56 n=8". */
char *plot_case_label(const struct plot_measurement *measurement);

/* Returns "resnet50", or "other shapes" if the file names none. */
const char *plot_shapes_label(const struct plot_measurement *measurement);

#endif

/* The measurements in the order in which they are shown, and its levels: machine, operator,
 * threads, shape set, layer, problem, implementation. Everything that draws or tabulates is a nest
 * of loops over spans of one sorted list:
 *
 *     for (struct norma_span op = {0}; norma_span_next(all, NORMA_BY_OPERATOR, &op);)
 *         for (struct norma_span run = {0}; norma_span_next(op, NORMA_BY_THREADS, &run);)
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_VIEW_H
#define NORMA_PLOTS_VIEW_H

#include "results.h"

enum norma_kind { NORMA_KIND_OURS, NORMA_KIND_OTHER, NORMA_KIND_ONEDNN, NORMA_KIND_CEILING };

/* How an implementation looks in every picture: colours on light and on dark paper, and the number
 * of gnuplot's point type. */
struct norma_style {
    const char *light, *dark;
    int point;
};

struct norma_implementation_entry {
    const char *name;
    enum norma_kind kind;
    struct norma_style style;
};

struct norma_view {
    const struct norma_results *results;
    /* All implementations: norma's sets first, fastest first, then the peers and the ceilings. */
    struct norma_implementation_entry *implementations;
    size_t implementation_count;
    /* Those whose speed-up over oneDNN is drawn; none: in each picture norma's fastest set. Filled
     * by norma_view_compare. */
    size_t *compared;
    size_t compared_count;
    /* Ids of the machines, in order of reading. */
    const char **machines;
    size_t machine_count;
    /* Sorted; of several measurements of one case (a problem in a shape set, with an
     * implementation and a number of threads) only the last. */
    struct norma_measurement **items;
    size_t item_count;
};

void norma_view_create(struct norma_view *view, struct norma_results *results);
/* Adds an implementation to view->compared; false: the results hold none of that name. */
bool norma_view_compare(struct norma_view *view, const char *name);
void norma_view_destroy(struct norma_view *view);

/* Orders by operator, pass, dtype, layout and cache; 0: the same operator, as pictures and tables
 * have it. */
int norma_compare_operators(const struct norma_measurement *a, const struct norma_measurement *b);

/* bwd, inf_bwd */
bool norma_measurement_is_backward(const struct norma_measurement *measurement);

/* ---- spans --------------------------------------------------------------------------------- */

struct norma_span {
    struct norma_measurement *const *items;
    size_t count;
};

enum norma_level {
    NORMA_BY_MACHINE,
    NORMA_BY_OPERATOR, /*op, pass, dtype, layout, cache */
    NORMA_BY_THREADS,
    NORMA_BY_SHAPES,
    NORMA_BY_LAYER, /* largest plane first, as networks have them */
    NORMA_BY_PROBLEM,
    NORMA_BY_IMPLEMENTATION
};

struct norma_span norma_view_span(const struct norma_view *view);

/* The part of one machine; empty where it has no measurements. */
struct norma_span norma_view_machine(const struct norma_view *view, size_t machine);

/* Moves *part to the next part of `whole` at a level; *part starts as {0}. False after the last. */
bool norma_span_next(struct norma_span whole, enum norma_level level, struct norma_span *part);

/* The measurement of an implementation in the span of one problem, or NULL. */
const struct norma_measurement *norma_span_find(struct norma_span problem, size_t implementation);

/* Has the implementation any finished measurement in the span? */
bool norma_span_has(struct norma_span span, size_t implementation);

/* The micro-batches in the span, ascending; the caller frees *batches. Returns their number. */
size_t norma_span_batches(struct norma_span span, long long **batches);

/* Orders numbers of threads as the page has them: that with the most measurements in the span comes
 * first, of equals the smaller. */
int norma_compare_threads(struct norma_span span, long long a, long long b);

/* The first implementation of norma's own with a finished measurement in the span; false: none. */
bool norma_fastest(const struct norma_view *view, struct norma_span span, size_t *implementation);

/* ---- labels; the caller frees them --------------------------------------------------------- */

/* "bn fwd"; what differs from f32, ncs, hot is named: "bn fwd, bf16, nsc". */
char *norma_operator_label(const struct norma_measurement *measurement);

/* "64@56x56", "64@56x56 g=32" if the span holds other variants of that layer. */
char *norma_layer_label(struct norma_span shapes, const struct norma_measurement *measurement);

/* "resnet50 64@56x56 n=8" */
char *norma_case_label(const struct norma_measurement *measurement);

/* "1 thread", "2 threads" */
char *norma_threads_label(const struct norma_measurement *measurement);

/* "resnet50"; "other shapes" where the file names none. */
const char *norma_shapes_label(const struct norma_measurement *measurement);

#endif

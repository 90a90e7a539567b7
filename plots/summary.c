/* Adding up the key figures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "summary.h"

#include <math.h>

static void each_level(struct norma_span span, enum norma_level level,
                       void (*visit)(struct norma_span problem, void *context), void *context) {
    if (level > NORMA_BY_PROBLEM) {
        visit(span, context);
        return;
    }
    for (struct norma_span part = {0}; norma_span_next(span, level, &part);) {
        each_level(part, level + 1, visit, context);
    }
}

void norma_each_problem(struct norma_span span,
                        void (*visit)(struct norma_span problem, void *context), void *context) {
    each_level(span, NORMA_BY_MACHINE, visit, context);
}

static void add_ratio(struct norma_summary *summary, enum norma_baseline baseline,
                      struct norma_speedup speedup) {
    if (isnan(speedup.ratio)) {
        return;
    }
    bool first = summary->ratios[baseline].count == 0;
    norma_sample_add(&summary->ratios[baseline], speedup.ratio);
    if (first || speedup.ratio < summary->slowest[baseline].ratio) {
        summary->slowest[baseline] = speedup;
    }
    if (first || speedup.ratio > summary->fastest[baseline].ratio) {
        summary->fastest[baseline] = speedup;
    }
}

struct adding {
    struct norma_summary *summary;
    const struct norma_view *view;
};

static void add_problem(struct norma_span problem, void *context) {
    const struct adding *adding = context;
    struct norma_summary *summary = adding->summary;
    const struct norma_measurement *mine = norma_span_find(problem, summary->implementation);
    if (mine == NULL || mine->repeated) {
        return;
    }
    ++summary->problems;
    if (!isnan(mine->share_of_bound)) {
        norma_sample_add(&summary->shares_of_bound, mine->share_of_bound);
    }
    if (mine->outcome != NORMA_DONE) {
        return;
    }
    ++summary->done;
    norma_sample_add(&summary->shares, mine->share);
    for (enum norma_baseline b = 0; b < NORMA_BASELINE_COUNT; ++b) {
        add_ratio(summary, b, norma_speedup(adding->view, problem, summary->implementation, b));
    }
}

void norma_summary_add(struct norma_summary *summary, const struct norma_view *view,
                       struct norma_span span) {
    struct adding adding = {summary, view};
    norma_each_problem(span, add_problem, &adding);
}

void norma_summary_free(struct norma_summary *summary) {
    for (enum norma_baseline b = 0; b < NORMA_BASELINE_COUNT; ++b) {
        norma_sample_free(&summary->ratios[b]);
    }
    norma_sample_free(&summary->shares);
    norma_sample_free(&summary->shares_of_bound);
}

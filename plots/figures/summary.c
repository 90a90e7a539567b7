/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/figures/summary.h"

#include <math.h>

static void each_level(struct plot_span span, enum plot_level level,
                       void (*visit)(struct plot_span problem, void *context), void *context) {
    if (level > PLOT_BY_PROBLEM) {
        visit(span, context);
        return;
    }
    for (struct plot_span part = {0}; plot_span_next(span, level, &part);) {
        each_level(part, level + 1, visit, context);
    }
}

void plot_each_problem(struct plot_span span,
                       void (*visit)(struct plot_span problem, void *context), void *context) {
    each_level(span, PLOT_BY_MACHINE, visit, context);
}

size_t plot_summary_compared(const struct plot_summary *summary, enum plot_baseline baseline) {
    return summary->ratios[baseline].values.count;
}

char *plot_summary_tally(const struct plot_summary *summary, enum plot_baseline baseline) {
    const size_t all = plot_summary_compared(summary, baseline);
    const size_t faster = summary->faster[baseline], slower = summary->slower[baseline];
    struct tool_stream text;
    tool_stream_open(&text);
    fprintf(text.stream, "%zu of %zu faster", faster, all);
    if (slower > 0) {
        fprintf(text.stream, ", %zu slower", slower);
    }
    if (faster + slower < all) {
        fprintf(text.stream, ", %zu undecided", all - faster - slower);
    }
    return tool_stream_close(&text);
}

static void add_ratio(struct plot_summary *summary, enum plot_baseline baseline,
                      struct plot_speedup speedup) {
    if (isnan(speedup.ratio.value)) {
        return;
    }
    const struct plot_estimate mine = plot_time_of(speedup.mine);
    const struct plot_estimate theirs = plot_time_of(speedup.theirs);
    bool first = plot_summary_compared(summary, baseline) == 0;
    plot_mean_add(&summary->ratios[baseline], speedup.ratio);
    summary->faster[baseline] += plot_is_above(theirs, mine);
    summary->slower[baseline] += plot_is_above(mine, theirs);
    if (first || speedup.ratio.value < summary->slowest[baseline].ratio.value) {
        summary->slowest[baseline] = speedup;
    }
    if (first || speedup.ratio.value > summary->fastest[baseline].ratio.value) {
        summary->fastest[baseline] = speedup;
    }
}

struct adding {
    struct plot_summary *summary;
    const struct plot_view *view;
};

static void add_problem(struct plot_span problem, void *context) {
    const struct adding *adding = context;
    struct plot_summary *summary = adding->summary;
    const struct plot_measurement *mine = plot_span_find(problem, summary->implementation);
    if (!mine || mine->repeated) {
        return;
    }
    summary->problems++;
    if (!isnan(mine->share_of_bound)) {
        plot_sample_add(&summary->shares_of_bound, mine->share_of_bound);
    }
    if (mine->outcome != PLOT_DONE) {
        return;
    }
    summary->done++;
    const struct plot_estimate share = plot_share_of(adding->view, problem, mine);
    plot_sample_add(&summary->shares, share.value);
    summary->shares_uncertain = summary->shares_uncertain || share.uncertain;
    for (enum plot_baseline b = 0; b < PLOT_BASELINE_COUNT; b++) {
        add_ratio(summary, b, plot_speedup_of(adding->view, problem, summary->implementation, b));
    }
}

void plot_summary_add(struct plot_summary *summary, const struct plot_view *view,
                      struct plot_span span) {
    struct adding adding = {summary, view};
    plot_each_problem(span, add_problem, &adding);
}

void plot_summary_free(struct plot_summary *summary) {
    for (enum plot_baseline b = 0; b < PLOT_BASELINE_COUNT; b++) {
        plot_mean_free(&summary->ratios[b]);
    }
    plot_sample_free(&summary->shares);
    plot_sample_free(&summary->shares_of_bound);
}

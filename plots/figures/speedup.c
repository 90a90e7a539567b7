/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/figures/speedup.h"

char *plot_baseline_label(const struct plot_view *view, enum plot_baseline baseline) {
    return tool_text("%s %s", view->peers,
                     baseline == PLOT_SAME_LAYOUT ? "in the same layout" : "at its fastest");
}

static bool is_baseline(const struct plot_view *view, const struct plot_measurement *measurement,
                        enum plot_baseline baseline) {
    const struct plot_implementation *implementation =
        &view->implementations[measurement->implementation_index];
    return baseline == PLOT_SAME_LAYOUT ? plot_is_own_layout(implementation)
                                        : implementation->kind == PLOT_KIND_PEER;
}

/* Returns the fastest finished measurement of the baseline. If there is none, returns one that has
 * the reason, or else NULL. */
static const struct plot_measurement *
find_baseline(const struct plot_view *view, struct plot_span problem, enum plot_baseline baseline) {
    const struct plot_measurement *found = NULL;
    for (size_t i = 0; i < problem.count; i++) {
        const struct plot_measurement *item = problem.items[i];
        if (!is_baseline(view, item, baseline)) {
            continue;
        }
        bool first = !found;
        bool first_done = !first && found->outcome != PLOT_DONE && item->outcome == PLOT_DONE;
        bool faster = !first && found->outcome == PLOT_DONE && item->outcome == PLOT_DONE &&
                      item->median < found->median;
        if (first || first_done || faster) {
            found = item;
        }
    }
    return found;
}

static bool is_done(const struct plot_measurement *measurement) {
    return measurement && measurement->outcome == PLOT_DONE;
}

struct plot_speedup plot_speedup_of(const struct plot_view *view, struct plot_span problem,
                                    size_t implementation, enum plot_baseline baseline) {
    struct plot_speedup speedup = {
        .ratio = plot_no_estimate(),
        .mine = plot_span_find(problem, implementation),
        .theirs = find_baseline(view, problem, baseline),
    };
    if (!is_done(speedup.mine)) {
        speedup.missing = view->implementations[implementation].name;
        speedup.obstacle = speedup.mine;
    } else if (!is_done(speedup.theirs)) {
        speedup.missing = speedup.theirs ? speedup.theirs->implementation : view->peers;
        speedup.obstacle = speedup.theirs;
    } else {
        speedup.ratio = plot_quotient(plot_time_of(speedup.theirs), plot_time_of(speedup.mine));
    }
    return speedup;
}

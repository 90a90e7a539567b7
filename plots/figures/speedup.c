/* Speed-up of one implementation over oneDNN on one problem.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/figures/speedup.h"

#include <math.h>
#include <string.h>

const char *plot_baseline_text(enum plot_baseline baseline) {
    return baseline == PLOT_SAME_LAYOUT ? "oneDNN in the same layout" : "the fastest oneDNN";
}

static bool is_baseline(const struct plot_view *view, const struct plot_measurement *measurement,
                        enum plot_baseline baseline) {
    if (baseline == PLOT_SAME_LAYOUT) {
        return strcmp(measurement->implementation, "onednn") == 0;
    }
    return view->implementations[measurement->implementation_index].kind == PLOT_KIND_ONEDNN;
}

/* The fastest finished measurement of the baseline; failing that one that says why there is none;
 * failing that NULL. */
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

struct plot_speedup plot_speedup(const struct plot_view *view, struct plot_span problem,
                                 size_t implementation, enum plot_baseline baseline) {
    struct plot_speedup speedup = {
        .ratio = NAN,
        .mine = plot_span_find(problem, implementation),
        .theirs = find_baseline(view, problem, baseline),
    };
    if (!is_done(speedup.mine)) {
        speedup.missing = view->implementations[implementation].name;
        speedup.obstacle = speedup.mine;
    } else if (!is_done(speedup.theirs)) {
        speedup.missing = speedup.theirs ? speedup.theirs->implementation : "onednn";
        speedup.obstacle = speedup.theirs;
    } else {
        speedup.ratio = speedup.theirs->median / speedup.mine->median;
    }
    return speedup;
}

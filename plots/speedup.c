/* Speed-up of one implementation over oneDNN on one problem.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "speedup.h"

#include <math.h>
#include <string.h>

const char *norma_baseline_text(enum norma_baseline baseline) {
    return baseline == NORMA_SAME_LAYOUT ? "oneDNN in the same layout" : "the fastest oneDNN";
}

static bool is_baseline(const struct norma_view *view, const struct norma_measurement *measurement,
                        enum norma_baseline baseline) {
    if (baseline == NORMA_SAME_LAYOUT) {
        return strcmp(measurement->implementation, "onednn") == 0;
    }
    return view->implementations[measurement->implementation_index].kind == NORMA_KIND_ONEDNN;
}

/* The fastest finished measurement of the baseline; failing that one that says why there is none;
 * failing that NULL. */
static const struct norma_measurement *find_baseline(const struct norma_view *view,
                                                     struct norma_span problem,
                                                     enum norma_baseline baseline) {
    const struct norma_measurement *found = NULL;
    for (size_t i = 0; i < problem.count; ++i) {
        const struct norma_measurement *item = problem.items[i];
        if (!is_baseline(view, item, baseline)) {
            continue;
        }
        bool first = found == NULL;
        bool first_done = !first && found->outcome != NORMA_DONE && item->outcome == NORMA_DONE;
        bool faster = !first && found->outcome == NORMA_DONE && item->outcome == NORMA_DONE &&
                      item->median < found->median;
        if (first || first_done || faster) {
            found = item;
        }
    }
    return found;
}

static bool is_done(const struct norma_measurement *measurement) {
    return measurement != NULL && measurement->outcome == NORMA_DONE;
}

struct norma_speedup norma_speedup(const struct norma_view *view, struct norma_span problem,
                                   size_t implementation, enum norma_baseline baseline) {
    struct norma_speedup speedup = {
        .ratio = NAN,
        .mine = norma_span_find(problem, implementation),
        .theirs = find_baseline(view, problem, baseline),
    };
    if (!is_done(speedup.mine)) {
        speedup.missing = view->implementations[implementation].name;
        speedup.obstacle = speedup.mine;
    } else if (!is_done(speedup.theirs)) {
        speedup.missing = speedup.theirs == NULL ? "onednn" : speedup.theirs->implementation;
        speedup.obstacle = speedup.theirs;
    } else {
        speedup.ratio = speedup.theirs->median / speedup.mine->median;
    }
    return speedup;
}

/* How much faster one implementation is than oneDNN on one problem, or why that is not known.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_SPEEDUP_H
#define NORMA_PLOTS_SPEEDUP_H

#include "view.h"

enum norma_baseline {
    NORMA_SAME_LAYOUT,    /* `onednn`: the problem's own layout */
    NORMA_FASTEST_ONEDNN, /* the fastest onednn* of the problem: any layout, any composition */
    NORMA_BASELINE_COUNT
};

/* "oneDNN in the same layout", "the fastest oneDNN" */
const char *norma_baseline_text(enum norma_baseline baseline);

struct norma_speedup {
    double ratio; /* baseline time / own time; NAN: a side is missing */
    const struct norma_measurement *mine, *theirs; /* both finished, unless ratio is NAN */
    /* Only where ratio is NAN: the implementation that has no time, and its record; NULL: the case
     * was not measured at all. */
    const char *missing;
    const struct norma_measurement *obstacle;
};

struct norma_speedup norma_speedup(const struct norma_view *view, struct norma_span problem,
                                   size_t implementation, enum norma_baseline baseline);

#endif

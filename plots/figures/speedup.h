/* How much faster one implementation is than the peers on one problem, or why that is not known.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_SPEEDUP_H
#define PLOTS_FIGURES_SPEEDUP_H

#include "plots/figures/estimates.h"

enum plot_baseline {
    PLOT_SAME_LAYOUT,  /* a peer on the problem's own layout, such as `onednn` */
    PLOT_FASTEST_PEER, /* the fastest peer on the problem, in any layout and however composed */
    PLOT_BASELINE_COUNT
};

/* Returns "oneDNN in the same layout" or "oneDNN at its fastest"; the caller frees it. */
char *plot_baseline_label(const struct plot_view *view, enum plot_baseline baseline);

struct plot_speedup {
    struct plot_estimate ratio; /* time of the baseline / own time; no value: one is missing */
    const struct plot_measurement *mine, *theirs; /* finished if the ratio has a value */
    /* If it has none, the implementation without a time, and its record; NULL: the case was not
     * measured. */
    const char *missing;
    const struct plot_measurement *obstacle;
};

struct plot_speedup plot_speedup_of(const struct plot_view *view, struct plot_span problem,
                                    size_t implementation, enum plot_baseline baseline);

#endif

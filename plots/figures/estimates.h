/* Figures with their 95% intervals, and which of two is larger for certain.
 *
 * The interval of a figure that is computed from others has the worst of their ends: that of a
 * quotient from low / high to high / low, that of a geometric mean from the mean of the lows to the
 * mean of the highs. This is wider than it would be if errors were independent, in which case they
 * would cancel in a mean. They are not: what disturbs one measurement of a run, such as a slower
 * clock, disturbs its neighbours too, so that only the wider interval holds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_ESTIMATES_H
#define PLOTS_FIGURES_ESTIMATES_H

#include "plots/figures/samples.h"
#include "plots/read/read.h"

struct plot_estimate {
    double value;     /* NAN: there is none */
    double low, high; /* the ends of its interval; NAN without a value */
    bool uncertain;   /* a measurement behind it was disturbed; nothing is decided by it */
};

/* Returns an estimate without a value. */
struct plot_estimate plot_no_estimate(void);

/* Return the seconds and the GB/s of a finished measurement. */
struct plot_estimate plot_time_of(const struct plot_measurement *measurement);
struct plot_estimate plot_rate_of(const struct plot_measurement *measurement);

/* Returns the share of the ceiling that a finished measurement of the span of one problem has. The
 * interval is also that of the ceiling, if the span has its record. */
struct plot_estimate plot_share_of(const struct plot_view *view, struct plot_span problem,
                                   const struct plot_measurement *measurement);

/* Returns a / b, without a value if either has none. */
struct plot_estimate plot_quotient(struct plot_estimate a, struct plot_estimate b);

/* Checks whether a is larger than b for certain: both have values, neither is uncertain, and the
 * intervals do not overlap. */
bool plot_is_above(struct plot_estimate a, struct plot_estimate b);

/* Returns "?", which marks an uncertain figure wherever it is shown, or "". */
const char *plot_mark(bool uncertain);

/* A geometric mean of estimates with values above 0, which are added one by one. It must start as
 * {0}. */
struct plot_mean {
    struct plot_sample values, lows, highs;
    bool uncertain;
};

void plot_mean_add(struct plot_mean *mean, struct plot_estimate estimate);

/* Returns the mean; no value if nothing was added. */
struct plot_estimate plot_mean_of(const struct plot_mean *mean);
void plot_mean_free(struct plot_mean *mean);

#endif

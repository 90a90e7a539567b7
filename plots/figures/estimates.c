/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/figures/estimates.h"

#include <math.h>

struct plot_estimate plot_no_estimate(void) {
    return (struct plot_estimate){.value = NAN, .low = NAN, .high = NAN};
}

struct plot_estimate plot_time_of(const struct plot_measurement *measurement) {
    return (struct plot_estimate){measurement->median, measurement->low, measurement->high,
                                  measurement->uncertain};
}

struct plot_estimate plot_quotient(struct plot_estimate a, struct plot_estimate b) {
    return (struct plot_estimate){a.value / b.value, a.low / b.high, a.high / b.low,
                                  a.uncertain || b.uncertain};
}

/* Returns a number without an error. */
static struct plot_estimate exactly(double value) {
    return (struct plot_estimate){.value = value, .low = value, .high = value};
}

struct plot_estimate plot_rate_of(const struct plot_measurement *measurement) {
    /* The recorded rate is bytes / median. */
    return plot_quotient(exactly(measurement->gbps * measurement->median),
                         plot_time_of(measurement));
}

static const struct plot_measurement *ceiling_of(const struct plot_view *view,
                                                 struct plot_span problem) {
    const struct plot_measurement *quickest = NULL;
    for (size_t i = 0; i < problem.count; i++) {
        const struct plot_measurement *item = problem.items[i];
        bool ceiling = view->implementations[item->implementation_index].kind == PLOT_KIND_CEILING;
        if (ceiling && item->outcome == PLOT_DONE &&
            (!quickest || item->median < quickest->median)) {
            quickest = item;
        }
    }
    return quickest;
}

struct plot_estimate plot_share_of(const struct plot_view *view, struct plot_span problem,
                                   const struct plot_measurement *measurement) {
    const struct plot_measurement *ceiling = ceiling_of(view, problem);
    /* The ceiling's record may be of another run than the share, so that it gives the width of the
     * interval alone. */
    struct plot_estimate time = ceiling ? plot_time_of(ceiling) : exactly(1);
    const double scale = measurement->share * measurement->median / time.value;
    time.value *= scale;
    time.low *= scale;
    time.high *= scale;
    return plot_quotient(time, plot_time_of(measurement));
}

bool plot_is_above(struct plot_estimate a, struct plot_estimate b) {
    return !a.uncertain && !b.uncertain && a.low > b.high;
}

const char *plot_mark(bool uncertain) {
    return uncertain ? "?" : "";
}

void plot_mean_add(struct plot_mean *mean, struct plot_estimate estimate) {
    plot_sample_add(&mean->values, estimate.value);
    plot_sample_add(&mean->lows, estimate.low);
    plot_sample_add(&mean->highs, estimate.high);
    mean->uncertain = mean->uncertain || estimate.uncertain;
}

struct plot_estimate plot_mean_of(const struct plot_mean *mean) {
    return (struct plot_estimate){plot_geometric_mean(&mean->values),
                                  plot_geometric_mean(&mean->lows),
                                  plot_geometric_mean(&mean->highs), mean->uncertain};
}

void plot_mean_free(struct plot_mean *mean) {
    plot_sample_free(&mean->values);
    plot_sample_free(&mean->lows);
    plot_sample_free(&mean->highs);
}

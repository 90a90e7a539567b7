/* The statistics that a report states.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef PLOTS_FIGURES_SAMPLES_H
#define PLOTS_FIGURES_SAMPLES_H

#include <stddef.h>

/* Numbers that are added one by one. It must start as {0}. */
struct plot_sample {
    double *values;
    size_t count;
};

void plot_sample_add(struct plot_sample *sample, double value);
void plot_sample_free(struct plot_sample *sample);

/* Return NAN for an empty sample. plot_median sorts the values. */
double plot_median(struct plot_sample *sample);
double plot_geometric_mean(const struct plot_sample *sample); /* the values must be above 0 */
double plot_largest(const struct plot_sample *sample);

#endif

/* The few statistics that a report states.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_PLOTS_STATISTICS_H
#define NORMA_PLOTS_STATISTICS_H

#include <stddef.h>

/* Numbers collected one by one; starts as {0}. */
struct norma_sample {
    double *values;
    size_t count;
};

void norma_sample_add(struct norma_sample *sample, double value);
void norma_sample_free(struct norma_sample *sample);

/* All return NAN for an empty sample. norma_median sorts the values. */
double norma_median(struct norma_sample *sample);
double norma_geometric_mean(const struct norma_sample *sample); /* values above 0 */
double norma_largest(const struct norma_sample *sample);

#endif

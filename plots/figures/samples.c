/* SPDX-License-Identifier: Apache-2.0 */
#include "plots/figures/samples.h"

#include "plots/read/read.h"

#include <math.h>
#include <stdlib.h>

void plot_sample_add(struct plot_sample *sample, double value) {
    sample->values = tool_grow(sample->values, sample->count, sizeof(double));
    sample->values[sample->count++] = value;
}

void plot_sample_free(struct plot_sample *sample) {
    free(sample->values);
    *sample = (struct plot_sample){0};
}

static int compare_doubles(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double plot_median(struct plot_sample *sample) {
    size_t count = sample->count;
    if (count == 0) {
        return NAN;
    }
    qsort(sample->values, count, sizeof(double), compare_doubles);
    return (sample->values[(count - 1) / 2] + sample->values[count / 2]) / 2;
}

double plot_geometric_mean(const struct plot_sample *sample) {
    double sum = 0;
    for (size_t i = 0; i < sample->count; i++) {
        sum += log(sample->values[i]);
    }
    return sample->count == 0 ? NAN : exp(sum / (double)sample->count);
}

double plot_largest(const struct plot_sample *sample) {
    double largest = NAN;
    for (size_t i = 0; i < sample->count; i++) {
        largest = fmax(largest, sample->values[i]);
    }
    return largest;
}

/* Checks median and geometric mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/figures/samples.h"

#include <criterion/criterion.h>
#include <math.h>

static struct plot_sample sample_of(const double *values, size_t count) {
    struct plot_sample sample = {0};
    for (size_t i = 0; i < count; i++) {
        plot_sample_add(&sample, values[i]);
    }
    return sample;
}

Test(statistics, nothing_has_no_statistics) {
    struct plot_sample sample = {0};
    cr_expect(isnan(plot_median(&sample)));
    cr_expect(isnan(plot_geometric_mean(&sample)));
    cr_expect(isnan(plot_largest(&sample)));
}

Test(statistics, odd_and_even_medians) {
    struct plot_sample odd = sample_of((double[]){9, 1, 4}, 3);
    struct plot_sample even = sample_of((double[]){9, 1, 4, 6}, 4);
    cr_expect_eq(plot_median(&odd), 4);
    cr_expect_eq(plot_median(&even), 5);
    plot_sample_free(&odd);
    plot_sample_free(&even);
}

Test(statistics, geometric_mean) {
    struct plot_sample sample = sample_of((double[]){0.5, 8, 2}, 3);
    cr_expect_float_eq(plot_geometric_mean(&sample), 2, 1e-12);
    cr_expect_eq(plot_largest(&sample), 8);
    plot_sample_free(&sample);
}

Test(statistics, samples_grow) {
    struct plot_sample sample = {0};
    for (int i = 0; i < 1000; i++) {
        plot_sample_add(&sample, i);
    }
    cr_expect_eq(sample.count, 1000);
    cr_expect_eq(plot_median(&sample), 499.5);
    plot_sample_free(&sample);
}

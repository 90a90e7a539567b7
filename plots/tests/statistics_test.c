/* Checks median, geometric mean, and figures with intervals.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plots/figures/estimates.h"

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

/* ---- intervals ----------------------------------------------------------------------------- */

static struct plot_estimate between(double low, double value, double high) {
    return (struct plot_estimate){.value = value, .low = low, .high = high};
}

Test(estimates, a_quotient_has_the_worst_of_the_ends) {
    const struct plot_estimate ratio = plot_quotient(between(6, 8, 10), between(1, 2, 4));
    cr_expect_eq(ratio.value, 4);
    cr_expect_eq(ratio.low, 1.5);
    cr_expect_eq(ratio.high, 10);
    cr_expect(isnan(plot_quotient(between(1, 1, 1), plot_no_estimate()).value));
}

Test(estimates, a_mean_has_the_means_of_the_ends) {
    struct plot_mean mean = {0};
    cr_expect(isnan(plot_mean_of(&mean).value));
    plot_mean_add(&mean, between(1, 2, 3));
    plot_mean_add(&mean, between(4, 8, 27));
    const struct plot_estimate figure = plot_mean_of(&mean);
    cr_expect_float_eq(figure.value, 4, 1e-12);
    cr_expect_float_eq(figure.low, 2, 1e-12);
    cr_expect_float_eq(figure.high, 9, 1e-12);
    cr_expect(!figure.uncertain);
    plot_mean_free(&mean);
}

Test(estimates, what_overlaps_is_undecided) {
    const struct plot_estimate high = between(5, 6, 7), low = between(3, 4, 4.9);
    const struct plot_estimate wide = between(4.8, 5.5, 6);
    cr_expect(plot_is_above(high, low));
    cr_expect(!plot_is_above(low, high));
    cr_expect(!plot_is_above(high, wide) && !plot_is_above(wide, high));
    cr_expect(!plot_is_above(wide, low) && !plot_is_above(low, wide));
    cr_expect(!plot_is_above(high, high));
    cr_expect(!plot_is_above(high, plot_no_estimate()) && !plot_is_above(plot_no_estimate(), low));
}

Test(estimates, the_uncertain_decides_nothing) {
    struct plot_estimate high = between(5, 6, 7), low = between(3, 4, 4.9);
    low.uncertain = true;
    cr_expect(!plot_is_above(high, low));
    cr_expect(!plot_is_above(low, high));
    cr_expect(plot_quotient(high, low).uncertain && plot_quotient(low, high).uncertain);
    struct plot_mean mean = {0};
    plot_mean_add(&mean, low);
    plot_mean_add(&mean, high);
    cr_expect(plot_mean_of(&mean).uncertain);
    cr_expect_str_eq(plot_mark(true), "?");
    cr_expect_str_eq(plot_mark(false), "");
    plot_mean_free(&mean);
}

/* How far a correct result may be from the truth: the bounds derived in bounds.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_BOUNDS_H
#define VERIFY_TRUTH_BOUNDS_H

#include <math.h>

#include "reference/interface/interface.h"
#include "reference/reference.h"

/* What a set of statistics' own error amounts to. */
struct verify_statistics_error {
    double mean, spread;
};

struct verify_statistics_error verify_statistics_error(enum reference_accumulation accumulation,
                                                       const struct reference_condition *condition);

/* bound(element) = absolute + terms_factor * terms + sums_factor * sums + value_factor * |value| */
struct verify_bound {
    double absolute, terms_factor, sums_factor, value_factor;
};

static inline double verify_bound_at(const struct verify_bound *bound, double terms, double sums,
                                     double value) {
    return bound->absolute + bound->terms_factor * terms + bound->sums_factor * sums +
           bound->value_factor * fabs(value);
}

/* The bound of y, in one plane or region of a plane. */
struct verify_bound verify_bound_of_y(enum reference_accumulation accumulation,
                                      norma_epilogue epilogue,
                                      const struct reference_condition *conditions);

/* A gradient that reductions of `planes` planes of `length` elements are behind. */
struct verify_reductions {
    int64_t planes, length;
};

/* The bound of a parameter's gradient: a sum, rounded. */
struct verify_bound verify_bound_of_sum(enum reference_accumulation accumulation,
                                        struct verify_reductions reductions);

/* The centres that B x + K in a plane of dx = A dy + B x + K is made of, and an upper bound of |B|.
 * Two centres: bin, or else the same twice. */
struct verify_centres {
    double first, second, slope;
};

/* The bound of an image's gradient: an affine of it, from sums. */
struct verify_bound verify_bound_of_affine(enum reference_accumulation accumulation,
                                           struct verify_reductions reductions,
                                           struct verify_centres centres);

/* The bound of a returned statistic that is off by `propagated` before it is rounded. `magnitude`
 * is its own, or that of its terms. */
double verify_bound_of_statistic(enum reference_accumulation accumulation, double magnitude,
                                 double propagated);

#endif

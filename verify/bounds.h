/* How far a correct result may be from the truth: the bounds derived in bounds.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_BOUNDS_H
#define NORMA_VERIFY_BOUNDS_H

#include <math.h>

#include "implementation.h"
#include "reference.h"

/* What a set of statistics' own error amounts to. */
struct norma_statistics_error {
    double mean, spread;
};

struct norma_statistics_error norma_statistics_error(enum norma_accumulation accumulation,
                                                     const struct norma_condition *condition);

/* bound(element) = absolute + terms_factor * terms + sums_factor * sums + value_factor * |value| */
struct norma_bound {
    double absolute, terms_factor, sums_factor, value_factor;
};

static inline double norma_bound_at(const struct norma_bound *bound, double terms, double sums,
                                    double value) {
    return bound->absolute + bound->terms_factor * terms + bound->sums_factor * sums +
           bound->value_factor * fabs(value);
}

/* The bound of y, in one plane or region of a plane. */
struct norma_bound norma_bound_of_y(enum norma_accumulation accumulation, norma_epilogue epilogue,
                                    const struct norma_condition *conditions);

/* A gradient that reductions of `planes` planes of `length` elements are behind. */
struct norma_reductions {
    int64_t planes, length;
};

/* The bound of a parameter's gradient: a sum, rounded. */
struct norma_bound norma_bound_of_sum(enum norma_accumulation accumulation,
                                      struct norma_reductions reductions);

/* The centres that B x + K in a plane of dx = A dy + B x + K is made of, and an upper bound of |B|.
 * Two centres: bin, or else the same twice. */
struct norma_centres {
    double first, second, slope;
};

/* The bound of an image's gradient: an affine of it, from sums. */
struct norma_bound norma_bound_of_affine(enum norma_accumulation accumulation,
                                         struct norma_reductions reductions,
                                         struct norma_centres centres);

/* The bound of a returned statistic that is off by `propagated` before it is rounded. `magnitude`
 * is its own, or that of its terms. */
double norma_bound_of_statistic(enum norma_accumulation accumulation, double magnitude,
                                double propagated);

#endif

/* Error bounds: how far a correct result may be from the truth. bounds.md derives them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef VERIFY_TRUTH_BOUNDS_H
#define VERIFY_TRUTH_BOUNDS_H

#include <math.h>

#include "reference/interface/interface.h"
#include "reference/reference.h"

/* Absolute errors of the statistics of a set. */
struct verify_statistics_error {
    double mean, spread;
};

/* Returns the largest errors that correctly accumulated statistics may have. */
struct verify_statistics_error
verify_error_of_statistics(enum reference_accumulation accumulation,
                           const struct reference_condition *condition);

/* The coefficients of bound(element), which is absolute + value_factor * |value|, and for each part
 * of the element (reference/interface/result.h) its factor times that part. The summands' own
 * errors are groups_factor * sums, or shared_factor * shared + scatter_factor * scatter, whichever
 * is less. */
struct verify_bound {
    double absolute, value_factor, terms_factor, sums_factor, groups_factor, shared_factor,
        scatter_factor, rounded_factor, lost_factor;
};

/* Returns the bound of an element with that value; a part that it has not is 0. */
double verify_bound_at(const struct verify_bound *bound, const double parts[REFERENCE_PARTS],
                       double value);

/* Returns the bound of y in one plane or region of a plane. */
struct verify_bound verify_bound_of_y(enum reference_accumulation accumulation,
                                      const struct norma_problem *problem,
                                      const struct reference_condition *conditions);

/* Checks whether the problem's samples are rows: of one position, with statistics of their own, and
 * parameters of their columns. */
bool verify_has_rows(const struct norma_problem *problem);

/* The sums behind a gradient, which go over `planes` planes of `length` elements. */
struct verify_reductions {
    int64_t planes, length;
    bool random; /* the summands are random, so that their errors are independent */
    bool rows;   /* see verify_has_rows */
};

/* Returns the bound of a parameter's gradient, which is a rounded sum. */
struct verify_bound verify_bound_of_sum(enum reference_accumulation accumulation,
                                        struct verify_reductions reductions);

/* The centres that B x + K in a plane of dx = A dy + B x + K consists of, and an upper bound of
 * |B|. Only bin has two different centres; for other operators both are the same. */
struct verify_centres {
    double first, second, slope;
};

/* Returns the bound of an image's gradient, an affine of the image with coefficients from sums. */
struct verify_bound verify_bound_of_affine(enum reference_accumulation accumulation,
                                           struct verify_reductions reductions,
                                           struct verify_centres centres);

/* Returns the bound of a returned statistic that is off by `propagated` before it is rounded.
 * `magnitude` is its absolute value, or that of its terms. */
double verify_bound_of_statistic(enum reference_accumulation accumulation, double magnitude,
                                 double propagated);

#endif

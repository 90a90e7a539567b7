/* How far a correct result may be from the truth: the bounds derived in README.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef NORMA_VERIFY_BOUNDS_H
#define NORMA_VERIFY_BOUNDS_H

#include "implementation.h"
#include "reference.h"

/* What a set of statistics' own error amounts to. */
struct norma_statistics_error {
    double mean;     /* absolute */
    double relative; /* of the spread */
};

struct norma_statistics_error norma_statistics_error(enum norma_accumulation accumulation,
                                                     const struct norma_condition *condition);

/* bound(element) = absolute + terms_factor * terms + y_factor * |y| */
struct norma_bound {
    double absolute, terms_factor, y_factor;
};

/* The bound of the elements of one plane. */
struct norma_bound norma_bound_of_plane(enum norma_accumulation accumulation,
                                        const struct norma_condition *conditions);

static inline double norma_bound_at(const struct norma_bound *bound, double terms, double y) {
    return bound->absolute + bound->terms_factor * terms + bound->y_factor * (y < 0 ? -y : y);
}

#endif

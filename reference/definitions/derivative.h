/* Derivatives, put together term by term together with the numbers that error bounds are made of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef REFERENCE_DEFINITIONS_DERIVATIVE_H
#define REFERENCE_DEFINITIONS_DERIVATIVE_H

#include <math.h>

#include "reference/interface/interface.h"

/* A sum over elements, or a function of such sums. */
struct reference_sum {
    double value;
    /* If every sum that the value depends on is off by e times the sum of the absolute values of
     * its summands, the value is off by e times this, to first order. */
    double absolute;
    double squares;               /* the sum of the squares of the summands */
    double shared, rounded, lost; /* as in struct reference_gradient */
};

/* A derivative: the members of struct reference_gradient, for one element. */
struct reference_derivative {
    double value, terms, sums, scatter, shared, rounded, lost;
};

/* Adds a term to a sum. */
static inline void reference_accumulate(struct reference_sum *sum, double term) {
    sum->value += term;
    sum->absolute += fabs(term);
    sum->squares += term * term;
}

/* Adds factor * part to a sum, where the two have no summand in common. */
static inline void reference_merge(struct reference_sum *sum, double factor,
                                   struct reference_sum part) {
    sum->value += factor * part.value;
    sum->absolute += fabs(factor) * part.absolute;
    sum->squares += factor * factor * part.squares;
    sum->shared += fabs(factor) * part.shared;
    sum->rounded += fabs(factor) * part.rounded;
    sum->lost += fabs(factor) * part.lost;
}

/* Adds a term to a derivative. */
static inline void reference_add_term(struct reference_derivative *derivative, double term) {
    derivative->value += term;
    derivative->terms += fabs(term);
}

/* Adds factor * sum to a derivative. */
static inline void reference_add_sum(struct reference_derivative *derivative, double factor,
                                     struct reference_sum sum) {
    reference_add_term(derivative, factor * sum.value);
    derivative->sums += fabs(factor) * sum.absolute;
    derivative->scatter += fabs(factor) * sqrt(sum.squares);
    derivative->shared += fabs(factor) * sum.shared;
    derivative->rounded += fabs(factor) * sum.rounded;
    derivative->lost += fabs(factor) * sum.lost;
}

/* Adds factor * part to a derivative. */
static inline void reference_add_derivative(struct reference_derivative *derivative, double factor,
                                            struct reference_derivative part) {
    derivative->value += factor * part.value;
    derivative->terms += fabs(factor) * part.terms;
    derivative->sums += fabs(factor) * part.sums;
    derivative->scatter += fabs(factor) * part.scatter;
    derivative->shared += fabs(factor) * part.shared;
    derivative->rounded += fabs(factor) * part.rounded;
    derivative->lost += fabs(factor) * part.lost;
}

/* Stores entry `index` of a gradient, in those of its arrays that are requested. */
void reference_put_gradient(const struct reference_gradient *gradient, int64_t index,
                            struct reference_derivative derivative);

/* Stores factor * sum as entry `index` of a gradient. */
void reference_put_sum(const struct reference_gradient *gradient, int64_t index, double factor,
                       struct reference_sum sum);

#endif
